"""Faults found when composing: all of them in one error, each with its file and line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from typing_extensions import override

from ._errors import AuthweaveError

if TYPE_CHECKING:
    from types import CodeType


class Fault(NamedTuple):
    """One thing that is wrong with an override, and where it was written."""

    message: str
    file: str
    line: int

    @override
    def __str__(self) -> str:
        """Give the message behind its place."""
        return f"{self.file}:{self.line}: {self.message}"


class CompositionError(AuthweaveError):
    """
    Overrides do not fit what they override. Nothing was composed.

    Attributes:
        faults: all that was found, in the order of the overrides.
    """

    code = "composition"

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        count = "1 fault" if len(self.faults) == 1 else f"{len(self.faults)} faults"
        lines = "\n".join(f"  {fault}" for fault in self.faults)
        super().__init__(f"{count} in overrides:\n{lines}")


class FaultReport:
    """Collects the faults of several compositions, so that one error can report them all."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def add(self, message: str, place: object) -> None:
        """Note a fault of the function at ``place``."""
        file, line = place_of(place)
        fault = Fault(message, file, line)
        if fault not in self.faults:
            self.faults.append(fault)

    def raise_if_any(self) -> None:
        """
        End the collection.

        Raises:
            CompositionError: faults were noted.
        """
        if self.faults:
            raise CompositionError(self.faults)


def code_of(function: object) -> CodeType | None:
    """Return the code that a callable runs in the end, through bound methods, partials and callable objects."""
    while inner := getattr(function, "__func__", None) or getattr(function, "func", None):
        function = inner
    code: CodeType | None = getattr(function, "__code__", None)
    if code is None:
        method = vars(type(function)).get("__call__")
        code = getattr(method, "__code__", None)
    return code


def place_of(function: object) -> tuple[str, int]:
    """Return the file and line where a callable was written."""
    code = code_of(function)
    return ("<built in>", 0) if code is None else (code.co_filename, code.co_firstlineno)


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a hint at the known name that is nearest to an unknown one, or at all of them."""
    import difflib  # noqa: PLC0415  needed for faults alone; loading it costs every import of the kernel

    names = list(known)
    matches = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    return f"did you mean {matches[0]!r}?" if matches else f"it has: {', '.join(names) or 'nothing'}."

"""Faults found when composing: all of them in one error, each with its file and line."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from functools import partial
from inspect import getattr_static
from types import CodeType, MethodType
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias, cast

from typing_extensions import override

from ._declaration import GENERATED
from ._errors import AuthweaveError

if TYPE_CHECKING:
    from types import FrameType

Place: TypeAlias = tuple[str, int]

KERNEL: Final = os.path.dirname(__file__)
STANDARD_LIBRARY: Final = os.path.dirname(os.__file__)


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

    def __init__(self, faults: Sequence[Fault], subject: str = "overrides") -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        count = "1 fault" if len(self.faults) == 1 else f"{len(self.faults)} faults"
        lines = "\n".join(f"  {fault}" for fault in self.faults)
        super().__init__(f"{count} in {subject}:\n{lines}")


class FaultReport:
    """
    Collects the faults of several compositions, so that one error can report them all.

    Attributes:
        subject: what they are faults of.
    """

    def __init__(self) -> None:
        self.subject = "overrides"
        self.faults: list[Fault] = []

    def add(self, message: str, place: object, called: Place | None = None) -> None:
        """Note a fault of the function at ``place``, or where an override was made of a library's."""
        file, line = place_of(place, called)
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
            raise CompositionError(self.faults, self.subject)


def code_of(function: object) -> CodeType | None:
    """
    Return the code that a callable runs in the end, as its author wrote it.

    Bound methods and partials are looked through. What else has an attribute of their names may be anything: a mock
    has every attribute, without end.
    """
    while isinstance(function, (MethodType, partial)):
        function = (
            function.__func__ if isinstance(function, MethodType) else cast("partial[object]", function).func
        )  # of anything
    return own_code(function) or own_code(getattr_static(type(function), "__call__", None))


def own_code(function: object) -> CodeType | None:
    """Return the code that something shows as its own, unless that is a link's: a proxy shows its original's."""
    try:
        code: object = getattr(function, "__code__", None)
        if type(code) is not CodeType and isinstance(code, CodeType):  # a proxy of wrapt's, or a mock's, which has none
            code = getattr(code, "__wrapped__", None)
    except Exception:  # noqa: BLE001  an object whose attributes are code of its own
        return None
    return code if type(code) is CodeType and not code.co_filename.startswith(GENERATED) else None


def place_of(function: object, called: Place | None = None) -> Place:
    """
    Return the file and line where a callable was written.

    Args:
        function: the callable.
        called: where an override was made of it, which is told where a library wrote it.
    """
    code = code_of(function)
    if code is None:
        return called or ("<built in>", 0)
    if called is not None and is_installed(code.co_filename) and not is_installed(called[0]):
        return called
    return code.co_filename, code.co_firstlineno


def is_installed(file: str) -> bool:
    """Return whether a file is the standard library's or an installed package's."""
    return file.startswith(STANDARD_LIBRARY) or "site-packages" in file or "dist-packages" in file


def called_from() -> Place:
    """Return the file and line of the call that led into the kernel."""
    frame = sys._getframe(1)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  as `logging` and `warnings` do
    while frame.f_back is not None and is_kernel(frame):
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_lineno


def is_kernel(frame: FrameType) -> bool:
    """Return whether a frame runs code of the kernel, or what attrs generated for it."""
    return frame.f_code.co_filename.startswith((KERNEL, "<attrs "))


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a hint at the known name that is nearest to an unknown one, or at all of them."""
    import difflib

    names = list(known)
    matches = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    return f"did you mean {matches[0]!r}?" if matches else f"it has: {', '.join(names) or 'nothing'}."

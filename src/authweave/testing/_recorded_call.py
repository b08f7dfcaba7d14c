"""What a recording keeps of one call."""

from __future__ import annotations

from collections.abc import Coroutine, Iterator, Mapping
from typing import Any, Generic, overload

import attrs
from typing_extensions import TypeVar, override

GivenT = TypeVar("GivenT", default=object)
ResultT = TypeVar("ResultT")


class Arguments(Mapping[str, object]):
    """
    The arguments of a call, by name, ``user_context`` among them: the objects themselves, not copies.

    They may hold secrets, so its repr has the names only. Equal to any mapping with the same content.
    """

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = values

    @override
    def __getitem__(self, name: str) -> object:
        return self._values[name]

    @override
    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    @override
    def __len__(self) -> int:
        return len(self._values)

    @override
    def __repr__(self) -> str:
        return f"<Arguments {', '.join(self._values)}>"


@attrs.define(eq=False, repr=False)
class RecordedCall(Generic[GivenT]):
    """
    One call, from its beginning on.

    Its type parameter is what calling the function gives: for an async one a coroutine, as the interface has it.

    Attributes:
        function: the name of the function.
        arguments: what the override was handed, under the names of its own parameters.
        called_original: whether it has called ``original``, once or more. For a wrapper (`authweave.kernel.wrap`) it
            takes ``contextvars`` to tell: what one does in a thread that it starts by hand is not noted.
        exception: what it raised, cancellation included; None if it did not.
    """

    function: str
    arguments: Arguments
    called_original: bool = False
    exception: BaseException | None = None
    _returned: tuple[object] | None = attrs.field(default=None, alias="returned")

    @property
    def ended(self) -> bool:
        """Whether it has returned or raised."""
        return self._returned is not None or self.exception is not None

    @overload
    def result(self: RecordedCall[Coroutine[Any, Any, ResultT]]) -> ResultT: ...  # Any: the loop's own affair
    @overload
    def result(self: RecordedCall[ResultT]) -> ResultT: ...
    def result(self) -> object:
        """
        Return what it returned; for an async function, what awaiting it gave.

        Raises:
            LookupError: it raised an exception, or has not ended.
        """
        if self._returned is None:
            message = f"this call of {self.function} has no result, it {self._outcome()}: look at its exception."
            raise LookupError(message)
        return self._returned[0]

    def end_with(self, result: object) -> None:
        """Note what it returned."""
        self._returned = (result,)

    def _outcome(self) -> str:
        if self.exception is not None:
            return f"raised {type(self.exception).__name__}"
        return "has not ended" if self._returned is None else f"returned {type(self._returned[0]).__name__}"

    @override
    def __repr__(self) -> str:
        """Tell what happened by names and types; values may be secret."""
        original = "original called" if self.called_original else "original not called"
        return f"<RecordedCall {self.function}({', '.join(self.arguments)}), {original}, {self._outcome()}>"

"""Results that may be awaited or not: what seed-style overrides get of a function that allows a plain ``def``."""

from __future__ import annotations

import functools
from collections.abc import Coroutine, Generator, Iterator
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from ._declaration import AnyCall


class Pending:
    """
    The result of a call, for those who await it and for those who use it at once, as a list.

    Without ``await`` everything further in runs where the result is first used. That has to come to its end without
    waiting for anything.
    """

    def __init__(self, coroutine: Coroutine[object, None, object], title: str) -> None:
        self._coroutine = coroutine
        self._title = title
        self._done = False
        self._result: object = None

    def __await__(self) -> Generator[object, None, object]:
        """Wait for the result; it is the result itself that one gets."""
        if not self._done:
            self._result = yield from self._coroutine.__await__()
            self._done = True
        return self._result

    def _now(self) -> object:
        """
        Return the result without waiting.

        Raises:
            TypeError: who gives it has to wait.
        """
        if not self._done:
            try:
                self._coroutine.send(None)
            except StopIteration as end:
                self._result, self._done = end.value, True
            else:
                self._coroutine.close()
                message = (
                    f"what the original of {self._title} gives was used without 'await', and an override further in "
                    "has to wait for something: write 'async def' and await it."
                )
                raise TypeError(message)
        return self._result

    def _listed(self) -> list[object]:
        return cast("list[object]", self._now())  # functions that allow a plain `def` return lists; else it is told

    def __iter__(self) -> Iterator[object]:
        """Iterate over the result."""
        return iter(self._listed())

    def __len__(self) -> int:
        """Count what is in the result."""
        return len(self._listed())

    def __getitem__(self, key: int) -> object:
        """Take something out of the result."""
        return self._listed()[key]

    def __add__(self, other: list[object]) -> list[object]:
        """Add to the result; it is not changed."""
        return self._listed() + other

    def __radd__(self, other: list[object]) -> list[object]:
        """Add the result to something."""
        return other + self._listed()

    def __getattr__(self, name: str) -> object:
        """Take an attribute of the result: ``append``, for one."""
        return getattr(self._now(), name)


def answer_at_once(call: AnyCall, title: str) -> AnyCall:
    """Have an async function give what may be awaited or not."""

    @functools.wraps(call)
    def original(*args: object, **kwargs: object) -> Pending:
        return Pending(cast("Coroutine[object, None, object]", call(*args, **kwargs)), title)  # a link's, of no type

    return original

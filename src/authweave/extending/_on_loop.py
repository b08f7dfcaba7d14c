"""Coroutines that begin where no loop runs, and go on upon one from where they first need it."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable, Coroutine, Generator
from contextvars import Context, ContextVar, copy_context
from types import ModuleType
from typing import Any, Final, Protocol, TypeVar, cast

import attrs

R = TypeVar("R")

NEEDS_LOOP: Final = object()


class LoopRunner(Protocol):
    """Runs a coroutine to its end upon a loop, within a context."""

    def __call__(self, coroutine: Coroutine[Any, Any, R], context: Context, /) -> R:  # Any: the loop's own affair
        """Run it, and return what it returns."""
        ...


class on_loop:  # noqa: N801  read as a function: ``await on_loop()``
    """
    Go on upon a loop: before an application's own code is awaited, which may need one.

    A coroutine that `begin_here` runs is handed to the loop; any other is upon one already.
    """

    __slots__ = ()

    def __await__(self) -> Generator[object, None, None]:
        """Yield to who runs the coroutine, where that is no loop."""
        if not runs_on_loop():
            yield NEEDS_LOOP


@attrs.frozen
class Rest:
    """What is left of a coroutine that has begun: it can be awaited as a whole only."""

    coroutine: Coroutine[Any, Any, object]  # Any: as above

    def __await__(self) -> Generator[Any, Any, Any]:  # Any: as above
        """Go on where it stopped."""
        return self.coroutine.__await__()


def runs_on_loop() -> bool:
    """Return whether a loop runs in this thread: under gevent, in this greenlet, which asyncio does not tell."""
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return False
    here = threading.get_ident()
    return getattr(loop, "_thread_id", here) == here  # asyncio's own loops note it; gevent patches `get_ident`


def threads_are_greenlets() -> bool:
    """Return whether ``gevent.monkey`` has put greenlets in the place of threads."""
    monkey: ModuleType | None = sys.modules.get("gevent.monkey")
    if monkey is None:
        return False
    is_patched = cast("Callable[[str], bool]", monkey.is_module_patched)  # gevent's; it need not be installed
    return is_patched("threading")


def begin_here(coroutine: Coroutine[Any, Any, R], run: LoopRunner) -> R:  # Any: as above
    """
    Run a coroutine on the caller's thread as far as it needs no loop (`on_loop`), and the rest upon one.

    Args:
        coroutine: it. No part of it runs twice.
        run: runs the rest.

    Returns:
        What it returns. The caller's context variables are then as it left them, as after an ``await``.
    """
    with own_context() as context:
        try:
            context.run(coroutine.send, None)
        except StopIteration as end:
            returned: R = end.value
            return returned
        return run(finish(coroutine), context)


async def finish(coroutine: Coroutine[Any, Any, R]) -> R:  # Any: as above
    """Run what is left of a coroutine."""
    returned: R = await Rest(coroutine)
    return returned


class own_context:  # noqa: N801  read as a function
    """
    Make a copy of the caller's context variables for a block, and set what changed in it when the block ends.

    So what runs on another thread reaches the caller: asyncio itself hands values in, and none out.
    """

    __slots__ = ("_before", "_context")

    def __enter__(self) -> Context:
        """Return the copy, for one run at a time."""
        self._before = copy_context()
        self._context = self._before.copy()
        return self._context

    def __exit__(self, *_: object) -> None:
        """Set what changed."""
        if self._context != self._before:  # where nothing was set they share one tree: it takes no time
            for variable, value in self._context.items():
                take_back(variable, value, self._before)


def take_back(variable: ContextVar[Any], value: object, before: Context) -> None:  # Any: of whatever type
    """Set a variable to its value in a context that has ended, if it is another than before."""
    if variable not in before or before[variable] is not value:
        variable.set(value)

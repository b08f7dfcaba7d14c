"""One fetch for all who wait for the same."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from contextvars import Context
from typing import Generic

import attrs
from typing_extensions import TypeVar

KeyT = TypeVar("KeyT", bound=Hashable)
ValueT = TypeVar("ValueT")


@attrs.frozen(eq=False)
class SingleFlight(Generic[KeyT, ValueT]):
    """
    Runs a function once for all who ask for the same while it runs.

    It runs in a task of its own, so that it goes on where the first who asked is cancelled, and in a context of its
    own, so that it keeps nobody's request alive. Loops do not wait for each other: each has its own flight.
    """

    _flights: dict[KeyT, asyncio.Task[ValueT]] = attrs.field(init=False, factory=dict[KeyT, asyncio.Task[ValueT]])

    async def run(self, key: KeyT, function: Callable[[], Awaitable[ValueT]]) -> ValueT:
        """Return what ``function`` returns, or what an earlier one does that runs under the same key."""
        loop = asyncio.get_running_loop()
        task = self._flights.get(key)
        if task is None or task.done() or task.get_loop() is not loop:
            task = loop.create_task(as_coroutine(function), context=Context())
            self._flights[key] = task
            task.add_done_callback(lambda done: self._land(key, done))
        return await asyncio.shield(task)

    def _land(self, key: KeyT, done: asyncio.Task[ValueT]) -> None:
        if self._flights.get(key) is done:
            del self._flights[key]
        if not done.cancelled():
            done.exception()  # seen, also where nobody waits any more


async def as_coroutine(function: Callable[[], Awaitable[ValueT]]) -> ValueT:
    """Make a coroutine of any awaitable, as tasks want one."""
    return await function()

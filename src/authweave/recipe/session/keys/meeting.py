"""Keys that another process has made a moment ago: they are read before a token that one of them signed is answered."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Final

import attrs

from authweave._per_process import PerProcess
from authweave.extending import OffLoop, on_loop
from authweave.storage import StorageError

EVERY_MS: Final = 500
"""How often a token with an unknown key may have the keys read, over time (docs/reference/http.md, Access tokens)."""

AT_ONCE: Final = 10
"""How often without a pause. Processes that start together meet a few; who forges tokens meets the limit."""


@attrs.define(eq=False)
class Reading:
    """
    A reading of the keys that may be under way, in one process.

    Attributes:
        is_under_way: whether there is one: then no other begins.
        answer: ends with it, or when it has taken too long; None where nobody is to wait.
        due_ms: when the next would be due, were they evenly spread.
    """

    is_under_way: bool = False
    answer: Future[None] | None = None
    due_ms: int = 0
    lock: threading.Lock = attrs.field(factory=threading.Lock)

    def begin(self, now_ms: int) -> tuple[Future[None] | None, bool]:
        """Return what to wait for, and whether the reading is the caller's to start; None where it is not awaited."""
        with self.lock:
            if self.is_under_way:
                return self.answer, False
            earliest_ms = now_ms - (AT_ONCE - 1) * EVERY_MS
            due_ms = max(self.due_ms, earliest_ms) if self.due_ms <= now_ms + EVERY_MS else now_ms  # turned back
            if due_ms > now_ms:
                return None, False
            self.due_ms = due_ms + EVERY_MS
            self.is_under_way = True
            self.answer = Future()
            self.answer.set_running_or_notify_cancel()  # who waits cannot cancel it for the others
            return self.answer, True

    def leave(self, *, is_over: bool) -> None:
        """Let those go on who wait; where it is not over, nobody waits for it any more."""
        with self.lock:
            answer, self.answer = self.answer, None
            self.is_under_way = self.is_under_way and not is_over
        if answer is not None:
            answer.set_result(None)


@attrs.frozen(eq=False)
class Meeting:
    """
    Has the keys read where a token comes with an unknown one: once for all who wait, and not too often.

    A store that hangs takes one worker, not all, and nobody waits for it longer than for any other use of the store.

    Args:
        read: reads them, in a worker thread. It does not raise.
        off_loop: runs it there.
    """

    read: Callable[[], None]
    off_loop: OffLoop
    _reading: PerProcess[Reading] = attrs.field(init=False, factory=lambda: PerProcess(Reading))

    async def read_once(self, now_ms: int) -> bool:
        """
        Wait for a reading of the keys, unless it is too soon for one, or the store is away.

        Returns:
            Whether it was under way already.
        """
        reading = self._reading.get()
        answer, is_ours = reading.begin(now_ms)
        if answer is None:
            return False
        has_started = not is_ours
        try:
            await on_loop()
            if is_ours:
                self.start(reading)
                has_started = True
        finally:
            if not has_started:
                reading.leave(is_over=True)
        await asyncio.shield(asyncio.wrap_future(answer))
        return not is_ours

    def start(self, reading: Reading) -> None:
        """Start a reading, on a loop. It goes on where the request that asked for it is cancelled: others wait too."""
        has_begun = False

        def read() -> None:
            nonlocal has_begun
            has_begun = True
            try:
                self.read()
            finally:
                reading.leave(is_over=True)

        def leave(operation: asyncio.Future[None]) -> None:
            if not operation.cancelled():
                operation.exception()  # the store is overrun, or hangs: the token is refused
            reading.leave(is_over=not has_begun)  # then it will not begin any more

        try:
            asyncio.ensure_future(self.off_loop(read)).add_done_callback(leave)
        except StorageError:  # there is no room for it
            reading.leave(is_over=True)

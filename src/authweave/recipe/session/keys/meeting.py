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
        ended: ends with it; None where there is none.
        due_ms: when the next would be due, were they evenly spread.
    """

    ended: Future[None] | None = None
    due_ms: int = 0
    lock: threading.Lock = attrs.field(factory=threading.Lock)

    def begin(self, now_ms: int) -> tuple[Future[None] | None, bool]:
        """Return the reading to wait for, and whether it is the caller's to do; None where it is too soon for one."""
        with self.lock:
            if self.ended is not None:
                return self.ended, False
            earliest_ms = now_ms - (AT_ONCE - 1) * EVERY_MS
            due_ms = max(self.due_ms, earliest_ms) if self.due_ms <= now_ms + EVERY_MS else now_ms  # turned back
            if due_ms > now_ms:
                return None, False
            self.due_ms = due_ms + EVERY_MS
            self.ended = Future()
            self.ended.set_running_or_notify_cancel()  # who waits cannot cancel it for the others
            return self.ended, True

    def end(self) -> None:
        """Let those go on who wait."""
        with self.lock:
            ended, self.ended = self.ended, None
        if ended is not None:
            ended.set_result(None)


@attrs.frozen(eq=False)
class Meeting:
    """
    Has the keys read where a token comes with an unknown one: once for all who wait, and not too often.

    A store that hangs takes one worker, not all.

    Args:
        read: reads them, in a worker thread. It does not raise.
        off_loop: runs it there.
    """

    read: Callable[[], None]
    off_loop: OffLoop
    _reading: PerProcess[Reading] = attrs.field(init=False, factory=lambda: PerProcess(Reading))

    async def read_once(self, now_ms: int) -> None:
        """Wait for a reading of the keys, unless it is too soon for one, or the store is away."""
        reading = self._reading.get()
        ended, is_ours = reading.begin(now_ms)
        if ended is None:
            return
        if not is_ours:
            await on_loop()
            await asyncio.shield(asyncio.wrap_future(ended))
            return
        has_begun = False

        def read() -> None:
            nonlocal has_begun
            has_begun = True
            try:
                self.read()
            finally:
                reading.end()

        try:
            await self.off_loop(read)
        except StorageError:  # it is overrun, or hangs: the token is refused
            pass
        finally:
            if not has_begun:  # nor will it any more
                reading.end()

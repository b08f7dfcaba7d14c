"""Lines in which attempts of one address wait for each other."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from concurrent.futures import Future
from typing import Final

import attrs

WAIT_S: Final = 10
"""As long as one may wait for a password to be hashed."""
HELD_BYTES: Final = 32 * 1024 * 1024
"""Of what requests hold that wait, in a process."""


class LineFullError(Exception):
    """There is no room for another one to wait, or it has waited for too long."""


@attrs.define(eq=False)
class Lines:
    """
    Let so many through at once of each address, and the others wait in turn: an office behind one address is let in.

    Who waits for longer than `WAIT_S`, or finds no room, is refused. Loops of several threads share it.
    """

    taken: dict[str, int] = attrs.field(factory=dict[str, int])
    waiting: dict[str, deque[Future[None]]] = attrs.field(factory=dict[str, deque[Future[None]]])
    held_bytes: int = 0
    lock: threading.Lock = attrs.field(factory=threading.Lock)

    async def enter(self, name: str, at_most: int, held_bytes: int) -> None:
        """
        Wait for one's turn, which lasts until `leave`.

        Args:
            name: of the line.
            at_most: how many may have a turn at a time.
            held_bytes: what is held while it waits.

        Raises:
            LineFullError: there is no turn for it.
        """
        with self.lock:
            if self.taken.get(name, 0) < at_most:
                self.taken[name] = self.taken.get(name, 0) + 1
                return
            if self.held_bytes + held_bytes > HELD_BYTES:
                raise LineFullError
            turn: Future[None] = Future()
            self.waiting.setdefault(name, deque()).append(turn)
            self.held_bytes += held_bytes
        try:
            async with asyncio.timeout(WAIT_S):
                await asyncio.wrap_future(turn)
        except TimeoutError:
            self.give_up(name, turn)
            raise LineFullError from None
        except BaseException:
            self.give_up(name, turn)
            raise
        finally:
            with self.lock:
                self.held_bytes -= held_bytes

    def give_up(self, name: str, turn: Future[None]) -> None:
        """Wait no more; where it is one's turn just now, it is the next one's."""
        if turn.cancel():
            with self.lock:
                line = self.waiting.get(name)
                if line is not None and turn in line:
                    line.remove(turn)
                    if not line:
                        del self.waiting[name]
        else:
            self.leave(name)

    def leave(self, name: str) -> None:
        """End a turn: it is the next one's."""
        with self.lock:
            line = self.waiting.get(name)
            while line:
                turn = line.popleft()
                if not line:
                    del self.waiting[name]
                if turn.set_running_or_notify_cancel():
                    turn.set_result(None)
                    return
            left = self.taken.pop(name, 0) - 1  # not there where a fork came between
            if left > 0:
                self.taken[name] = left

"""Lines in which attempts of one address wait for each other."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future
from typing import Final

import attrs

from authweave.security import FairQueue

WAIT_S: Final = 10
"""As long as one may wait for a password to be hashed."""
HELD_BYTES: Final = 32 * 1024 * 1024
"""Of what requests hold that wait, in a process."""


class LineFullError(Exception):
    """There is no room for another one to wait, or it has waited for too long."""


@attrs.frozen(eq=False)
class Waiting:
    """
    One that waits.

    Attributes:
        turn: is done when it has its turn.
        held_bytes: what is held while it waits.
    """

    held_bytes: int
    turn: Future[None] = attrs.field(factory=Future[None])


@attrs.define(eq=False)
class Lines:
    """
    Let so many through at once of each address, and the others wait in turn: an office behind one address is let in.

    Who waits for longer than `WAIT_S` is refused. Where there is no room for all, the last one of the longest line
    goes: nobody is refused for what another address sends. Loops of several threads share it.
    """

    taken: dict[str, int] = attrs.field(factory=dict[str, int])
    waiting: FairQueue[Waiting] = attrs.field(factory=lambda: FairQueue[Waiting](lambda each: each.held_bytes))
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
        dropped: list[Waiting] = []
        with self.lock:
            if self.taken.get(name, 0) < at_most:
                self.taken[name] = self.taken.get(name, 0) + 1
                return
            mine = Waiting(held_bytes)
            self.waiting.add(mine, name, None)
            while self.waiting.weight > HELD_BYTES:
                dropped.append(self.waiting.drop(name, None, heaviest=True))
        for each in dropped:
            if each.turn.set_running_or_notify_cancel():
                each.turn.set_exception(LineFullError())
        try:
            async with asyncio.timeout(WAIT_S):
                await asyncio.wrap_future(mine.turn)
        except LineFullError:
            raise
        except TimeoutError:
            self.give_up(name, mine)
            raise LineFullError from None
        except BaseException:
            self.give_up(name, mine)
            raise

    def give_up(self, name: str, mine: Waiting) -> None:
        """Wait no more; where it is one's turn just now, it is the next one's."""
        if mine.turn.cancel():
            with self.lock:
                self.waiting.discard(mine, name, None)
        elif mine.turn.exception() is None:
            self.leave(name)

    def leave(self, name: str) -> None:
        """End a turn: it is the next one's."""
        with self.lock:
            while (following := self.waiting.next(name.__eq__)) is not None:
                if following.turn.set_running_or_notify_cancel():
                    following.turn.set_result(None)
                    return
            left = self.taken.pop(name, 0) - 1  # not there where a fork came between
            if left > 0:
                self.taken[name] = left

"""What blocks on the store and may wait, within a block, for the next visit to a worker thread."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar
from typing import Final, TypeVar

import attrs

from authweave.outbox import OffLoop
from authweave.storage import Storage, StorageError

R = TypeVar("R")


@attrs.define(eq=False)
class PutOff:
    """
    What was put off in a block. A hop to a thread costs more than most of what is done there.

    Attributes:
        off_loop: where it is done that nobody takes along.
        checks: raise where what was read earlier in the block does not hold any more.
        writes: change what is stored. Each may be called again, where a transaction is.
        has_ended: whether the block has: what is to be put off then, by a task that it started, is done at once.
    """

    off_loop: OffLoop | None = None
    checks: list[Callable[[], None]] = attrs.field(factory=list[Callable[[], None]])
    writes: list[Callable[[], None]] = attrs.field(factory=list[Callable[[], None]])
    has_ended: bool = False

    def check(self) -> None:
        """
        Check what is to be checked, and leave it to be checked again. Blocks.

        Raises:
            Exception: what a check raises.
        """
        for each in tuple(self.checks):
            each()

    def do_before(self, storage: Storage, work: Callable[[], R]) -> R:
        """
        Do it, and then some work: what is written is so together. Blocks.

        What failed is done again with what comes next: who tries again is checked again.

        Raises:
            Exception: what a check or the work raises. Nothing is written then.
        """
        checks, writes = tuple(self.checks), tuple(self.writes)
        for check in checks:
            check()

        def write() -> R:
            for each in writes:
                each()
            return work()

        result = storage.transact(write) if writes else work()
        for kept, done in ((self.checks, checks), (self.writes, writes)):
            for each in done:
                with suppress(ValueError):  # others in the block did it too, at the same time
                    kept.remove(each)
        return result

    async def do_what_is_left(self) -> None:
        """Do by itself what nobody took along. Raises as a check does."""
        for kept in (self.checks, self.writes):
            while kept and self.off_loop is not None:
                await self.off_loop(kept.pop(0))


PUT_OFF: Final[ContextVar[PutOff | None]] = ContextVar("authweave_put_off", default=None)


class putting_off:  # noqa: N801  read as a function: ``async with putting_off()``
    """
    Have what can wait done with what comes next, for the block of a request; at its end, what is left.

    Where the block raises, what was to be written is written all the same, and checks have nothing left to stop.
    """

    __slots__ = ("_before", "_mine")

    async def __aenter__(self) -> None:
        """Begin the block."""
        self._before = PUT_OFF.get()
        self._mine = PutOff()
        PUT_OFF.set(self._mine)

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: object) -> None:
        """
        End the block.

        Raises:
            Exception: what a check raises.
        """
        mine = self._mine
        try:
            if error is None:
                await mine.do_what_is_left()
            elif isinstance(error, Exception):
                mine.checks.clear()
                with suppress(StorageError):  # what the block raised is told
                    await mine.do_what_is_left()
        finally:
            mine.has_ended = True
            PUT_OFF.set(self._before)


def put_off(
    off_loop: OffLoop, *, check: Callable[[], None] | None = None, write: Callable[[], None] | None = None
) -> bool:
    """
    Put blocking work off, where that can be.

    Returns:
        Whether it will be done; if not, the caller has to.
    """
    waiting = PUT_OFF.get()
    if waiting is None or waiting.has_ended:
        return False
    waiting.off_loop = off_loop
    if check is not None:
        waiting.checks.append(check)
    if write is not None:
        waiting.writes.append(write)
    return True


def current_put_off() -> PutOff:
    """Return what was put off, for who visits the store now and does it too."""
    return PUT_OFF.get() or PutOff()

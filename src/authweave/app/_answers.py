"""What callers on a loop wait for, while threads see to it: for so long and no longer."""

from __future__ import annotations

import asyncio
import math
from abc import abstractmethod
from collections.abc import Callable
from concurrent.futures import Future
from contextvars import Context
from typing import Any, Final, Self, TypeVar

from typing_extensions import override

from authweave.security import BoundedThreads
from authweave.security._bounded_threads import Outcome
from authweave.storage import StorageBusyError, StorageError

from ._watch import StorageWatch

R = TypeVar("R")


class Answer(asyncio.Future[R]):
    """
    What an operation returns, on the running loop, for so many seconds at most.

    It is done with the time, whatever the operation does. Where that has not been begun when nobody waits for it any
    more, it is not begun.

    Args:
        wait_s: how long it is waited for from `begin_to_wait` on, in seconds; `math.inf` without a bound.
        watch: learns of what took too long.
    """

    def __init__(self, wait_s: float, watch: StorageWatch) -> None:
        super().__init__(loop=asyncio.get_running_loop())
        self._wait_s: Final = wait_s
        self._watch: Final = watch
        self._timer: asyncio.TimerHandle | None = None

    def begin_to_wait(self) -> Self:
        """Give the operation its time from now on."""
        if self._wait_s != math.inf:
            # In a context with nothing in it: a loop keeps timers that were cancelled for a while, and with their
            # contexts all that requests had in theirs.
            self._timer = self.get_loop().call_later(self._wait_s, self._give_up, context=Context())
        return self

    @abstractmethod
    def take_back(self) -> bool:
        """Return whether the operation has not been begun, and is not any more."""

    @abstractmethod
    def outcome(self) -> Outcome[R] | None:
        """Return what came of the operation; None while it is under way."""

    def call_loop(self) -> None:
        """Have the loop hand on what came of the operation. On any thread."""
        try:
            self.get_loop().call_soon_threadsafe(self._hand_on)
        except RuntimeError:  # it was closed: nobody waits
            return

    def _hand_on(self) -> None:
        """Hand on what came of the operation to who waits still."""
        outcome = self.outcome()
        if outcome is None or self.done():
            return
        self._leave()
        if isinstance(outcome, BaseException):
            self.set_exception(outcome)
        else:
            self.set_result(outcome[0])

    def _give_up(self) -> None:
        if self.done() or self.outcome() is not None:  # it was in time, and the loop is late
            return
        late = never_asked(self._wait_s) if self.take_back() else still_under_way(self._wait_s)
        self._watch.note_failure(late)
        self.set_exception(late)

    def _leave(self) -> None:
        """Wait no longer."""
        if self._timer is not None:
            self._timer.cancel()

    @override
    def cancel(self, msg: Any | None = None) -> bool:  # Any: as asyncio's
        if not super().cancel(msg):
            return False
        self._leave()
        self.take_back()  # where it waits, its place is free
        return True


class Operation(Answer[R]):
    """
    One that a thread does.

    Args:
        threads: do it.
        work: what it calls.
    """

    def __init__(self, wait_s: float, watch: StorageWatch, threads: BoundedThreads, work: Callable[[], R]) -> None:
        super().__init__(wait_s, watch)
        self._threads: Final = threads
        self._work: Final = work
        self._outcome: Outcome[R] | None = None

    def begin(self) -> Callable[[], R]:
        """Return the work."""
        return self._work

    def tell(self, outcome: Outcome[R]) -> None:
        """Have the loop hand on what came of it. In the thread."""
        self._outcome = outcome
        self.call_loop()

    def drop(self) -> None:
        """Tell who waits that the application was closed."""
        self.tell(closed())

    @override
    def take_back(self) -> bool:
        return self._threads.take_back(self)

    @override
    def outcome(self) -> Outcome[R] | None:
        return self._outcome


class OfFuture(Answer[R]):
    """
    One of which there is a future.

    Args:
        future: it.
    """

    def __init__(self, wait_s: float, watch: StorageWatch, future: Future[R]) -> None:
        super().__init__(wait_s, watch)
        self._future: Future[R] | None = future
        self._outcome: Outcome[R] | None = None
        future.add_done_callback(self._tell)

    def _tell(self, future: Future[R]) -> None:
        if future.cancelled():  # it waited when the threads were closed
            self._outcome = closed()
        else:
            error = future.exception()
            self._outcome = (future.result(),) if error is None else error
        self._future = None  # which holds this one, too
        self.call_loop()

    @override
    def take_back(self) -> bool:
        return self._future is not None and self._future.cancel()

    @override
    def outcome(self) -> Outcome[R] | None:
        return self._outcome


async def answered_with(result: R) -> R:
    """Return what is there already."""
    return result


def closed() -> StorageError:
    """Return what says that the application was closed."""
    return StorageError("The application was closed: build another one with authweave.init.")


def never_asked(wait_s: float) -> StorageError:
    """Return what says that an operation was not begun."""
    return StorageBusyError(f"The store was not asked, since other operations kept it busy for {wait_s:.3g} s")


def still_under_way(wait_s: float) -> StorageError:
    """Return what says that nobody waits for an operation any more."""
    return StorageError(f"The store did not answer within {wait_s:.3g} s, and whether it was written is not known.")

"""Threads with a bounded queue in front of them."""

from __future__ import annotations

import atexit
import queue
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from enum import Enum, auto
from typing import Any, Final, Protocol, TypeAlias, TypeVar

from authweave._per_process import PerProcess

R = TypeVar("R")

Outcome: TypeAlias = tuple[R] | BaseException
"""What work returned, or what it raised."""


class Errand(Protocol[R]):
    """Work for a thread, and who waits for what comes of it. Nothing here raises."""

    def begin(self) -> Callable[[], R] | None:
        """Return what is to be called; None where nobody waits for it any more. In a thread."""
        ...

    def tell(self, outcome: Outcome[R]) -> None:
        """Tell what came of it. In the thread, when the place is free again."""
        ...

    def drop(self) -> None:
        """Tell that it will not be done: the threads were closed."""
        ...


class BoundedThreads:
    """
    Have work done in threads, a bounded amount of it: what is beyond is turned away at once, not made to wait forever.

    Any thread may hand in work. After a fork the child has threads and a queue of its own. With
    `concurrent.futures` the same hop takes twice the CPU time: it makes a condition for each future.

    Args:
        at_once: how many threads there are. They start when they are first needed.
        queue: how much work may wait beyond what is under way.
        name: of the threads.
    """

    def __init__(self, at_once: int, queue: int, name: str) -> None:
        self.at_once = at_once
        self.places: int = at_once + queue
        self._queue: PerProcess[Queue] = PerProcess(lambda: Queue(at_once, name))  # which starts no thread yet
        # Who was not closed leaves no threads behind.
        weakref.finalize(self, end, self._queue).atexit = False

    def enqueue(self, errand: Errand[Any], *, beyond: bool = False) -> bool:  # Any: whatever comes of it
        """
        Have a thread do an errand.

        Args:
            errand: the work.
            beyond: whether it needs no place, and takes none from others: for what comes once at a time.

        Returns:
            Whether there was a place for it.

        Raises:
            RuntimeError: the threads were closed.
        """
        return self._queue.get().enqueue(errand, None if beyond else self.places)

    def take_back(self, errand: Errand[Any]) -> bool:  # Any: as above
        """Return whether an errand has not been begun. Then it is not done, and its place is free."""
        return self._queue.get().take_back(errand)

    def submit(self, work: Callable[[], R], *, beyond: bool = False) -> Future[R] | None:
        """
        Have a thread call ``work``. Where the future is cancelled, its place is free at once.

        Args:
            work: what to call.
            beyond: as of `enqueue`.

        Returns:
            Its future; None where all places are taken.

        Raises:
            RuntimeError: the threads were closed.
        """
        errand = Submitted(work)
        if not self.enqueue(errand, beyond=beyond):
            return None
        errand.add_done_callback(self._note_end)
        return errand

    def _note_end(self, future: Future[Any]) -> None:  # Any: of whatever it returns
        """Take back what was cancelled."""
        if isinstance(future, Submitted):
            self.take_back(future)

    def close(self) -> None:
        """Let the work under way end, and drop what waits. Closing twice does nothing."""
        self._queue.get().close()


def end(queues: PerProcess[Queue]) -> None:
    """Let the threads of this process end when they have done what waits."""
    queues.get().end()


class Submitted(Future[R]):
    """Work with a future."""

    def __init__(self, work: Callable[[], R]) -> None:
        super().__init__()
        self._work: Final = work

    def begin(self) -> Callable[[], R] | None:
        """Return the work, unless it was cancelled."""
        return self._work if self.set_running_or_notify_cancel() else None

    def tell(self, outcome: Outcome[R]) -> None:
        """Hand on what came of it."""
        if isinstance(outcome, BaseException):
            self.set_exception(outcome)
        else:
            self.set_result(outcome[0])

    def drop(self) -> None:
        """Cancel it."""
        self.cancel()


def outcome_of(work: Callable[[], R]) -> Outcome[R]:
    """
    Return what comes of work.

    What is raised holds this frame and those that called it: none may hold what is told, which holds what is raised.
    """
    try:
        return (work(),)
    except BaseException as error:  # noqa: BLE001  it is raised where who waits is told
        return error


class Bell(Enum):
    """What wakes one of the threads."""

    ERRAND = auto()
    END = auto()


class Queue:
    """The threads of one process, and what waits in front of them."""

    def __init__(self, at_once: int, name: str) -> None:
        self._at_once = at_once
        self._name = name
        self._lock = threading.Lock()
        self._waiting: OrderedDict[Errand[Any], bool] = OrderedDict()  # Any: as above; and whether it takes a place
        self._taken = 0
        self._under_way = 0
        self._threads: list[threading.Thread] = []
        # To ring takes no lock, which may be held where the collector is at work.
        self._bells: queue.SimpleQueue[Bell] = queue.SimpleQueue()
        self._is_closed = False

    def enqueue(self, errand: Errand[Any], places: int | None) -> bool:  # Any: as above
        """Have a thread do an errand, if there is a place. Raises as `BoundedThreads.enqueue`."""
        with self._lock:
            if self._is_closed:
                message = "The threads were closed."
                raise RuntimeError(message)
            if places is not None and self._taken >= places:
                return False
            begun = len(self._threads)
            if begun < self._at_once and len(self._waiting) + self._under_way >= begun:
                self._begin_thread()
            self._bells.put(Bell.ERRAND)  # first: a signal's handler may raise here, in the main thread
            self._waiting[errand] = places is not None
            self._taken += places is not None
        return True

    def _begin_thread(self) -> None:
        """Have one thread more, where the system lets us; without any, raise. With the lock."""
        thread = threading.Thread(target=self.work_off, name=f"{self._name}_{len(self._threads)}", daemon=True)
        try:
            thread.start()
        except RuntimeError:
            if not self._threads:
                raise
            return
        if not self._threads:
            atexit.register(self._end_with_process)
        self._threads.append(thread)

    def take_back(self, errand: Errand[Any]) -> bool:  # Any: as above
        """Return whether an errand has not been begun, and is not any more."""
        with self._lock:
            has_place = self._waiting.pop(errand, None)
            self._taken -= has_place is True
        return has_place is not None

    def work_off(self) -> None:
        """Do what waits, until the end."""
        while self._bells.get() is Bell.ERRAND:
            with self._lock:
                if not self._waiting:  # what it rang for was taken back
                    continue
                errand, has_place = self._waiting.popitem(last=False)
                self._under_way += 1
            work = errand.begin()
            outcome = None if work is None else outcome_of(work)
            with self._lock:
                self._under_way -= 1
                self._taken -= has_place
            if outcome is not None:
                errand.tell(outcome)
            del errand, work, outcome  # whatever came of it is gone while the thread waits
        with self._lock:
            self._threads.remove(threading.current_thread())
            is_last = not self._threads
        if is_last:
            atexit.unregister(self._end_with_process)

    def end(self) -> None:
        """Let the threads end when they have done what waits."""
        for _ in range(self._at_once):
            self._bells.put(Bell.END)

    def close(self) -> None:
        """Let the work under way end, and drop what waits."""
        with self._lock:
            is_first, self._is_closed = not self._is_closed, True
            waiting, threads = list(self._waiting), list(self._threads)
            self._waiting.clear()
        for errand in waiting:
            errand.drop()
        if is_first:
            self.end()
        for thread in threads:
            thread.join()

    def _end_with_process(self) -> None:
        """Let the work under way end. In a child of a fork, which has none of the threads, there is none."""
        if any(thread.is_alive() for thread in self._threads):
            self.close()

"""Threads with a bounded queue in front of them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from authweave._per_process import PerProcess

R = TypeVar("R")


class BoundedThreads:
    """
    Have work done in threads, a bounded amount of it: what is beyond is turned away at once, not made to wait forever.

    Any thread may hand in work. After a fork the child has threads and a queue of its own.

    Args:
        at_once: how many threads there are. They start when they are first needed.
        queue: how much work may wait beyond what is under way.
        name: of the threads.
    """

    def __init__(self, at_once: int, queue: int, name: str) -> None:
        self.at_once = at_once
        self.places: int = at_once + queue
        self._queue: PerProcess[Queue] = PerProcess(lambda: Queue(at_once, name))  # which starts no thread yet

    def submit(self, work: Callable[[], R], *, beyond: bool = False) -> Future[R] | None:
        """
        Have a thread call ``work``. Where the future is cancelled, its place is free at once.

        Args:
            work: what to call.
            beyond: whether it needs no place, and takes none from others: for what comes once at a time.

        Returns:
            Its future; None where all places are taken.

        Raises:
            RuntimeError: the threads were closed.
        """
        queue = self._queue.get()
        with queue.lock:
            if beyond:
                return queue.threads.submit(work)
            if queue.taken >= self.places:
                return None
            queue.taken += 1
        try:
            future = queue.threads.submit(work)
        except BaseException:
            queue.leave()
            raise
        future.add_done_callback(queue.leave)
        return future

    def close(self) -> None:
        """Let the work under way end, and drop what waits. Closing twice does nothing."""
        self._queue.get().threads.shutdown(wait=True, cancel_futures=True)


class Queue:
    """The threads of one process, and how many places in front of them are taken."""

    def __init__(self, at_once: int, name: str) -> None:
        self.threads: ThreadPoolExecutor = ThreadPoolExecutor(at_once, thread_name_prefix=name)
        self.lock: threading.Lock = threading.Lock()
        self.taken: int = 0

    def leave(self, _done: object = None) -> None:
        """Free a place."""
        with self.lock:
            self.taken -= 1

"""A semaphore that serves threads in order."""

from __future__ import annotations

import threading
from collections import deque
from typing import Final


class FairSemaphore:
    """
    A semaphore whose threads get their turn in the order in which they ask for it.

    The standard library's locks and semaphores have no order: a thread that gives its place back and asks again at once
    mostly gets it, and under load another waits until its time is over.
    """

    def __init__(self, count: int) -> None:
        self.count: Final = count
        self._free = count
        self._waiting: deque[threading.Lock] = deque()
        self._lock = threading.Lock()

    @property
    def waiting(self) -> int:
        """How many threads wait for one."""
        return len(self._waiting)

    def acquire(self, timeout_s: float) -> bool:
        """Take a place, and wait so long for one. Return whether there was one."""
        with self._lock:
            if self._free:
                self._free -= 1
                return True
            own = threading.Lock()
            own.acquire()
            self._waiting.append(own)
        try:
            if own.acquire(timeout=timeout_s):
                return True
        except BaseException:  # a signal's handler may raise here, in the main thread
            if not self._leave(own):
                self.release()
            raise
        return not self._leave(own)

    def _leave(self, own: threading.Lock) -> bool:
        """Wait no longer. Return whether that came in time: a place may have been handed over at the last moment."""
        with self._lock:
            if own not in self._waiting:
                return False
            self._waiting.remove(own)
            return True

    def release(self) -> None:
        """Give a place to who has waited longest."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._free += 1

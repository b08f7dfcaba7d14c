"""A limited number of places, for threads."""

from __future__ import annotations

import threading
from collections import deque
from typing import Final


class Places:
    """
    Give out places in the order in which threads ask for them.

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

    def take(self, timeout_s: float) -> bool:
        """Take a place, and wait so long for one. Returns whether there was one."""
        with self._lock:
            if self._free:
                self._free -= 1
                return True
            mine = threading.Lock()
            mine.acquire()
            self._waiting.append(mine)
        if mine.acquire(timeout=timeout_s):
            return True
        with self._lock:
            if mine in self._waiting:
                self._waiting.remove(mine)
                return False
        return True  # it was handed over at the last moment

    def give_back(self) -> None:
        """Give a place to who has waited longest."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._free += 1

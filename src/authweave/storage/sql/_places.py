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
        try:
            if mine.acquire(timeout=timeout_s):
                return True
        except BaseException:  # a signal's handler may raise here, in the main thread
            if not self._leave(mine):
                self.give_back()
            raise
        return not self._leave(mine)

    def _leave(self, mine: threading.Lock) -> bool:
        """Wait no longer. Returns whether that came in time: a place may have been handed over at the last moment."""
        with self._lock:
            if mine not in self._waiting:
                return False
            self._waiting.remove(mine)
            return True

    def give_back(self) -> None:
        """Give a place to who has waited longest."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._free += 1

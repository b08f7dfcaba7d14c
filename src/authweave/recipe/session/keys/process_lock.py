"""A lock that survives a fork."""

from __future__ import annotations

import os
import threading


class ProcessLock:
    """
    A lock of which every process has its own.

    A process that forks while another of its threads holds a lock leaves the child a copy that nobody will ever let go.
    """

    def __init__(self) -> None:
        self._locks: dict[int, threading.Lock] = {}

    def own(self) -> threading.Lock:
        """Return the lock of this process: ``with lock.own(): ...``."""
        # Of threads that come here first at once, all get the one that was kept.
        return self._locks.get(os.getpid()) or self._locks.setdefault(os.getpid(), threading.Lock())

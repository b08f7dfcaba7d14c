"""What a fork does to a value: every process has its own."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import Final, Generic, TypeVar

T = TypeVar("T")


class Generation:
    """
    How many forks lie between this process and the one that loaded the library.

    Counted by Python itself after each fork: to ask for the process's id is a system call, and ids are used again.
    """

    def __init__(self) -> None:
        self.number = 0

    def advance(self) -> None:
        """Note that this process is a child."""
        self.number += 1


generation: Final = Generation()


class PerProcess(Generic[T]):
    """
    A value of which every process has its own: made when it is first asked for, and anew in a child after a fork.

    A child has none of its parent's threads, and a lock that one of them held in the moment of the fork stays locked.
    Its parent's value is kept, so that not even the garbage collector touches it: closing a connection of the parent's
    is forbidden by SQLite, and would end the parent's own with PostgreSQL.

    Args:
        make: makes the value. Where several threads ask first, each may call it; all get the one that was kept.
    """

    __slots__ = ("_make", "_values")

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._values: dict[int, T] = {}

    def get(self) -> T:
        """Return this process's value."""
        try:
            return self._values[generation.number]
        except KeyError:
            return self._values.setdefault(generation.number, self._make())

    def peek(self) -> T | None:
        """Return this process's value where it has been asked for; else None."""
        return self._values.get(generation.number)


loading: Final = PerProcess(threading.RLock)
"""
Held by a thread that imports modules while the application is in use. The process does not fork meanwhile: its child
would wait forever for what the thread, which it has not got, was importing.
"""
if hasattr(os, "register_at_fork"):  # where processes cannot fork there is no such function
    os.register_at_fork(
        before=lambda: loading.get().acquire(),
        after_in_parent=lambda: loading.get().release(),
        after_in_child=generation.advance,
    )

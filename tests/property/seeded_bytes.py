"""Bytes in place of random ones, the same for the same seed: what is sorted by ids comes out as it did last time."""

from __future__ import annotations

import threading
from random import Random
from typing import Final

import attrs

PREFIX: Final = 4
"""Bytes: ids of two schedules differ by them, whatever the seeds are."""


def own_thread() -> int:
    """Return the caller's thread."""
    return threading.get_ident()


@attrs.define(eq=False)
class SeededBytes:
    """
    Returns bytes by a seed; in front, where there is room, the number of the schedule.

    So nothing that an earlier schedule has left has the same id, and ids are sorted as they were under that seed. The
    thread that made it has a row of its own: in which order others ask, and when, is nothing that a seed decides.
    """

    _schedule: int = 0
    _thread: int = attrs.field(init=False, factory=own_thread)
    _mine: Random = attrs.field(init=False, factory=lambda: Random(0))  # noqa: S311  it is to be foreseen
    _others: Random = attrs.field(init=False, factory=lambda: Random(1))  # noqa: S311  likewise

    def begin(self, schedule: int, seed: int) -> None:
        """Begin a schedule."""
        self._schedule = schedule
        self._mine.seed(2 * seed)
        self._others.seed(2 * seed + 1)

    def __call__(self, count: int) -> bytes:
        row = self._mine if own_thread() == self._thread else self._others
        prefix = self._schedule.to_bytes(PREFIX) if count >= 2 * PREFIX else b""
        return prefix + row.randbytes(count - len(prefix))

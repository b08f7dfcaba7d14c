"""Time, handed in."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """Tells the time. Tests hand in one that they turn by hand."""

    def __call__(self) -> int:
        """Return the time now, in milliseconds since the epoch."""
        ...


def system_clock() -> int:
    """Return the machine's time, in milliseconds since the epoch."""
    return time.time_ns() // 1_000_000

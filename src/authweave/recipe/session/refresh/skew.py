"""Notices that the clocks of two processes differ by more than sessions can bear."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Final

import attrs

AGAIN_AFTER_S: Final = 3600.0
LEAST_MS: Final = 1000

logger: Final = logging.getLogger("authweave.session")


def greatest_skew_ms(grace_ms: int) -> int:
    """
    Return how far clocks may differ: by half of the grace.

    The grace of one process is then never over before half of it has passed by the clock of another.
    """
    return max(grace_ms // 2, LEAST_MS)


@attrs.define(eq=False)
class SkewWatch:
    """
    Looks whether what is stored is from the future, and says so in the log, once an hour at most.

    Where that is so, the clock of this process is behind that of the process that wrote it, or behind its own of then.

    Attributes:
        most_ms: how far clocks may differ, in milliseconds.
        monotonic: tells seconds since some moment.
    """

    most_ms: int
    monotonic: Callable[[], float] = time.monotonic
    _told_s: float | None = attrs.field(init=False, default=None)

    def look(self, written_ms: int, now_ms: int) -> None:
        """Look at the moment of something that is stored."""
        if written_ms - now_ms <= self.most_ms:
            return
        now_s = self.monotonic()
        if self._told_s is None or now_s - self._told_s >= AGAIN_AFTER_S:
            self._told_s = now_s
            logger.warning(
                "The clock is %.0f s behind that by which a session was stored, and %.0f s is the most that is well: "
                "set the clocks of all processes right.",
                (written_ms - now_ms) / 1000,
                self.most_ms / 1000,
                extra={"event": "clock_skew", "skew_ms": now_ms - written_ms},
            )

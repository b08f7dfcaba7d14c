"""The time of a database's server, which is the same for all who share it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Final

from sqlalchemy.engine.interfaces import DBAPIConnection

from authweave.types import Clock, system_clock

EVERY_S: Final = 30.0
"""How often the server is asked while it is in use. What counts seconds in between is off by milliseconds at most."""

SLOW_S: Final = 1.0
"""An answer that took longer says too little: the server's time may be that of any moment of it."""

MAX_SKEW_MS: Final = 5_000
"""By how much the machine's own clock may differ before the log says so."""

logger: Final = logging.getLogger("authweave.storage")


def machine_ticks_s() -> float:
    """Return seconds since the machine started, which nobody sets, and which go on while it is suspended."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


class ServerClock:
    """
    Tells the time of a server, without asking it each time.

    It is asked with a new connection and now and then afterwards, and in between the seconds are counted that have
    passed. So the machine's own clock does not matter, whether it is wrong or being set. What is told is wrong by half
    of `SLOW_S` at most, and mostly by less than a millisecond.

    Args:
        ask: asks the server, on a connection on which nothing is under way; in milliseconds since the epoch.
        ticks_s: counts seconds, from anywhere.
        machine: the machine's own clock; it tells the time until the server has been asked.
    """

    def __init__(
        self,
        ask: Callable[[DBAPIConnection], int],
        *,
        ticks_s: Callable[[], float] = machine_ticks_s,
        machine: Clock = system_clock,
    ) -> None:
        self._ask = ask
        self._ticks_s = ticks_s
        self._machine = machine
        self._known: tuple[int, float] | None = None
        self._due_s: float | None = None
        self._is_told = False

    def __call__(self) -> int:
        """Return the server's time, in milliseconds since the epoch."""
        if self._known is None:
            return self._machine()
        then_ms, then_s = self._known
        return then_ms + round((self._ticks_s() - then_s) * 1000)

    def expire(self) -> None:
        """Have the server asked with the next use: it may be another one."""
        self._due_s = None

    def keep(self, connection: DBAPIConnection) -> None:
        """Ask the server if it is time. Raises what the driver raises."""
        before_s = self._ticks_s()
        if self._due_s is not None and before_s < self._due_s:
            return
        self._due_s = before_s + EVERY_S  # of several threads one asks
        try:
            server_ms = self._ask(connection)
        except BaseException:
            self._due_s = None
            raise
        took_s = self._ticks_s() - before_s
        if took_s > SLOW_S and self._known is not None:
            self._due_s = None
            return
        self._known = server_ms, before_s + took_s / 2
        self._tell(self._machine() - self())

    def _tell(self, skew_ms: int) -> None:
        """Say in the log when the machine's clock begins to be wrong, and once only."""
        is_wrong = abs(skew_ms) > MAX_SKEW_MS
        if is_wrong and not self._is_told:
            logger.warning(
                "The machine's clock is %+.0f s off the database's, which counts for sessions and keys: set it right.",
                skew_ms / 1000,
                extra={"event": "clock_skew", "skew_ms": skew_ms},
            )
        self._is_told = is_wrong

"""How long who asks a store waits for it: the deadline goes along, from the caller to the driver."""

from __future__ import annotations

import math
import time
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from authweave.types import ConfigurationError

LATEST_S: Final[ContextVar[float]] = ContextVar("authweave_storage_latest_s", default=math.inf)
"""Until when, by `time.monotonic`."""


@contextmanager
def within(seconds: float) -> Generator[None]:
    """
    Give the store so many seconds in all for what is asked of it in the block.

    What has not been begun by then is not begun, and raises `StorageBusyError`; what has been is given up, and raises
    `StorageError`. Of blocks in one another, and of ``init(storage_wait_s=...)``, the one that ends first counts. Tasks
    that are started in the block have its deadline too.

    Args:
        seconds: more than 0.

    Raises:
        authweave.types.ConfigurationError: they are not.

    .. versionadded:: 0.1.0
    """
    if not seconds > 0:
        message = f"within({seconds!r}): give the store some seconds, more than 0."
        raise ConfigurationError(message)
    outer_s = LATEST_S.get()
    LATEST_S.set(min(outer_s, time.monotonic() + seconds))
    try:
        yield
    finally:
        LATEST_S.set(outer_s)  # not reset: a generator may end in another context than it began in


def remaining_s(most_s: float) -> float:
    """Return how many seconds are left before the deadline: at most so many, and at least 0."""
    return max(min(most_s, LATEST_S.get() - time.monotonic()), 0.0)


def is_over() -> bool:
    """Return whether the deadline has passed."""
    return time.monotonic() > LATEST_S.get()

"""What goes along from who asks a store to the driver: how long he waits, and the transaction that he is in."""

from __future__ import annotations

import math
import time
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

import attrs

from authweave.types import ConfigurationError

if TYPE_CHECKING:
    from ._transaction import Transaction


@attrs.frozen(eq=False)
class Terms:
    """
    On what terms a store is asked.

    Attributes:
        latest_s: until when, by `time.monotonic`.
        transaction: the innermost one that is under way; what is asked of its store joins it.
    """

    latest_s: float = math.inf
    transaction: Transaction | None = None


TERMS: Final[ContextVar[Terms]] = ContextVar("authweave_storage_terms", default=Terms())  # noqa: B039  it is frozen


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
    outer = TERMS.get()
    TERMS.set(Terms(min(outer.latest_s, time.monotonic() + seconds), outer.transaction))
    try:
        yield
    finally:
        TERMS.set(outer)  # not reset: a generator may end in another context than it began in


def remaining_s(most_s: float) -> float:
    """Return how many seconds are left before the deadline: at most so many, and at least 0."""
    return max(min(most_s, TERMS.get().latest_s - time.monotonic()), 0.0)


def is_over() -> bool:
    """Return whether the deadline has passed."""
    return time.monotonic() > TERMS.get().latest_s

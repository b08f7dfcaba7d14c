"""Says in the log when the store begins to fail and when it is well again, once each."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Final

import attrs

from authweave.storage import (
    BarredUserError,
    ContactTakenError,
    DisabledUserError,
    EmailTakenError,
    LinkedUserError,
    MappedUserError,
    StorageError,
    UserReferredToError,
)

CALM_S: Final = 10.0
"""How long nothing may have failed before the store counts as well: one with a full disk still answers reads."""

logger: Final = logging.getLogger("authweave.storage")

ANSWERS: Final = (
    BarredUserError,
    ContactTakenError,
    DisabledUserError,
    EmailTakenError,
    LinkedUserError,
    MappedUserError,
    UserReferredToError,
)
"""What a store says that is well: not that it fails, but what it was asked cannot be."""


@attrs.define(eq=False)
class StorageWatch:
    """
    Watches what becomes of the operations of a store. Any thread may report.

    Attributes:
        monotonic: tells seconds since some moment.
    """

    monotonic: Callable[[], float] = time.monotonic
    _first_s: float | None = attrs.field(init=False, default=None)
    _last_s: float = attrs.field(init=False, default=0.0)
    # Of the threads that find something to say, the one that gets the only element says it. A lock might be held
    # by another thread in the moment of a fork.
    _well: list[None] = attrs.field(init=False, factory=lambda: [None], repr=False)
    _ill: list[None] = attrs.field(init=False, factory=list[None], repr=False)

    def note_failure(self, error: StorageError) -> None:
        """Note that an operation failed."""
        if isinstance(error, ANSWERS) or isinstance(error.__cause__, StorageError):
            return  # the store is well: it refused what cannot be
        self._last_s = self.monotonic()
        if not take_only_element(self._well):
            return
        self._first_s = self._last_s
        self._ill.append(None)
        logger.error(
            "The store fails; requests that need it are answered 503. %s",
            error,
            extra={"event": "storage_failed", "code": error.code},
        )

    def note_success(self) -> None:
        """Note that an operation worked."""
        first_s = self._first_s
        if first_s is None or self.monotonic() - self._last_s < CALM_S or not take_only_element(self._ill):
            return
        self._first_s = None
        self._well.append(None)
        lasted_s = self._last_s - first_s
        logger.warning(
            "The store works again, after it had failed for %.1f s.",
            lasted_s,
            extra={"event": "storage_recovered", "duration_ms": round(lasted_s * 1000)},
        )


def take_only_element(token: list[None]) -> bool:
    """Take the only element of a list, if it is there still: one thread gets it."""
    try:
        token.pop()
    except IndexError:
        return False
    return True

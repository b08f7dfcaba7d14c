"""What is asked of a store of events. All methods block, and each is one transaction: see `authweave.storage`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from authweave.events._event import SecurityEvent

from .records import EventQuery


class EventStore(Protocol):
    """Security events."""

    def add_events(self, events: Sequence[SecurityEvent], kept_ms: int) -> None:
        """
        Keep events, all or none, for so many milliseconds from when they happened.

        Raises:
            authweave.storage.ConstraintError: one is kept already.
        """
        ...

    def find_events(self, query: EventQuery, now_ms: int) -> tuple[SecurityEvent, ...]:
        """Return the events that a query asks for and that have not expired, the latest first."""
        ...

    def purge_expired_events(self, now_ms: int, limit: int) -> int:
        """Delete at most so many events that have expired. Return how many were deleted."""
        ...

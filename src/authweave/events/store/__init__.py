"""What is kept of security events: ``storage.part(EVENTS)``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from authweave.storage import Ahead, PurgeExpired, StorePart

from .protocol import EventStore
from .records import EventQuery, check_event, check_query

if TYPE_CHECKING:
    from authweave.storage.memory import MemoryCore
    from authweave.storage.sql import SQLPart


__all__ = ["EVENTS", "EventQuery", "EventStore", "check_event", "check_query"]


def in_sql() -> SQLPart[EventStore]:
    """Load how events are kept in SQL."""
    from .sql import IN_SQL

    return IN_SQL


def ahead() -> Ahead:
    """Load what a start knows of the tables."""
    from .ahead import AHEAD

    return AHEAD


def in_memory(core: MemoryCore) -> EventStore:
    """Make a store of events in memory."""
    from .memory import MemoryEvents

    return MemoryEvents(core)


def expiring(store: EventStore) -> Mapping[str, PurgeExpired]:
    """Return what deletes expired events."""
    return {"events": store.purge_expired_events}


EVENTS: Final[StorePart[EventStore]] = StorePart(
    name="events",
    in_sql=in_sql,
    in_memory=in_memory,
    ahead=ahead,
    expiring=expiring,
    contract=f"{__name__}.contract:EventContract",
)
"""Security events, for a while."""

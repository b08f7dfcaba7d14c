"""Security events in memory."""

from __future__ import annotations

from collections.abc import Sequence

from typing_extensions import override

from authweave.events._event import SecurityEvent
from authweave.storage import ConstraintError
from authweave.storage.memory import MemoryCore

from .protocol import EventStore
from .records import AFTER_ALL, EventQuery, check_event, check_query


class MemoryEvents(EventStore):
    """Security events, by their ids, with when they expire."""

    def __init__(self, core: MemoryCore) -> None:
        self._core = core
        self._events: dict[str, tuple[SecurityEvent, int]] = {}

    @override
    def add_events(self, events: Sequence[SecurityEvent], kept_ms: int) -> None:
        for event in events:
            check_event(event)
        with self._core.transaction():
            new = {event.id: (event, event.time_ms + kept_ms) for event in events}
            if len(new) < len(events) or new.keys() & self._events.keys():
                raise ConstraintError("An event of this id is kept already: ids have to be new.")
            self._events |= new

    @override
    def find_events(self, query: EventQuery, now_ms: int) -> tuple[SecurityEvent, ...]:
        check_query(query)
        with self._core.transaction():
            found = [
                event
                for event_id, (event, expires_at_ms) in self._events.items()
                if expires_at_ms > now_ms
                and event.time_ms >= query.since_ms
                and event_id < (query.before or AFTER_ALL)
                and query.user_id in {None, event.user_id}
                and query.kind in {None, event.kind}
            ]
        return tuple(sorted(found, key=lambda event: event.id, reverse=True)[: query.limit])

    @override
    def purge_expired_events(self, now_ms: int, limit: int) -> int:
        with self._core.transaction():
            expired = [key for key, (_, expires_at_ms) in self._events.items() if expires_at_ms <= now_ms]
            for key in expired[: max(limit, 0)]:
                del self._events[key]
            return len(expired[: max(limit, 0)])

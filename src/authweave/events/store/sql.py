"""Security events in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, cast

from sqlalchemy import BigInteger, Column, Index, Table, Text, delete, insert, select
from typing_extensions import override

from authweave.events._event import EventKind, SecurityEvent
from authweave.storage import json_object, json_text
from authweave.storage.sql import Change, Database, Id, OverDatabase, SQLPart, new_metadata

from .protocol import EventStore
from .records import AFTER_ALL, EventQuery, check_event, check_query

metadata: Final = new_metadata()

# Neither user nor tenant is a foreign key: what happened stays true when they are gone.
events: Final = Table(
    "authweave_events",
    metadata,
    Column("event_id", Id, primary_key=True),
    Column("kind", Id, nullable=False),
    Column("recipe_id", Id, nullable=False),
    Column("user_id", Id),
    Column("tenant_id", Id),
    Column("client", Id),
    Column("session_handle", Id),
    Column("details", Text, nullable=False),
    Column("time_ms", BigInteger, nullable=False),
    Column("expires_at_ms", BigInteger, nullable=False, index=True),
    # Ids begin with the time, so the events of a user are in order.
    Index("ix_authweave_events_user_id", "user_id", "event_id"),
)


class SQLEvents(OverDatabase, EventStore):
    """Security events."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._add = Change(database, insert(events))

    @override
    def add_events(self, events: Sequence[SecurityEvent], kept_ms: int) -> None:
        for event in events:
            check_event(event)
        self._add.execute_many(row_of(event, kept_ms) for event in events)

    @override
    def find_events(self, query: EventQuery, now_ms: int) -> tuple[SecurityEvent, ...]:
        check_query(query)
        statement = (
            select(events)
            .where(
                events.c.event_id < (query.before or AFTER_ALL),
                events.c.event_id >= f"{query.since_ms:012x}",
                events.c.expires_at_ms > now_ms,
                *([] if query.user_id is None else [events.c.user_id == query.user_id]),
                *([] if query.kind is None else [events.c.kind == query.kind]),
            )
            .order_by(events.c.event_id.desc())
            .limit(query.limit)
        )
        with self._database.reading() as connection:
            rows = connection.execute(statement).mappings().all()
        return tuple(
            SecurityEvent(
                id=row["event_id"],
                kind=cast("EventKind", row["kind"]),  # as it was written
                time_ms=row["time_ms"],
                recipe_id=row["recipe_id"],
                user_id=row["user_id"],
                tenant_id=row["tenant_id"],
                client=row["client"],
                session_handle=row["session_handle"],
                details={name: str(text) for name, text in json_object(row["details"]).items()},
            )
            for row in rows
        )

    @override
    def purge_expired_events(self, now_ms: int, limit: int) -> int:
        expired = (
            select(events.c.event_id)
            .where(events.c.expires_at_ms <= now_ms)
            .order_by(events.c.expires_at_ms)
            .limit(max(limit, 0))  # SQLite takes a negative one for no limit
        )
        statement = delete(events).where(events.c.event_id.in_(expired))
        return self._database.write(lambda connection: connection.execute(statement).rowcount, one_statement=True)


def row_of(event: SecurityEvent, kept_ms: int) -> dict[str, str | int | None]:
    """Return the row of an event."""
    return {
        "event_id": event.id,
        "kind": event.kind,
        "recipe_id": event.recipe_id,
        "user_id": event.user_id,
        "tenant_id": event.tenant_id,
        "client": event.client,
        "session_handle": event.session_handle,
        "details": json_text(event.details, "details"),
        "time_ms": event.time_ms,
        "expires_at_ms": event.time_ms + kept_ms,
    }


IN_SQL: Final[SQLPart[EventStore]] = SQLPart(
    metadata=metadata, migrations=Path(__file__).parent / "migrations", revision="0001", store=SQLEvents
)

"""Messages in SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Column,
    ColumnElement,
    Connection,
    Index,
    Integer,
    Select,
    String,
    Table,
    Text,
    bindparam,
    delete,
    false,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate
from typing_extensions import override

from authweave.storage import check_text
from authweave.storage.sql import Change, Database, Id, OverDatabase, Query, SQLPart, new_metadata

from .protocol import OutboxStore
from .reads import named, outlook_of
from .records import ClaimedRow, OutboxRow, OutboxState, Outlook, check_limit, check_row

metadata: Final = new_metadata()

outbox: Final = Table(
    "authweave_outbox",
    metadata,
    Column("row_id", Id, primary_key=True),
    Column("kind", Id, nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("lease", Id),
    Column("last_error", Id),
    Column("payload", Text),
    Column("created_at_ms", BigInteger, nullable=False),
    Column("due_at_ms", BigInteger, nullable=False),
    Column("expires_at_ms", BigInteger, nullable=False, index=True),
    Index("ix_authweave_outbox_state_due_at_ms", "state", "due_at_ms"),
)

SHOWN: Final = (
    outbox.c.row_id,
    outbox.c.kind,
    outbox.c.state,
    outbox.c.attempts,
    outbox.c.created_at_ms,
    outbox.c.due_at_ms,
    outbox.c.expires_at_ms,
    outbox.c.last_error,
)


KEPT: Final = ("waiting", "dead")
"""The states in which there is something in a message."""


class SQLOutbox(OverDatabase, OutboxStore):
    """Messages. What is asked for each is written once; for a number of kinds, which a process has one of."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._add = Change(database, insert(outbox).values({each.name: bindparam(each.name) for each in outbox.c}))
        self._delete = Change(database, delete(outbox).where(held_under(bindparam("held_lease"), bindparam("held_id"))))
        # SQLite has one writer at a time, and no locks of rows.
        locking = database.dialect.name == "postgresql"

        def claim(kinds: int) -> Change:
            return Change(database, claiming(kinds, locking=locking))

        def outlook(kinds: int) -> Query:
            return Query(database, looking_ahead(kinds))

        self._claim, self._outlook = cache(claim), cache(outlook)

    @override
    def add_message(self, row: OutboxRow, sealed: str) -> None:
        check_row(row, sealed)
        self._add.execute(
            {
                "row_id": row.row_id,
                "kind": row.kind,
                "state": row.state,
                "attempts": row.attempts,
                "lease": None,
                "last_error": row.last_error,
                "payload": sealed,
                "created_at_ms": row.created_at_ms,
                "due_at_ms": row.due_at_ms,
                "expires_at_ms": row.expires_at_ms,
            }
        )

    @override
    def claim_messages(
        self, kinds: Sequence[str], lease: str, now_ms: int, lease_ms: int, limit: int
    ) -> tuple[ClaimedRow, ...]:
        rows = self._claim(len(kinds)).returning(
            {
                "lease": lease,
                "now_ms": now_ms,
                "until_ms": now_ms + lease_ms,
                "at_most": max(limit, 0),
                **named(kinds),
            }
        )
        return tuple(
            ClaimedRow(
                row_id=row_id,
                lease=lease,
                kind=kind,
                sealed=payload or "",
                attempts=attempts,
                expires_at_ms=expires_at_ms,
            )
            for row_id, kind, payload, attempts, expires_at_ms in rows
        )

    @override
    def delete_messages(self, leases: Mapping[str, str]) -> int:
        for row_id in leases:
            check_text(row_id, "row_id")

        def delete_each(connection: Connection) -> int:
            # In one order, so that two transactions never wait for each other's rows.
            held = sorted(leases.items())
            return sum(self._delete.run(connection, {"held_id": row_id, "held_lease": lease}) for row_id, lease in held)

        return self._database.write(delete_each, one_statement=len(leases) == 1)

    @override
    def note_failure(self, row_id: str, lease: str, last_error: str, due_at_ms: int | None) -> bool:
        check_text(last_error, "last_error")
        changes: dict[str, str | int | None] = {"lease": None, "last_error": last_error}
        changes |= {"state": "dead"} if due_at_ms is None else {"due_at_ms": due_at_ms}
        statement = update(outbox).where(held_under(lease, row_id)).values(changes)
        return self._database.write(lambda connection: connection.execute(statement).rowcount, one_statement=True) == 1

    @override
    def outlook(self, kinds: Sequence[str]) -> Outlook:
        return outlook_of(self._outlook(len(kinds)), kinds)

    @override
    def erase_expired_messages(self, now_ms: int, limit: int) -> int:
        expired = (
            select(outbox.c.row_id)
            .where(outbox.c.state.in_(KEPT), outbox.c.expires_at_ms <= now_ms)
            .limit(max(limit, 0))
        )
        statement = update(outbox).where(outbox.c.row_id.in_(expired)).values(state="expired", payload=None, lease=None)
        return self._database.write(lambda connection: connection.execute(statement).rowcount, one_statement=True)

    @override
    def find_messages(self, limit: int, after: str | None = None) -> tuple[OutboxRow, ...]:
        check_limit(limit)
        check_text(after or "", "after")
        statement = select(*SHOWN).order_by(outbox.c.row_id.desc()).limit(limit)
        if after is not None:
            statement = statement.where(outbox.c.row_id < after)
        with self._database.reading() as connection:
            rows = connection.execute(statement).mappings().all()
        return tuple(
            OutboxRow(
                row_id=row["row_id"],
                kind=row["kind"],
                state=cast("OutboxState", row["state"]),  # as it was written
                attempts=row["attempts"],
                created_at_ms=row["created_at_ms"],
                due_at_ms=row["due_at_ms"],
                expires_at_ms=row["expires_at_ms"],
                last_error=row["last_error"],
            )
            for row in rows
        )

    @override
    def retry_messages(self, row_ids: Sequence[str] | None, now_ms: int) -> int:
        statement = (
            update(outbox)
            .where(
                outbox.c.state.in_(KEPT),
                outbox.c.expires_at_ms > now_ms,
                outbox.c.lease.is_(None) | (outbox.c.due_at_ms <= now_ms),
            )
            .values(state="waiting", attempts=0, lease=None, due_at_ms=now_ms)
        )
        if row_ids is not None:
            statement = statement.where(outbox.c.row_id.in_(row_ids))
        return self._database.write(lambda connection: connection.execute(statement).rowcount, one_statement=True)

    @override
    def purge_expired_messages(self, now_ms: int, limit: int) -> int:
        expired = (
            select(outbox.c.row_id)
            .where(outbox.c.expires_at_ms <= now_ms)
            .order_by(outbox.c.expires_at_ms)
            .limit(max(limit, 0))
        )
        statement = delete(outbox).where(outbox.c.row_id.in_(expired))
        return self._database.write(lambda connection: connection.execute(statement).rowcount, one_statement=True)


def claiming(
    kinds: int, *, locking: bool
) -> ReturningUpdate[*tuple[Any, ...]]:  # Any: a database's row has no static type
    """Return the statement that takes messages of so many kinds that are due."""
    due = (
        select(outbox.c.row_id)
        .where(
            outbox.c.state == "waiting",
            outbox.c.due_at_ms <= bindparam("now_ms", type_=BigInteger),
            outbox.c.expires_at_ms > bindparam("now_ms", type_=BigInteger),
            is_one_of(kinds),
        )
        .order_by(outbox.c.due_at_ms, outbox.c.row_id)
        .limit(bindparam("at_most", type_=Integer))
    )
    if locking:
        due = due.with_for_update(skip_locked=True)
    return (
        update(outbox)
        .where(outbox.c.row_id.in_(due))
        .values(lease=bindparam("lease"), attempts=outbox.c.attempts + 1, due_at_ms=bindparam("until_ms"))
        .returning(outbox.c.row_id, outbox.c.kind, outbox.c.payload, outbox.c.attempts, outbox.c.expires_at_ms)
    )


def looking_ahead(kinds: int) -> Select[*tuple[Any, ...]]:  # Any: as above
    """Return the question when something is to be done next, for messages of so many kinds."""
    due = select(func.min(outbox.c.due_at_ms)).where(outbox.c.state == "waiting", is_one_of(kinds))
    expires = select(func.min(outbox.c.expires_at_ms)).where(outbox.c.state.in_([literal(state) for state in KEPT]))
    return select(due.scalar_subquery(), expires.scalar_subquery())


def is_one_of(kinds: int) -> ColumnElement[bool]:
    """Return the condition that a message is of one of so many kinds: `named` says which."""
    parameters = [bindparam(f"kind_{number}", type_=String) for number in range(kinds)]
    return outbox.c.kind.in_(parameters) if parameters else false()


def held_under(lease: str | BindParameter[str], row_id: str | BindParameter[str]) -> ColumnElement[bool]:
    """Return the condition that a message is held under a lease."""
    return (outbox.c.row_id == row_id) & (outbox.c.lease == lease)


IN_SQL: Final[SQLPart[OutboxStore]] = SQLPart(
    metadata=metadata,
    migrations=Path(__file__).parent / "migrations",
    revision="0001",
    store=SQLOutbox,
    at_start={"OUTLOOK_OF_ONE": looking_ahead(1)},
    sealed={"messages in the outbox": outbox},
)

"""Moments, in SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from sqlalchemy import BigInteger, BindParameter, Column, ColumnElement, Table, bindparam, case, delete, select
from sqlalchemy.dialects import sqlite
from typing_extensions import override

from authweave.storage import check_text
from authweave.storage.sql import Change, Database, Id, OverDatabase, Query, SQLPart, new_metadata

from .protocol import MAX_MOMENTS, AttemptStore

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

Upsert: TypeAlias = "sqlite.Insert | postgresql.Insert"

metadata: Final = new_metadata()

attempts: Final = Table(
    "authweave_attempts",
    metadata,
    Column("key", Id, primary_key=True),
    Column("until_ms", BigInteger, nullable=False),
    # In an index, where the moment itself would make PostgreSQL write to all of them with every failure.
    Column("expires_day", BigInteger, nullable=False, index=True),
)

DAY_MS: Final = 86_400_000


class SQLAttempts(OverDatabase, AttemptStore):
    """Moments. An index knows the day after which a row has expired for sure."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        numbers = range(MAX_MOMENTS)
        one_each = (
            select(attempts.c.until_ms).where(attempts.c.key == bindparam(f"key_{number}")).scalar_subquery()
            for number in numbers
        )
        self._find = Query(database, select(*one_each))
        upserts = {1 + number: upsert(database.dialect.name, 1 + number) for number in numbers}
        self._add = {count: Change(database, adding(statement)) for count, statement in upserts.items()}
        self._put = {count: Change(database, putting(statement)) for count, statement in upserts.items()}

    @override
    def moments(self, keys: Sequence[str]) -> tuple[int, ...]:
        for key in keys:
            check_text(key, "key")
        found = self._find.first({f"key_{n}": keys[n] if n < len(keys) else None for n in range(MAX_MOMENTS)})
        return tuple(until_ms or 0 for until_ms in found or ())[: len(keys)]

    @override
    def add_weights(self, weights_ms: Mapping[str, int], now_ms: int, *, longest_ms: int) -> None:
        values: dict[str, str | int] = {"now_ms": now_ms, "latest_ms": now_ms + longest_ms}
        rows = {
            key: (now_ms + weight_ms, (now_ms + longest_ms + weight_ms) // DAY_MS)
            for key, weight_ms in weights_ms.items()
        }
        if rows:
            self._add[len(rows)].execute(row_values(rows) | values)

    @override
    def set_moments(self, moments_ms: Mapping[str, int]) -> None:
        rows = {key: (until_ms, until_ms // DAY_MS) for key, until_ms in moments_ms.items()}
        if rows:
            self._put[len(rows)].execute(row_values(rows))

    @override
    def purge_expired_attempts(self, now_ms: int, limit: int) -> int:
        has_expired = (attempts.c.expires_day <= now_ms // DAY_MS) & (attempts.c.until_ms <= now_ms)
        expired = (
            select(attempts.c.key)
            .where(has_expired)
            .order_by(attempts.c.expires_day)
            .limit(max(limit, 0))  # SQLite takes a negative one for no limit
        )
        # Said twice: what was extended after the inner query looked is looked at again.
        statement = delete(attempts).where(attempts.c.key.in_(expired), has_expired)
        return self._database.write(lambda connection: connection.execute(statement).rowcount, one_statement=True)


def row_values(rows: Mapping[str, tuple[int, int]]) -> dict[str, str | int]:
    """Return the values of rows, each a moment and a day under its key, as an `upsert` names them."""
    values: dict[str, str | int] = {}
    # In one order, so that two transactions never wait for each other's rows.
    for number, (key, (until_ms, expires_day)) in enumerate(sorted(rows.items())):
        check_text(key, "key")
        values |= {f"key_{number}": key, f"until_{number}": until_ms, f"day_{number}": expires_day}
    return values


def upsert(dialect: str, count: int) -> Upsert:
    """Return the insertion of so many rows, in the dialect of the database: only those say what is there already."""
    rows: list[dict[str, BindParameter[Any]]] = [  # Any: the columns have the types
        {"key": bindparam(f"key_{n}"), "until_ms": bindparam(f"until_{n}"), "expires_day": bindparam(f"day_{n}")}
        for n in range(count)
    ]
    if dialect == "postgresql":
        from sqlalchemy.dialects.postgresql import insert  # noqa: PLC0415  what SQLite's users need not load

        return insert(attempts).values(rows)
    return sqlite.insert(attempts).values(rows)


def adding(statement: Upsert) -> Upsert:
    """Return an upsert that lets moments lie further ahead."""
    there: ColumnElement[int] = attempts.c.until_ms
    now_ms, latest_ms = bindparam("now_ms", type_=BigInteger), bindparam("latest_ms", type_=BigInteger)
    start_ms = case((there < now_ms, now_ms), (there > latest_ms, latest_ms), else_=there)
    until_ms = start_ms + statement.excluded.until_ms - now_ms
    return statement.on_conflict_do_update(
        index_elements=[attempts.c.key], set_={"until_ms": until_ms, "expires_day": statement.excluded.expires_day}
    )


def putting(statement: Upsert) -> Upsert:
    """Return an upsert that replaces moments."""
    excluded = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=[attempts.c.key], set_={"until_ms": excluded.until_ms, "expires_day": excluded.expires_day}
    )


IN_SQL: Final[SQLPart[AttemptStore]] = SQLPart(
    metadata=metadata, migrations=Path(__file__).parent / "migrations", revision="0001", store=SQLAttempts
)

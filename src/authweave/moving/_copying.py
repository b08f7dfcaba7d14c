"""Copy a whole store from one database to another: every table of the core and of all parts, row by row."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias, cast

import attrs
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Integer,
    LargeBinary,
    String,
    Table,
    delete,
    func,
    insert,
    select,
    text,
    tuple_,
)

from authweave.storage import StorageError
from authweave.storage.sql import Database, SQLStorage, insert_rows, tenants
from authweave.types import PUBLIC_TENANT, Clock, ConfigurationError, JSONObject

from ._progress import Progress
from ._tables import Tables

BATCH: Final = 1000
"""Rows in a transaction."""

MOVE: Final = "copy"
PLAIN: Final = (String, Integer, BigInteger, Boolean, LargeBinary)
"""Types whose values drivers take as they are."""
DIGEST: Final = 1 << 256

Key: TypeAlias = list[Any]
"""What rows are sorted by: texts, numbers or bytes."""

OnRows = Callable[[str, int], None]
"""Is told a table's name, and how many of its rows are there."""


@attrs.frozen
class Sum:
    """
    What a table holds, in whatever order.

    Attributes:
        rows: how many.
        digest: the sum of the SHA-256 of each, modulo 2 ** 256.
    """

    rows: int
    digest: int


def copy_store(source: SQLStorage, target: SQLStorage, source_key: str, clock: Clock, on_rows: OnRows) -> int:
    """
    Copy all rows of a store into one that is empty, and compare the two. Blocks.

    How far it has come is written in the transaction of each batch: a copy that was killed goes on after it. Nobody
    may write to either meanwhile: what changes behind it shows in the comparison.

    Args:
        source: what is copied.
        target: is to hold the same; opened with all parts of the source, or more.
        source_key: tells the source from others, so that no copy goes on from another.
        clock: tells the time.
        on_rows: is told after each batch.

    Returns:
        How many rows there are.

    Raises:
        authweave.types.ConfigurationError: the target has rows of its own, or a copy of another source; the source is
            the target by another name, or itself a copy that was not ended.
        authweave.storage.StorageError: a database failed; or the two differ, and the message names the tables.
    """
    tables = list(Tables.of(source.parts).by_name.values())
    progress = Progress(target.database, MOVE, clock)
    check_whole(source, clock)
    state = progress.begin()
    if state is None:
        check_empty(target.database, list(Tables.of(target.parts).by_name.values()), progress)
        state = {"source": source_key, "table": "", "after": None}
        target.database.write(lambda connection: progress.note(connection, state))
        check_other(source, progress, clock)
        target.database.write(lambda connection: connection.execute(delete(tenants)))  # they are those of the source
    elif state["source"] != source_key:
        raise ConfigurationError("The target holds the begun copy of another database: name an empty one.")
    for table in tables_from(tables, str(state["table"])):
        after = decoded(state["after"]) if table.name == state["table"] else None
        copy_table(table, source.database, target.database, after, progress, source_key, on_rows)
    compare(tables, source.database, target.database)
    target.database.write(lambda connection: set_sequences(connection, tables))
    count = sum(count_rows(target.database, table) for table in tables)
    progress.forget()
    return count


def check_empty(database: Database, tables: Sequence[Table], progress: Progress) -> None:
    """
    Check that a target has nothing in it but the tenant that the first migration adds.

    Raises:
        authweave.types.ConfigurationError: it has.
    """
    with database.reading() as connection:
        found = [table.name for table in tables if table is not tenants and has_rows(connection, table)]
        if set(connection.execute(select(tenants.c.tenant_id)).scalars()) - {PUBLIC_TENANT}:
            found.insert(0, tenants.name)
    if found:
        progress.forget()
        message = f"The target has rows of its own ({', '.join(found)}): nothing was written"
        raise ConfigurationError(f"{message}. Name a database that is empty.")


def has_rows(connection: Connection, table: Table) -> bool:
    """Return whether a table has a row."""
    return connection.execute(select(text("1")).select_from(table).limit(1)).first() is not None


def check_whole(source: SQLStorage, clock: Clock) -> None:
    """
    Check that a source is no copy that was begun, and not ended.

    Raises:
        authweave.types.ConfigurationError: it is.
    """
    if Progress(source.database, MOVE, clock).find() is not None:
        raise ConfigurationError(
            "The source is a copy that was begun and not ended, or the target itself: end it first, with the source "
            "that it was begun with."
        )


def check_other(source: SQLStorage, progress: Progress, clock: Clock) -> None:
    """
    Check that a source is another database than the target, in which a copy was begun just now.

    Raises:
        authweave.types.ConfigurationError: it is the same, whatever the URLs say.
    """
    if Progress(source.database, MOVE, clock).find() is not None:
        progress.forget()
        raise ConfigurationError("FROM and TO are the same database, by two names: nothing was written.")


def tables_from(tables: Sequence[Table], name: str) -> Iterator[Table]:
    """Yield the tables from one on; all of them where it is none."""
    is_behind = any(table.name == name for table in tables)
    for table in tables:
        is_behind = is_behind and table.name != name
        if not is_behind:
            yield table


def copy_table(
    table: Table,
    source: Database,
    target: Database,
    after: Key | None,
    progress: Progress,
    source_key: str,
    on_rows: OnRows,
) -> None:
    """Copy what a table has after a key, a batch in a transaction."""
    columns = [column.name for column in table.columns]
    done = 0 if after is None else count_rows(target, table)
    while rows := read_rows(table, source, after):
        after = [rows[-1][columns.index(column.name)] for column in table.primary_key.columns]
        state: JSONObject = {"source": source_key, "table": table.name, "after": encoded(after)}

        def write(connection: Connection, rows: Sequence[tuple[Any, ...]] = rows, state: JSONObject = state) -> None:
            insert_all(connection, table, columns, rows)
            progress.note(connection, state)

        target.write(write)
        done += len(rows)
        on_rows(table.name, done)


def read_rows(table: Table, source: Database, after: Key | None) -> Sequence[tuple[Any, ...]]:
    """Return the next rows of a table, sorted by its key."""
    key = key_of(table)
    query = select(table).order_by(*key).limit(BATCH)
    if after is not None:
        query = query.where(tuple_(*key) > tuple_(*after, types=[column.type for column in key]))
    with source.reading() as connection:
        return [tuple(row) for row in connection.execute(query)]


def key_of(table: Table) -> Sequence[Column[Any]]:
    """
    Return what tells the rows of a table apart.

    Raises:
        authweave.types.ConfigurationError: nothing does.
    """
    key = list(table.primary_key.columns)
    if not key:
        raise ConfigurationError(f"The table {table.name!r} has no primary key, without which it cannot be copied.")
    return key


def insert_all(connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows: at once, where drivers take the values as they are."""
    if all(isinstance(column.type, PLAIN) for column in table.columns):
        insert_rows(connection, table, columns, rows)
    else:
        connection.execute(insert(table), [dict(zip(columns, row, strict=True)) for row in rows])


def compare(tables: Sequence[Table], source: Database, target: Database) -> None:
    """
    Compare two stores by the counts and digests of their tables.

    Raises:
        authweave.storage.StorageError: they differ.
    """
    different = [table.name for table in tables if sum_of(table, source) != sum_of(table, target)]
    if different:
        raise StorageError(
            f"The copy differs from its source in {', '.join(different)}: somebody wrote to one of them meanwhile. "
            "Stop the application, empty the target and copy again."
        )


def sum_of(table: Table, database: Database) -> Sum:
    """Return what a table holds."""
    rows, digest = 0, 0
    after: Key | None = None
    names = [column.name for column in table.columns]
    places = [names.index(column.name) for column in table.primary_key.columns]
    while page := read_rows(table, database, after):
        for row in page:
            written = json.dumps(row, default=in_json, separators=(",", ":")).encode()
            digest = (digest + int.from_bytes(hashlib.sha256(written).digest())) % DIGEST
        rows += len(page)
        after = [page[-1][place] for place in places]
    return Sum(rows, digest)


def count_rows(database: Database, table: Table) -> int:
    """Return how many rows a table has."""
    with database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def count_all(storage: SQLStorage) -> int:
    """Return how many rows a store has."""
    return sum(count_rows(storage.database, table) for table in Tables.of(storage.parts).by_name.values())


def set_sequences(connection: Connection, tables: Sequence[Table]) -> None:
    """Let PostgreSQL's sequences go on after the highest number that was copied."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables:
        column = table.autoincrement_column
        if column is None:
            continue
        found = select(func.pg_get_serial_sequence(table.name, column.name))
        sequence = connection.execute(found).scalar_one()
        highest = connection.execute(select(func.coalesce(func.max(column), 0))).scalar_one()
        if sequence is not None and highest:
            connection.execute(select(func.setval(sequence, highest)))


def in_json(value: object) -> object:
    """Return what stands for a value in JSON that JSON has not."""
    return {"bytes": value.hex()} if isinstance(value, bytes) else str(value)


def encoded(key: Key) -> list[Any]:
    """Return a key as JSON."""
    return [in_json(each) if isinstance(each, bytes) else each for each in key]


def decoded(key: object) -> Key | None:
    """Return a key that was kept as JSON."""
    if key is None:
        return None
    kept = cast("Sequence[str | int | Mapping[str, str]]", key)  # as `encoded` has written it
    return [bytes.fromhex(each["bytes"]) if isinstance(each, Mapping) else each for each in kept]

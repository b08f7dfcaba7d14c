"""
What refers to the tables of the library, on SQLite: other tables may, those of an application's own too.

SQLite alters most of a table by making it anew. With foreign keys on, to drop the old one deletes its rows first, and
what refers to them goes with them (ON DELETE CASCADE) or forgets them (SET NULL). So they are off for migrations, as
SQLite's documentation says (sqlite.org/lang_altertable.html, section 7), and all references are checked before the
commit. Inside of a transaction the pragma does nothing, and ``defer_foreign_keys`` stops no CASCADE.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final, TypeAlias

from sqlalchemy import ColumnClause, Connection, column, delete, literal, literal_column, select, text, update
from sqlalchemy import table as table_named
from sqlalchemy.exc import DatabaseError, IntegrityError

from authweave.storage._errors import StorageError
from authweave.types import ConfigurationError

from ._schema import users

Dangling: TypeAlias = Counter[tuple[str, str]]
"""How many rows of a table refer to none of another, by the names of both."""

DanglingRow: TypeAlias = tuple[str, int | None, int]
"""The table of a row that refers to none, its number there, and that of the foreign key."""

FOREIGN_KEYS: Final = text(
    """SELECT tables.name, keys."from", keys."to"
    FROM sqlite_master AS tables, pragma_foreign_key_list(tables.name) AS keys
    WHERE tables.type = 'table' AND keys."table" = :users COLLATE NOCASE AND keys.on_delete <> 'CASCADE'"""
)
"""Which columns refer to a table and do not go with its rows. Those of the library all do."""

TABLES: Final = text("SELECT name FROM sqlite_master WHERE type = 'table'")
NO_KEY: Final = "what is no key any more"


@contextmanager
def migrating(connection: Connection) -> Generator[None]:
    """
    Begin the transaction of migrations, and end it.

    Raises:
        authweave.types.ConfigurationError: rows of a table would refer to rows that are gone. Nothing was changed.
    """
    switch(connection, on=False)
    try:
        with connection.begin():
            before = dangling(connection)
            yield
            check_references(before, dangling(connection))
    finally:
        switch(connection, on=True)


def switch(connection: Connection, *, on: bool) -> None:
    """Switch foreign keys on or off, outside of a transaction."""
    driver = connection.connection.dbapi_connection
    if driver is None:
        raise StorageError("The database closed a new connection at once: try again.")
    cursor = driver.cursor()
    if on:
        cursor.execute("PRAGMA foreign_keys = ON")
    else:
        cursor.execute("PRAGMA foreign_keys = OFF")
    cursor.close()


def dangling(connection: Connection) -> Dangling:
    """Count the rows that refer to none."""
    found: Dangling = Counter()
    for table in connection.execute(TABLES).scalars().all():
        try:
            rows = connection.execute(text("SELECT parent FROM pragma_foreign_key_check(:name)"), {"name": table})
            found.update((table, parent) for parent in rows.scalars())
        except DatabaseError:  # "foreign key mismatch": it refers to columns of which none is a key
            found[table, NO_KEY] += 1
    return found


@contextmanager
def following(connection: Connection) -> Generator[None]:
    """
    Have rows follow those that the block deletes, as their foreign keys say: for migrations, while these are off.

    Where a key says neither CASCADE nor SET NULL, its rows stay, and `check_references` refuses. On PostgreSQL keys are
    always on.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    before = set(rows_that_dangle(connection))
    yield
    while new := set(rows_that_dangle(connection)) - before:
        before |= {each for each in new if not follow(connection, each)}


def rows_that_dangle(connection: Connection) -> Iterator[DanglingRow]:
    """Yield the rows that refer to none, each with the number of the foreign key that does."""
    for table in connection.execute(TABLES).scalars().all():
        with suppress(DatabaseError):  # as in `dangling`
            yield from (
                (table, row, key)
                for row, key in connection.execute(
                    text("SELECT rowid, fkid FROM pragma_foreign_key_check(:name)"), {"name": table}
                ).all()
            )


def follow(connection: Connection, dangling_row: DanglingRow) -> bool:
    """Do with a row what its foreign key says of rows that refer to deleted ones. Returns whether it says anything."""
    name, row, key = dangling_row
    keys = connection.execute(
        text('SELECT "from", on_delete FROM pragma_foreign_key_list(:name) WHERE id = :key'), {"name": name, "key": key}
    ).all()
    of_row = literal_column("rowid") == row
    columns: list[ColumnClause[Any]] = [column(each[0]) for each in keys]  # Any: of whatever type
    referring = table_named(name, *columns)
    actions = {each.on_delete for each in keys}
    if row is None or actions not in ({"CASCADE"}, {"SET NULL"}):
        return False
    if actions == {"CASCADE"}:
        connection.execute(delete(referring).where(of_row))
    else:
        connection.execute(update(referring).where(of_row).values({each[0]: None for each in keys}))
    return True


def check_references(before: Dangling, after: Dangling) -> None:
    """
    Check that no more rows refer to none than did before: what an application has left so long ago is its own affair.

    Raises:
        authweave.types.ConfigurationError: some do.
    """
    if worse := sorted((after - before).items()):
        refers = "; ".join(f"{count} of the table {table!r} to {parent!r}" for (table, parent), count in worse)
        raise ConfigurationError(
            f"The migration was refused, since rows would refer to rows that are gone: {refers}. Nothing was changed. "
            "Change or delete them first, or take their foreign key away."
        )


def table_referring_to(connection: Connection, user_id: str) -> str | None:
    """
    Return a table with a row that refers to a user and does not give way; None where none is found.

    SQLite says that a foreign key failed, and not which.
    """
    found = connection.execute(FOREIGN_KEYS, {"users": users.name}).all()
    for name, referring, referred in found:
        refers = column(referring) == user_id
        if (
            referred in {None, users.c.user_id.name}
            and connection.execute(
                select(literal(1)).select_from(table_named(name, column(referring))).where(refers).limit(1)
            ).first()
        ):
            return str(name)
    return table_referring_further(connection, user_id)


def table_referring_further(connection: Connection, user_id: str) -> str | None:
    """
    Return a table that refers to what goes with a user (ON DELETE CASCADE), and does not give way itself.

    The user is deleted to find out: whoever asks is about to undo that.
    """
    before = dangling(connection)
    connection.execute(text("PRAGMA defer_foreign_keys = ON"))
    try:
        connection.execute(delete(users).where(users.c.user_id == user_id))
        return next((name for name, _ in dangling(connection) - before), None)
    except IntegrityError:  # RESTRICT cannot be put off
        return None
    finally:
        connection.execute(text("PRAGMA defer_foreign_keys = OFF"))

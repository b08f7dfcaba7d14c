"""
What refers to the tables of the library, on SQLite: other tables may, those of an application's own too.

SQLite alters most of a table by making it anew. With foreign keys on, to drop the old one deletes its rows first, and
what refers to them goes with them (ON DELETE CASCADE) or forgets them (SET NULL). So they are off for migrations, as
SQLite's documentation says (sqlite.org/lang_altertable.html, section 7), and all references are checked before the
commit. Inside of a transaction the pragma does nothing, and ``defer_foreign_keys`` stops no CASCADE.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final, TypeAlias

from sqlalchemy import Connection, column, delete, literal, select, text
from sqlalchemy import table as table_named
from sqlalchemy.exc import DatabaseError, IntegrityError

from authweave.storage._errors import StorageError
from authweave.types import ConfigurationError

from ._schema import users

Dangling: TypeAlias = Counter[tuple[str, str]]
"""How many rows of a table refer to none of another, by the names of both."""

FOREIGN_KEYS: Final = text(
    """SELECT tables.name, keys."from", keys."to"
    FROM sqlite_master AS tables, pragma_foreign_key_list(tables.name) AS keys
    WHERE tables.type = 'table' AND keys."table" = :users COLLATE NOCASE AND keys.on_delete <> 'CASCADE'"""
)
"""Which columns refer to a table and do not go with its rows. Those of the library all do."""

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
    tables = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
    found: Dangling = Counter()
    for table in tables:
        try:
            rows = connection.execute(text("SELECT parent FROM pragma_foreign_key_check(:name)"), {"name": table})
            found.update((table, parent) for parent in rows.scalars())
        except DatabaseError:  # "foreign key mismatch": it refers to columns of which none is a key
            found[table, NO_KEY] += 1
    return found


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

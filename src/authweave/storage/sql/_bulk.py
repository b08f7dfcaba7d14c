"""Many rows at once, the quickest way that the database has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Table


def insert_rows(connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """
    Insert rows in the transaction of a connection: by ``COPY`` on PostgreSQL, by one prepared statement on SQLite.

    There is no conversion: the values are what the driver takes (text, bytes, numbers, booleans, None).

    Args:
        connection: as `Database.write` hands it over.
        table: where.
        columns: in the order of the values.
        rows: the values. ``Any``: of each column its own.

    Raises:
        Exception: what the driver raises: `Database.write` translates it.
    """
    quote = connection.dialect.identifier_preparer.quote
    names = ", ".join(quote(name) for name in columns)
    cursor: Any = connection.connection.cursor()  # Any: COPY is psycopg's own
    try:
        if connection.dialect.name == "postgresql":
            with cursor.copy(f"COPY {quote(table.name)} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            places = ", ".join("?" * len(columns))
            statement = f"INSERT INTO {quote(table.name)} ({names}) VALUES ({places})"  # noqa: S608  names of our own
            cursor.executemany(statement, rows)
    finally:
        cursor.close()

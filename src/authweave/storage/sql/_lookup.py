"""A row, as fast as the driver gives it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Select, bindparam, select

from ._database import Database, Value, driver_of, fetched_from
from ._written import Written


class Lookup:
    """
    Find a row of a table by one column, for what is asked with every request.

    SQLAlchemy writes the SQL and keeps the connection; the driver executes it. With SQLAlchemy's own execution the
    same takes three times as long. There is no conversion: the columns may have text, integers and bytes only.

    Args:
        database: where.
        key: what rows are found by.
        columns: what is wanted of them.
        conditions: what they have to fulfil beside; without parameters.
    """

    def __init__(
        self, database: Database, key: Column[str], columns: Sequence[str], *conditions: ColumnElement[bool]
    ) -> None:
        statement = select(*(key.table.c[name] for name in columns)).where(key == bindparam("key"), *conditions)
        self._database = database
        self._sql = str(statement.compile(dialect=database.dialect))
        self._is_positional = database.dialect.positional

    def find(self, key: str) -> tuple[Any, ...] | None:  # Any: a database's row has no static type
        """
        Return the row, in the order of the columns, or None.

        Raises:
            StorageError: the database refused.
        """
        return self._database.find_row(self._sql, (key,) if self._is_positional else {"key": key})


class Query:
    """
    Asks for rows, by a statement that SQLAlchemy writes once: as `Lookup`, for what is found by more than a key.

    Args:
        database: where.
        statement: with a `bindparam` for each value.
    """

    def __init__(self, database: Database, statement: Select[*tuple[Any, ...]]) -> None:  # Any: as below
        self._database = database
        self._written = Written(database.dialect, statement)

    def first(self, values: Mapping[str, Value]) -> tuple[Any, ...] | None:  # Any: a database's row has no static type
        """
        Return the first row, or None.

        Raises:
            StorageError: the database refused.
        """
        return self._database.find_row(self._written.sql, self._written.parameters(values))

    def all(self, values: Mapping[str, Value]) -> Sequence[tuple[Any, ...]]:  # Any: as above
        """
        Return all rows.

        Raises:
            StorageError: the database refused.
        """
        return self._database.find_rows(self._written.sql, self._written.parameters(values))

    def run(
        self, connection: Connection, values: Mapping[str, Value]
    ) -> Sequence[tuple[Any, ...]]:  # Any: rows of any kind
        """Return all rows, in the transaction of a connection: see `Database.write`."""
        parameters = self._written.parameters(values)
        return fetched_from(driver_of(connection), self._written.sql, parameters, lambda cursor: cursor.fetchall())

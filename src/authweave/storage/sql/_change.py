"""A change of rows whose SQL is written once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, Delete, Insert, Update
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.sql.dml import ReturningUpdate

from ._database import Database, Parameters, Value, driver_of
from ._written import Written

R = TypeVar("R")


class Change:
    """
    Changes rows, by one statement that SQLAlchemy writes once, for what is asked with every sign-in and refresh.

    Written anew for each call it takes longer than the rest of the transaction, but for the disk. There is no
    conversion: the values may be text, integers and None only.

    Args:
        database: where.
        statement: with a `bindparam` for each value; an INSERT has one for each column.
    """

    def __init__(
        self, database: Database, statement: Insert | Update | Delete | ReturningUpdate[*tuple[Any, ...]]
    ) -> None:
        self._database = database
        self._written = Written(database.dialect, statement)

    def execute(self, values: Mapping[str, Value]) -> int:
        """
        Change the rows, in a transaction of its own. Returns how many there were.

        Raises:
            StorageError: as `Database.write`.
        """
        parameters = self._written.parameters(values)
        return self._database.change(lambda driver: self._run(driver, parameters, count_of))

    def execute_or(self, other: Change, values: Mapping[str, Value]) -> int:
        """
        Change the rows, or where there are none those of another change, in one transaction.

        Returns how many there were. Raises as `execute`.
        """
        parameters = self._written.parameters(values)

        def run(driver: DBAPIConnection) -> int:
            changed = self._run(driver, parameters, count_of)
            return changed or other._run(driver, other._written.parameters(values), count_of)

        return self._database.change(run)

    def execute_many(self, rows: Iterable[Mapping[str, Value]]) -> None:
        """
        Change rows once for each of several sets of values, in one transaction.

        Raises:
            StorageError: as `execute`.
        """
        parameters: list[Any] = [self._written.parameters(values) for values in rows]  # Any: all by name, or by place

        def run(driver: DBAPIConnection) -> None:
            cursor = driver.cursor()
            try:
                cursor.executemany(self._written.sql, parameters)
            finally:
                cursor.close()

        self._database.change(run, one_statement=False)

    def run(self, connection: Connection, values: Mapping[str, Value]) -> int:
        """Change the rows in the transaction of a connection: see `Database.write`. Returns how many there were."""
        return self._run(driver_of(connection), self._written.parameters(values), count_of)

    def returning(self, values: Mapping[str, Value]) -> Sequence[tuple[Any, ...]]:  # Any: a row has no static type
        """
        Change the rows, in a transaction of its own. Returns what the statement says of each (``RETURNING``).

        Raises:
            StorageError: as `Database.write`.
        """
        parameters = self._written.parameters(values)
        return self._database.change(lambda driver: self._run(driver, parameters, lambda cursor: cursor.fetchall()))

    def _run(self, driver: DBAPIConnection, parameters: Parameters, answer: Callable[[DBAPICursor], R]) -> R:
        cursor = driver.cursor()
        try:
            cursor.execute(self._written.sql, parameters)
            return answer(cursor)
        finally:
            cursor.close()


def count_of(cursor: DBAPICursor) -> int:
    """Return how many rows a statement changed."""
    return cursor.rowcount

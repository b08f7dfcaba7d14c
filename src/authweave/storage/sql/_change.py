"""A change of rows whose SQL is written once."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, Delete, Insert, Update

from ._database import Database, Value


class Change:
    """
    Changes rows, by one statement that SQLAlchemy writes once, for what is asked with every sign-in and refresh.

    Written anew for each call it takes longer than the rest of the transaction, but for the disk. There is no
    conversion: the values may be text, integers and None only.

    Args:
        database: where.
        statement: with a `bindparam` for each value; an INSERT has one for each column.
    """

    def __init__(self, database: Database, statement: Insert | Update | Delete) -> None:
        compiled = statement.compile(dialect=database.dialect)
        self._database = database
        self._sql = str(compiled)
        self._names: list[str] | None = compiled.positiontup

    def execute(self, values: Mapping[str, Value]) -> int:
        """
        Change the rows, in a transaction of its own. Returns how many there were.

        Raises:
            StorageError: as `Database.write`.
        """
        return self._database.write(lambda connection: self.run(connection, values), one_statement=True)

    def run(self, connection: Connection, values: Mapping[str, Value]) -> int:
        """Change the rows in the transaction of a connection: see `Database.write`. Returns how many there were."""
        parameters = values if self._names is None else tuple(values[name] for name in self._names)
        cursor = connection.connection.cursor()
        try:
            cursor.execute(self._sql, parameters)
            return cursor.rowcount
        finally:
            cursor.close()

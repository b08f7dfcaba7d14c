"""A change of rows whose SQL is written once."""

from __future__ import annotations

from sqlalchemy import Update

from ._database import Database


class Change:
    """
    Changes rows, with an UPDATE that SQLAlchemy writes once, for what is asked with every refresh.

    Written anew for each call it takes longer than the rest of the transaction, but for the disk. There is no
    conversion: the values may be text, integers and None only.

    Args:
        database: where.
        statement: with a `bindparam` for each value.
    """

    def __init__(self, database: Database, statement: Update) -> None:
        compiled = statement.compile(dialect=database.engine.dialect)
        self._database = database
        self._sql = str(compiled)
        self._names: list[str] | None = compiled.positiontup

    def execute(self, values: dict[str, str | int | None]) -> int:
        """
        Change the rows, in a transaction of its own. Returns how many there were.

        Raises:
            StorageError: as `Database.writing`.
        """
        given = values if self._names is None else tuple(values[name] for name in self._names)
        with self._database.writing() as connection:
            return connection.exec_driver_sql(self._sql, given).rowcount

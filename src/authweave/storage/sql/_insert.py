"""An insertion that leaves what is there as it is."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import sqlite

from ._database import Value


def insert_unless_there(connection: Connection, table: Table, row: Mapping[str, Value]) -> bool:
    """
    Insert a row unless one of its key is there, and return whether it was inserted.

    Of two transactions at once one inserts. A foreign key that is violated is an error, as always.
    """
    key = table.primary_key.columns.values()[0]
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert  # noqa: PLC0415  what SQLite's users need not load

        on_postgresql = insert(table).on_conflict_do_nothing().returning(key)
        return connection.execute(on_postgresql, row).first() is not None
    on_sqlite = sqlite.insert(table).on_conflict_do_nothing().returning(key)
    return connection.execute(on_sqlite, row).first() is not None

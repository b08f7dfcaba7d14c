"""An insertion that leaves what is there as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import sqlite

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

InsertUnlessThere: TypeAlias = "sqlite.Insert | postgresql.Insert"


def insert_unless_there(connection: Connection, table: Table) -> InsertUnlessThere:
    """
    Return the insertion of a row unless one of its key is there, in the dialect of the database.

    Of two transactions at once one inserts. The result's ``rowcount`` says whether it was this one. A foreign key that
    is violated still is an error.
    """
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert  # noqa: PLC0415  what SQLite's users need not load

        return insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()

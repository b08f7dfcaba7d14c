"""What cannot be used without the server's secret: counted, and forgotten where the secret is lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, Table, delete, func, select

from authweave.storage._part import StorePart

from ._schema import signing_keys


def sealed_tables(parts: Sequence[StorePart[object]]) -> Mapping[str, Table]:
    """Return the tables of the core and of parts whose rows are worth nothing without the secret, by what they hold."""
    found = {"signing keys": signing_keys}
    for part in parts:
        found |= part.in_sql().sealed
    return found


def count_rows(connection: Connection, tables: Mapping[str, Table]) -> dict[str, int]:
    """Count the rows of tables."""
    return {
        name: connection.execute(select(func.count()).select_from(table)).scalar_one() for name, table in tables.items()
    }


def delete_rows(connection: Connection, tables: Mapping[str, Table]) -> dict[str, int]:
    """Delete the rows of tables; return how many there were of each."""
    return {name: connection.execute(delete(table)).rowcount for name, table in tables.items()}

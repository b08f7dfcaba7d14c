"""What a start has to know of tables and statements in SQL: to load SQLAlchemy for it takes a third of the time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Protocol, TypeAlias

import attrs

Value: TypeAlias = str | int | None

CORE_VERSION_TABLE: Final = "authweave_version"


@attrs.frozen
class WrittenAhead:
    """
    A statement, as SQLite takes it.

    Attributes:
        sql: the text.
        names: the names of its parameters, by position.
        known: the values of those that it has by itself.
    """

    sql: str
    names: tuple[str, ...] = ()
    known: Mapping[str, str | int] = attrs.field(factory=dict[str, str | int])

    def parameters(self, values: Mapping[str, Value]) -> tuple[Value, ...]:
        """Return the values as the driver takes them."""
        return tuple(self.known[name] if name in self.known else values[name] for name in self.names)


@attrs.frozen
class Ahead:
    """
    What is known of a part, or of the core, where its modules in SQL are not loaded.

    ``python -m authweave.storage.sql`` writes it down in a module ``ahead.py``, from the tables and statements in SQL.

    Attributes:
        revision: the newest of its migrations.
        version: asks at which one a database stands.
        tables: its tables, with their columns.
        statements: what is asked at a start, by name (`SQLPart.at_start`).
    """

    revision: str
    version: WrittenAhead
    tables: Mapping[str, tuple[str, ...]]
    statements: Mapping[str, WrittenAhead] = attrs.field(factory=dict[str, WrittenAhead])


class Rows(Protocol):
    """Asks for rows by one statement."""

    def first(self, values: Mapping[str, Value]) -> tuple[Any, ...] | None:  # Any: rows have no static type
        """Return the first row, or None."""
        ...

    def all(self, values: Mapping[str, Value]) -> Sequence[tuple[Any, ...]]:  # Any: as above
        """Return all rows."""
        ...


Ask: TypeAlias = Callable[[str], Rows]
"""Returns what asks by a statement of `Ahead.statements`."""


class NotAheadError(Exception):
    """What was asked has no statement that was written ahead: it goes to the store."""


def version_table_of(part: str) -> str:
    """Return where the revision of a part is kept."""
    return f"authweave_{part}_version"

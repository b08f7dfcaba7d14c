"""The database of another system, read a page of users at a time."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeAlias, TypeVar, cast
from uuid import UUID

from sqlalchemy import Column, Connection, Engine, MetaData, Table, create_engine, func, make_url, select
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, NoSuchTableError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from authweave.moving._files import Convert, as_it_is, converted
from authweave.moving._source import Item
from authweave.storage import StorageError
from authweave.types import ConfigurationError

from ._values import Foreign

Row: TypeAlias = Mapping[str, Foreign]
"""Of a table of somebody else's: its columns have whatever types that one gave them."""

Rows = TypeVar("Rows")

PAGE: Final = 1000
DRIVERS: Final = {"postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}


class Elsewhere:
    """
    The database of another system.

    Args:
        url: where it is: of PostgreSQL, SQLite, or whatever SQLAlchemy has a driver for.
        system: whose it is, for messages.

    Raises:
        authweave.types.ConfigurationError: it is no URL of a database that can be opened.
    """

    def __init__(self, url: str, system: str) -> None:
        try:
            parsed = make_url(url)
            parsed = parsed.set(drivername=DRIVERS.get(parsed.drivername, parsed.drivername))
            self.engine: Engine = create_engine(parsed, poolclass=NullPool)
        except (ArgumentError, NoSuchModuleError, ImportError, ValueError):
            message = f"--from {system}: instead of a file, give the URL of its database (postgresql://...)"
            raise ConfigurationError(f"{message}, of one whose driver is installed.") from None
        file = parsed.database or ""
        is_plain = parsed.get_backend_name() == "sqlite" and not file.startswith("file:")  # a URI says for itself
        if is_plain and not Path(file).is_file():  # it would be made
            message = f"--from {system}: there is no such database"
            raise ConfigurationError(f"{message}: check the URL, and the directory that the command was started in.")
        self.system: str = system
        shown = parsed.set(password=None).render_as_string()
        self.key: str = f"{system}:{hashlib.sha256(shown.encode()).hexdigest()}"
        self._metadata = MetaData()

    def table(self, name: str, *columns: str) -> Table:
        """
        Return a table, as the database describes it.

        Raises:
            authweave.types.ConfigurationError: there is none, or it has not these columns.
        """
        found = self.optional_table(name)
        if found is None:
            raise ConfigurationError(f"--from {self.system}: the database has no table {name!r}: is it the right one?")
        if missing := [column for column in columns if column not in found.c]:
            message = f"the table {name!r} has no {', '.join(missing)}: its release is none that can be read"
            raise ConfigurationError(f"--from {self.system}: {message}.")
        return found

    def optional_table(self, name: str) -> Table | None:
        """Return a table; None where there is none."""
        schema, _, bare = name.rpartition(".")
        try:
            return Table(bare, self._metadata, schema=schema or None, autoload_with=self.engine, resolve_fks=False)
        except NoSuchTableError:
            return None
        except SQLAlchemyError as error:
            raise ConfigurationError(
                f"--from {self.system}: the database cannot be read ({type(error).__name__}): check the URL, and that "
                "its user may read the tables."
            ) from None


class Users:
    """
    The users of a database: rows of one table, in the order of a key, with rows of others.

    Args:
        elsewhere: the database.
        key: the column that tells users apart.
        read: makes, of some keys, what `convert` is given for each; in the order of the keys.
        convert: makes a line of our own format of it.
        only: conditions for the rows that are users.
    """

    def __init__(
        self,
        elsewhere: Elsewhere,
        key: Column[Foreign],
        read: Callable[[Connection, Sequence[Foreign]], Iterator[object]],
        convert: Convert,
        *only: Foreign,
    ) -> None:
        self._engine = elsewhere.engine
        self._system = elsewhere.system
        self._key = key
        self._read = read
        self._convert = convert
        self._only = only
        self.key: str | None = elsewhere.key

    @property
    def size(self) -> int:
        """How many there are."""
        count = select(func.count(self._key.distinct())).where(*self._only)
        return self._rows(lambda connection: connection.execute(count).scalar_one())

    def items(self, after: str | None) -> Iterator[Item]:
        """Yield them. A place is the number of the row and its key."""
        number, last = (0, None) if after is None else self._place(after)
        while page := self._page(last):
            for key, raw in page:
                number += 1
                yield Item(f"{number}:{key}", number, converted(self._convert, as_it_is, raw), number)
                last = key

    def _place(self, after: str) -> tuple[int, Foreign]:
        number, _, key = after.partition(":")
        return int(number), self._key.type.python_type(key) if self._key.type.python_type is not UUID else UUID(key)

    def _page(self, last: Foreign) -> list[tuple[Foreign, object]]:
        conditions = self._only if last is None else (*self._only, self._key > last)
        query = select(self._key).distinct().where(*conditions).order_by(self._key).limit(PAGE)

        def read(connection: Connection) -> list[tuple[Foreign, object]]:
            keys = connection.execute(query).scalars().all()
            return list(zip(keys, self._read(connection, keys), strict=True)) if keys else []

        return self._rows(read)

    def _rows(self, read: Callable[[Connection], Rows]) -> Rows:
        try:
            with self._engine.connect() as connection:
                return read(connection)
        except SQLAlchemyError as error:
            message = f"--from {self._system}: its database could not be read ({type(error).__name__})"
            raise StorageError(f"{message}. Start the command again: it goes on where it was.") from None


def grouped(
    connection: Connection, table: Table | None, column: str, keys: Collection[Foreign], *only: Foreign
) -> defaultdict[Foreign, list[Row]]:
    """Return rows by what they have in a column, of those that have one of some keys there; none without a table."""
    found: defaultdict[Foreign, list[Row]] = defaultdict(list)
    if table is None or not keys:
        return found
    order = list(table.primary_key.columns) or [table.c[column]]
    for row in connection.execute(select(table).where(table.c[column].in_(keys), *only).order_by(*order)).mappings():
        found[row[column]].append(cast("Row", row))  # its keys are texts
    return found

"""The whole store, in SQL, and how it is opened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TypeVar, cast

from sqlalchemy import URL, Connection
from typing_extensions import override

from authweave.storage._errors import TransactionError
from authweave.storage._faults import part_faults
from authweave.storage._options import StorageOptions
from authweave.storage._part import StorePart
from authweave.storage._protocols import HasConnection, KeepsTime, ReadsAtOnce, Storage
from authweave.storage._terms import Transaction, transaction_of
from authweave.types import Clock, ConfigurationError, install_command

from ._backend import Backend
from ._database import Database
from ._history import histories_of
from ._keys import SQLKeys
from ._links import SQLLinks
from ._migrate import make_ready
from ._parts import not_opened_with
from ._passkeys import Passkeys
from ._sealed import count_rows, delete_rows, sealed_tables
from ._sqlite import sqlite_backend
from ._tenants import SQLTenants
from ._transaction import SQLTransaction
from ._translation import translate_errors
from ._url import parse_url
from ._user_ids import SQLUserIds
from ._user_lists import SQLUserLists
from ._users import SQLUsers

R = TypeVar("R")
StoreT = TypeVar("StoreT")


class SQLStorage(
    SQLUsers,
    SQLUserLists,
    SQLLinks,
    SQLUserIds,
    SQLKeys,
    SQLTenants,
    Storage,
    KeepsTime,
    HasConnection,
    ReadsAtOnce,
):
    """
    Keep everything in an SQL database. `open_storage` makes one.

    .. versionadded:: 0.1.0
    """

    def __init__(self, database: Database, parts: Sequence[StorePart[object]] = ()) -> None:
        super().__init__(database)
        self._parts = tuple(parts)
        self.reads_at_once: bool = database.reads_at_once
        for columns in (part.in_sql().passkeys for part in self._parts):
            if columns is not None:
                database.passkeys = Passkeys(database, *columns)
        self._stores: dict[str, object] = {part.name: part.in_sql().store(database) for part in parts}

    @property
    @override
    def parts(self) -> tuple[StorePart[object], ...]:
        return self._parts

    @property
    @override
    def clock(self) -> Clock:
        """The database's time on PostgreSQL, which machines with clocks of their own share; else the machine's."""
        return self._database.clock

    @override
    def part(self, part: StorePart[StoreT]) -> StoreT:
        if part.name not in self._stores:
            raise not_opened_with(part)
        return cast("StoreT", self._stores[part.name])  # made by the part of this name

    @property
    def database(self) -> Database:
        """The database that all parts share, for what reads or writes many rows of several at once."""
        return self._database

    def count_sealed(self) -> dict[str, int]:
        """
        Count what cannot be used without the server's secret, by kind (``{"signing keys": 2, "sessions": 7}``).

        Raises:
            authweave.storage.StorageError: the database could not be asked.
        """
        with self._database.reading() as connection:
            return count_rows(connection, sealed_tables(self._parts))

    def forget_sealed(self) -> dict[str, int]:
        """
        Delete what cannot be used without the server's secret, for who has lost it; return how many rows of each kind.

        Raises:
            authweave.storage.StorageError: nothing was deleted.
        """
        tables = sealed_tables(self._parts)
        return self._database.write(lambda connection: delete_rows(connection, tables))

    @override
    def transaction(self) -> AbstractContextManager[SQLTransaction]:
        return self._database.transaction()

    @override
    def transact(self, work: Callable[[], R], /) -> R:
        return self._database.transact(work)

    @override
    def connection(self) -> Connection:
        running = self._database.running_transaction()
        if running is None:
            raise TransactionError("There is no transaction here whose connection could be had: begin one first.")
        return running.connection

    @override
    def running_transaction(self) -> Transaction | None:
        return transaction_of(self._database)

    @override
    def close(self) -> None:
        self._database.close()


def open_storage(
    url: str, options: StorageOptions | None = None, parts: Sequence[StorePart[object]] = ()
) -> SQLStorage:
    """
    Open the store at a URL.

    What is acknowledged survives a crash of the machine: on SQLite ``synchronous`` is ``FULL``, on PostgreSQL
    ``synchronous_commit`` stays as the server has it, which is ``on`` unless somebody changed it.

    Args:
        url: ``sqlite:///auth.db`` (in the working directory), ``sqlite:////var/lib/app/auth.db`` (absolute), or
            ``sqlite://`` for one in memory that ends with the process. A new file may be read by its owner alone.
            ``postgresql://user:password@host:5432/database`` for a server; libpq's parameters may follow a ``?``.
        options: sizes and timeouts, and whether tables are made or brought up to date.
        parts: what recipes keep, beside what all of them share.

    Raises:
        authweave.types.ConfigurationError: the URL is none of these, the file cannot be created or is not a database,
            the tables are not those of this release and were not to be made, a newer release has written them, or
            parts collide (`authweave.storage.part_faults`).
        authweave.storage.StorageError: the file stays locked, or the server cannot be reached or refuses.
    """
    options = options or StorageOptions()
    parsed = parse_url(url)
    if faults := part_faults(parts):
        raise ConfigurationError(" ".join(faults))
    chosen = tuple(dict.fromkeys(parts))
    migrate = parsed.get_backend_name() == "sqlite" if options.migrate is None else options.migrate
    backend = backend_for(parsed, options)
    try:
        with translate_errors(backend):
            backend.before_first_use()
            make_ready(backend, histories_of(chosen), migrate=migrate)
        return SQLStorage(Database(backend), chosen)
    except BaseException:
        backend.engine.dispose()
        raise


def storage_in(path: Path, options: StorageOptions, parts: Sequence[StorePart[object]]) -> SQLStorage:
    """
    Return the store in a file that this process has found to be up to date before.

    Nothing is opened yet, and nothing made: where the file is gone, no empty one is to take its place.
    """
    return SQLStorage(Database(backend_for(URL.create("sqlite", database=str(path)), options)), parts)


def backend_for(url: URL, options: StorageOptions) -> Backend:
    """
    Return the backend that a URL is for.

    Raises:
        authweave.types.ConfigurationError: as for `open_storage`.
    """
    if url.get_backend_name() == "sqlite":
        return sqlite_backend(url, options)
    try:
        from ._postgresql import postgresql_backend  # noqa: PLC0415  needs an extra, which SQLite does without
    except ImportError as error:
        message = f"open_storage: PostgreSQL needs psycopg: {install_command('postgresql')}"
        raise ConfigurationError(message) from error
    return postgresql_backend(url, options)

"""The whole store, in SQL, and how it is opened."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError
from typing_extensions import override

from authweave.storage import Storage, StorageOptions
from authweave.types import ConfigurationError

from ._backend import Backend
from ._database import Database, translated_errors
from ._keys import SQLKeys
from ._migrate import make_ready
from ._sessions import SQLSessions
from ._sqlite import sqlite_backend, sqlite_path
from ._tenants import SQLTenants
from ._third_parties import SQLThirdParties
from ._users import SQLUsers

DRIVERS: Final = {
    "sqlite": "sqlite",
    "sqlite+pysqlite": "sqlite",
    "postgresql": "postgresql",
    "postgresql+psycopg": "postgresql",
    "postgres": "postgresql",  # as some hosts write it
}
EXAMPLES: Final = "write one like 'sqlite:///auth.db' or 'postgresql://user:password@host:5432/database'."


class SQLStorage(SQLUsers, SQLThirdParties, SQLSessions, SQLKeys, SQLTenants, Storage):
    """
    Keep everything in an SQL database. `open_storage` makes one.

    .. versionadded:: 0.1.0
    """

    @override
    def close(self) -> None:
        self._database.close()


def open_storage(url: str, options: StorageOptions | None = None) -> Storage:
    """
    Open the store at a URL.

    What is acknowledged survives a crash of the machine: on SQLite ``synchronous`` is ``FULL``, on PostgreSQL
    ``synchronous_commit`` stays as the server has it, which is ``on`` unless somebody changed it.

    Args:
        url: ``sqlite:///auth.db`` (in the working directory), ``sqlite:////var/lib/app/auth.db`` (absolute), or
            ``sqlite://`` for one in memory that ends with the process. A new file may be read by its owner alone.
            ``postgresql://user:password@host:5432/database`` for a server; libpq's parameters may follow a ``?``.
        options: sizes and timeouts, and whether tables are made or brought up to date.

    Raises:
        authweave.types.ConfigurationError: the URL is none of these, the file cannot be created or is not a database,
            the tables are not those of this release and were not to be made, or a newer release has written them.
        authweave.storage.StorageError: the file stays locked, or the server cannot be reached or refuses.
    """
    options = options or StorageOptions()
    parsed = parsed_url(url)
    migrate = parsed.get_backend_name() == "sqlite" if options.migrate is None else options.migrate
    backend = backend_for(parsed, options)
    try:
        with translated_errors(backend):
            backend.before_first_use()
            make_ready(backend, migrate=migrate)
    except BaseException:
        backend.engine.dispose()
        raise
    return SQLStorage(Database(backend))


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
        message = "open_storage: PostgreSQL needs psycopg: install it with pip install 'authweave[postgresql]'."
        raise ConfigurationError(message) from error
    return postgresql_backend(url, options)


def database_file(url: str) -> Path | None:
    """
    Return the absolute path of the file that a URL means; None where it means a database in memory, or a server.

    Raises:
        authweave.types.ConfigurationError: as for `open_storage`.
    """
    parsed = parsed_url(url)
    return sqlite_path(parsed) if parsed.get_backend_name() == "sqlite" else None


def is_on_server(url: str) -> bool:
    """
    Say whether a URL means a database that several machines may share.

    Raises:
        authweave.types.ConfigurationError: as for `open_storage`.
    """
    return parsed_url(url).get_backend_name() != "sqlite"


def parsed_url(url: str) -> URL:
    """
    Parse a URL of SQLite or PostgreSQL. What was written is in no message: it may hold a password.

    Raises:
        authweave.types.ConfigurationError: it is neither.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # the second: a port that is no number
        raise ConfigurationError(f"open_storage: this is not a URL: {EXAMPLES}") from None
    if "?" in url and not parsed.query:  # make_url drops a query without '=', and the rest would be another file
        raise ConfigurationError(f"open_storage: write the '?' of a file's name or a password as %3F: {EXAMPLES}")
    if parsed.drivername not in DRIVERS:
        raise ConfigurationError(f"open_storage: {parsed.drivername!r} is not supported: {EXAMPLES}")
    return parsed.set(drivername=DRIVERS[parsed.drivername])

"""The whole store, in SQL, and how it is opened."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError
from typing_extensions import override

from authweave.storage import Storage
from authweave.types import ConfigurationError

from ._database import Database, translated_errors
from ._keys import SQLKeys
from ._migrate import upgrade
from ._sessions import SQLSessions
from ._sqlite import sqlite_engine, sqlite_path, switch_to_wal
from ._tenants import SQLTenants
from ._third_parties import SQLThirdParties
from ._users import SQLUsers

BUSY_TIMEOUT_S: Final = 5.0


class SQLStorage(SQLUsers, SQLThirdParties, SQLSessions, SQLKeys, SQLTenants, Storage):
    """
    Keep everything in an SQL database. `open_storage` makes one.

    .. versionadded:: 0.1.0
    """

    @override
    def close(self) -> None:
        self._database.close()


def open_storage(url: str, *, busy_timeout_s: float = BUSY_TIMEOUT_S) -> Storage:
    """
    Open the store at a URL; its tables are made, or brought up to date, first.

    What is acknowledged survives a crash of the machine (``synchronous = FULL``).

    Args:
        url: ``sqlite:///auth.db`` (in the working directory), ``sqlite:////var/lib/app/auth.db`` (absolute), or
            ``sqlite://`` for one in memory that ends with the process. A new file may be read by its owner alone.
        busy_timeout_s: how long a writer waits for the others before it raises `StorageError`, in seconds.

    Raises:
        authweave.types.ConfigurationError: the URL is none of these, the file cannot be created or is not a database,
            or a newer release has written it.
        authweave.storage.StorageError: the file stays locked.
    """
    path = database_file(url)
    engine = sqlite_engine(path, busy_timeout_s=busy_timeout_s)
    try:
        with translated_errors():
            if path is not None:
                switch_to_wal(engine, busy_timeout_s)
            upgrade(engine)
    except BaseException as error:
        engine.dispose()
        if path is not None and "SQLITE_NOTADB" in str(error):
            message = f"{str(path)!r} is not an SQLite database: name another file, or move this one away."
            raise ConfigurationError(message) from error
        raise
    return SQLStorage(Database(engine, single=path is None, timeout_s=busy_timeout_s))


def database_file(url: str) -> Path | None:
    """
    Return the absolute path of the file that a URL means; None where it means a database in memory.

    Raises:
        authweave.types.ConfigurationError: as for `open_storage`.
    """
    return sqlite_path(sqlite_url(url))


def sqlite_url(url: str) -> URL:
    """
    Parse a URL of SQLite. What was written is in no message: it may hold a password.

    Raises:
        authweave.types.ConfigurationError: it is not one.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # the second: a port that is no number
        raise ConfigurationError("open_storage: this is not a URL: write one like 'sqlite:///auth.db'.") from None
    if "?" in url and not parsed.query:  # make_url drops a query without '=', and the rest would be another file
        raise ConfigurationError(
            "open_storage: write the '?' of a file's name as %3F, and a URL like 'sqlite:///auth.db'."
        )
    backend = parsed.get_backend_name()
    if backend == "postgresql":
        raise ConfigurationError(
            "open_storage: PostgreSQL comes with a later release of authweave; until then use 'sqlite:///auth.db'."
        )
    if parsed.drivername not in {"sqlite", "sqlite+pysqlite"}:
        raise ConfigurationError(
            f"open_storage: {parsed.drivername!r} is not supported: write a URL like 'sqlite:///auth.db'."
        )
    return parsed

"""The SQLite engine: how its files are opened. The only module that knows of SQLite."""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, StaticPool, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from authweave.types import ConfigurationError


def sqlite_path(url: URL) -> Path | None:
    """
    Return the absolute path of a database file, or None where the URL means one in memory.

    Raises:
        authweave.types.ConfigurationError: the URL has more than a path.
    """
    if url.query or url.host or (url.database or "").startswith("file:"):
        raise ConfigurationError(
            "open_storage: an SQLite URL has a path and nothing else: write 'sqlite:///auth.db' (in the working "
            "directory) or 'sqlite:////var/lib/app/auth.db' (absolute)."
        )
    # Absolute at once: connections are opened later too, when the working directory may be another.
    return None if url.database in {None, "", ":memory:"} else Path(url.database or "").absolute()


def sqlite_engine(path: Path | None, *, busy_timeout_s: float) -> Engine:
    """
    Return an engine for a database file, which is created if it is not there, or for one in memory (None).

    Raises:
        authweave.types.ConfigurationError: the file cannot be created.
    """
    if path is not None:
        create_private_file(path)
    engine = create_engine(
        URL.create("sqlite", database=None if path is None else str(path)),
        # In memory there is one database per connection, so there is one connection. In a file there are as many as
        # there are threads: readers keep theirs, so with fewer a writer could wait for one for ever.
        **({"poolclass": StaticPool} if path is None else {"poolclass": QueuePool, "max_overflow": -1}),
        # sqlite3 must not begin transactions by itself: `begin_immediately` does.
        connect_args={"isolation_level": None, "check_same_thread": False, "timeout": busy_timeout_s},
        hide_parameters=True,
    )
    event.listen(engine, "connect", set_pragmas)
    event.listen(engine, "begin", begin_immediately)
    return engine


def create_private_file(path: Path) -> None:
    """Create a file that only its owner may read, if there is none; SQLite gives its other files the same mode."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        return
    except OSError as error:
        raise ConfigurationError(
            f"open_storage: the database file {str(path)!r} cannot be created ({error.strerror}): "
            "make its directory, and let the process write there."
        ) from error


def set_pragmas(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    """Set up a new connection: foreign keys are checked, and what is committed is on the disk."""
    del record
    cursor = connection.cursor()
    try:
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA synchronous = FULL")
    except BaseException:
        connection.close()  # SQLAlchemy before 2.1 forgets it
        raise
    cursor.close()


def begin_immediately(connection: Connection) -> None:
    """
    Begin a transaction with the write lock, so that it never has to ask for one half-way, which others may refuse.

    Readers are in autocommit mode and begin nothing.
    """
    if connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT":
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def switch_to_wal(engine: Engine, busy_timeout_s: float) -> None:
    """
    Switch the file to write-ahead logging, so that readers and the writer do not wait for one another.

    SQLite does not wait for its turn there: it fails when another process is switching too. So we wait for the
    write lock, which it does wait for, and try again; by then there is nothing left to switch.

    Raises:
        sqlalchemy.exc.DBAPIError: the file is not a database, or stays locked.
    """
    deadline = time.monotonic() + busy_timeout_s
    while True:
        try:
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("PRAGMA journal_mode = WAL")
                return
        except OperationalError as error:
            if not is_busy(error) or time.monotonic() > deadline:
                raise
        with engine.begin():
            pass


def is_busy(error: OperationalError) -> bool:
    """Say whether a lock was in the way."""
    return isinstance(error.orig, sqlite3.Error) and error.orig.sqlite_errorcode == sqlite3.SQLITE_BUSY

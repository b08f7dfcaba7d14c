"""The SQLite engine: how its files are opened. The only module that knows of SQLite."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, cast

from sqlalchemy import URL, Connection, Dialect, Engine, StaticPool, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from authweave.storage._errors import StorageError
from authweave.storage._options import StorageOptions
from authweave.types import ConfigurationError

from ._backend import Backend
from ._files import create_private_file, is_writable
from ._guarded_connection import JOINED
from ._references import migrating, table_referring_to
from ._wal import LogWatch, file_at, require_fitting_log

BEGIN: Final = "BEGIN IMMEDIATE"

FILE: Final = "authweave_file"
"""Under which a connection's `info` has the file that it was opened to."""

REMEDIES: Final = {
    "SQLITE_BUSY": "another process keeps it locked, so try again",
    "SQLITE_CANTOPEN": "check that it exists, and let the process write the file and its folder",
    "SQLITE_CORRUPT": "put a backup in its place",
    "SQLITE_FULL": "make room on its disk",
    "SQLITE_IOERR": "look at its disk, and whether there is room",
    "SQLITE_READONLY": "let the process write the file and its folder",
}
"""What to do, by the first two words of SQLite's name for a failure."""


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


def sqlite_backend(url: URL, options: StorageOptions) -> Backend:
    """
    Return the backend for a database file, which `Backend.before_first_use` creates, or for a database in memory.

    Raises:
        authweave.types.ConfigurationError: the URL has more than a path.
    """
    path = sqlite_path(url)
    watch = None if path is None else LogWatch(path)
    engine = create_engine(
        # A file is not created again when it is gone: what has been acknowledged would seem never to have been.
        URL.create("sqlite")
        if path is None
        else URL.create("sqlite", database=path.as_uri(), query={"mode": "rw", "uri": "true"}),
        # In memory there is one database per connection, so there is one connection. In a file there are as many as
        # there are threads: readers keep theirs, so with fewer a writer could wait for one forever.
        **({"poolclass": StaticPool} if path is None else {"poolclass": QueuePool, "max_overflow": -1}),
        # sqlite3 must not begin transactions by itself: `begin_immediately` does.
        connect_args={"isolation_level": None, "check_same_thread": False, "timeout": options.busy_timeout_s},
        hide_parameters=True,
    )
    if path is not None:
        event.listen(engine, "do_connect", require_writable(path))
        event.listen(engine, "do_connect", note_file(path))
    event.listen(engine, "connect", set_pragmas)
    if watch is not None:
        event.listen(engine, "do_connect", watch.before_connect)
        event.listen(engine, "connect", watch.note)
        event.listen(engine, "close", watch.forget)
    event.listen(engine, "begin", begin_immediately)
    return Backend(
        engine=engine,
        begin=lambda cursor: cursor.execute(BEGIN),
        max_connections=1 if path is None else None,
        timeout_s=options.busy_timeout_s,
        one_writer=path is not None,
        reads_at_once=path is not None,  # beside its log nobody waits for anybody
        make_loss_check=(lambda _: lambda: False)
        if path is None or watch is None
        else make_file_loss_check(path, watch),
        in_transaction=in_transaction,
        has_failed=lambda _: False,  # what fails undoes itself alone, or ends the transaction
        keeps_transaction=True,
        is_passing=lambda _: False,  # the driver has waited for the lock
        referring_table=lambda _, connection, user_id: table_referring_to(connection, user_id),
        describe_error=describe_error,
        before_first_use=lambda: None if path is None else check_file(engine, path, options.busy_timeout_s),
        migrating=migrating,
    )


def require_writable(path: Path) -> Callable[..., None]:
    """
    Return what refuses to connect to a file that is gone, or that this process may not write.

    SQLite would open it for reading, give its other files the same mode, and still not write when the file may be
    written again. To try by opening it would break SQLite's locks (sqlite.org/howtocorrupt.html, section 2.2).
    """

    def check(*_: object) -> None:
        if not is_writable(path):
            raise StorageError(
                f"The database file {str(path)!r} cannot be opened for writing: check that it exists, and let the "
                "process write the file and its folder."
            )

    return check


def note_file(path: Path) -> Callable[..., None]:
    """Return what notes, before a connection is opened, to which file: one put in place meanwhile does not count."""

    def note(_: Dialect, record: ConnectionPoolEntry, *__: object) -> None:
        record.info[FILE] = file_at(str(path))

    return note


def make_file_loss_check(path: Path, watch: LogWatch) -> Callable[[Connection], Callable[[], bool]]:
    """
    Return what tells whether the file of a connection has lost its name: deleted, moved away, or another put in place.

    SQLite itself would go on reading and writing it, and what is acknowledged then would be lost. Where only its log
    has, that is raised: a new connection would do no better.
    """
    name = str(path)

    def make_loss_check(connection: Connection) -> Callable[[], bool]:
        # It may have been opened long ago, and have been in SQLAlchemy's pool since.
        opened_file: tuple[int, int] | None = connection.info[FILE]
        driver = connection.connection.dbapi_connection
        log = None if driver is None else watch.note(driver)

        def is_lost() -> bool:
            if opened_file is None or driver is None or file_at(name) != opened_file:
                return True
            watch.check(log, driver)
            return False

        return is_lost

    return make_loss_check


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

    Readers are in autocommit mode and begin nothing, nor does what joins a transaction.
    """
    options = connection.get_execution_options()
    if options.get("isolation_level") != "AUTOCOMMIT" and JOINED not in options:
        connection.exec_driver_sql(BEGIN)


def check_file(engine: Engine, path: Path, busy_timeout_s: float) -> None:
    """
    Create a file if it is not there, and switch it to write-ahead logging.

    Raises:
        authweave.types.ConfigurationError: it cannot be created, it is not a database, or the log beside it is that of
            another.
        sqlalchemy.exc.DBAPIError: it stays locked.
    """
    create_private_file(path)
    require_fitting_log(path)
    try:
        switch_to_wal(engine, busy_timeout_s)
    except DatabaseError as error:
        if getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_NOTADB:
            message = f"{str(path)!r} is not an SQLite database: name another file, or move this one away."
            raise ConfigurationError(message) from None
        raise


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
    """Return whether a lock was in the way."""
    return isinstance(error.orig, sqlite3.Error) and error.orig.sqlite_errorcode == sqlite3.SQLITE_BUSY


def in_transaction(connection: DBAPIConnection) -> bool:
    """Return whether a transaction is under way: SQLite undoes all of one when the disk is full, for example."""
    return cast("sqlite3.Connection", connection).in_transaction  # SQLAlchemy's type for all drivers' connections


def describe_error(error: BaseException) -> str:
    """Say what failed, by SQLite's own name for it, and what to do. Its messages name tables and columns, no row."""
    name: object = getattr(error, "sqlite_errorname", None)
    if not isinstance(name, str):
        return type(error).__name__
    remedy = REMEDIES.get("_".join(name.split("_")[:2]))
    return f"{name}: {error}" if remedy is None else f"{name}: {error}: {remedy}"

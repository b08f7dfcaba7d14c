"""
SQLite's write-ahead log, the ``-wal`` beside a database: which one a connection writes to, and whether it fits.

What is acknowledged may stand in it alone. SQLite itself notices neither that it was deleted under a connection, nor
that it belongs to another database.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

import attrs

from authweave._per_process import PerProcess
from authweave.storage._errors import StorageError
from authweave.storage._terms import require_time
from authweave.types import ConfigurationError

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

Identity: TypeAlias = tuple[int, int]

HEADER_BYTES: Final = 100
WRITE_VERSION: Final = 18
"""Where a database says whether it is written with a log: 2, or without: 1 (sqlite.org/fileformat.html, 1.3.3)."""

kept_open: Final[dict[Identity, int]] = {}
"""Descriptors of databases: to close one would give up the locks of the process on it (howtocorrupt.html, 2.2)."""


def file_at(path: str) -> Identity | None:
    """Say which file has a name now; None where there is none."""
    try:
        found = os.stat(path)  # noqa: PTH116  a third of the time of Path.stat, with every use
    except OSError:
        return None
    return found.st_dev, found.st_ino


def log_of(database: Path) -> str:
    """Return where SQLite has the log of a database: beside the file itself, where the name is a symbolic link."""
    return f"{os.path.realpath(database)}-wal"


@attrs.frozen
class Log:
    """A log, by its name and as the file that had it."""

    path: str
    file: Identity


@attrs.define(eq=False)
class OpenLogs:
    """Which database and log the connections have that a process has open, by their `id`."""

    by_connection: dict[int, tuple[Identity | None, Identity]] = attrs.field(
        factory=dict[int, tuple[Identity | None, Identity]]
    )
    lock: threading.Lock = attrs.field(factory=threading.Lock)


class LogWatch:
    """
    Watches over the log of a database while connections to it are open.

    As long as one is open that has read something, SQLite keeps the log, and it is the same for all.

    Args:
        path: the database.
    """

    def __init__(self, path: Path) -> None:
        self._database: Final = path
        self._open: Final = PerProcess(OpenLogs)

    def before_connect(self, *_: object) -> None:
        """
        Refuse a connection while others are open whose log is gone: a new log beside theirs would mix with it.

        Raises:
            authweave.storage.StorageError: so it is.
        """
        logs, database = self._open.get(), file_at(str(self._database))
        with logs.lock:
            known = {log for of, log in logs.by_connection.values() if of == database}  # not those of a former one
        if known and known != {file_at(log_of(self._database))}:
            raise self._gone(log_of(self._database), "")

    def note(self, connection: DBAPIConnection, record: ConnectionPoolEntry | None = None) -> Log | None:
        """Note which log a connection uses; None where it has none yet."""
        del record
        cursor = connection.cursor()
        cursor.execute("PRAGMA schema_version")  # to read opens it
        cursor.fetchall()
        cursor.close()
        path = log_of(self._database)
        file = file_at(path)
        if file is None:
            return None
        logs = self._open.get()
        with logs.lock:
            logs.by_connection[id(connection)] = file_at(str(self._database)), file
        return Log(path, file)

    def forget(self, connection: DBAPIConnection, record: ConnectionPoolEntry | None = None) -> None:
        """Forget a connection that is going to be closed."""
        del record
        logs = self._open.get()
        with logs.lock:
            logs.by_connection.pop(id(connection), None)

    def check(self, log: Log | None, connection: DBAPIConnection) -> None:
        """
        Check that the log of a connection is still there.

        Where it is not, what it holds is written into the database, by the connection that has it open still.

        Raises:
            authweave.storage.StorageError: it was deleted, or is another.
            NotAtOnceError: so it is, and a loop stands still meanwhile.
        """
        if log is None:
            return
        found = file_at(log.path)
        if found == log.file:
            return
        require_time()  # to see whether anything can be saved may take some
        outcome = "what it held may be lost"
        if found is None:  # with another one in its place, somebody may be writing to the database by that
            try:
                cursor = connection.cursor()
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                row = cursor.fetchone()
                cursor.close()
            except sqlite3.Error:
                row = None
            if row is not None and row[0] == 0:  # 1: others were in the way
                outcome = "what it held was written into the database"
        raise self._gone(log.path, f", {outcome}")

    def _gone(self, log: str, outcome: str) -> StorageError:
        return StorageError(
            f"{log!r} was deleted or replaced while {self._database.name!r} was in use{outcome}: put it back, or "
            "restart every process that uses the database."
        )


def require_fitting_log(path: Path) -> None:
    """
    Refuse a database that was put beside the log of another one: SQLite would mix the two.

    One that is written without a log, as every backup is (`back_up`), cannot have one. A copy that was made by other
    means, while the database was in use, cannot be told from the database that the log belongs to.

    Raises:
        authweave.types.ConfigurationError: there is a log, which cannot be its own.
    """
    log = Path(log_of(path))
    try:
        if not log.stat().st_size or not path.stat().st_size:
            return
    except OSError:
        return
    file = file_at(str(path))
    if file is None:
        return
    if file not in kept_open:
        kept_open[file] = os.open(path, os.O_RDONLY)
    header = os.pread(kept_open[file], HEADER_BYTES, 0)
    if header.startswith(b"SQLite format 3\0") and header[WRITE_VERSION] == 1:
        raise ConfigurationError(
            f"{str(log)!r} belongs to another database than {path.name!r}, which was put beside it, and SQLite would "
            f"mix them: move {log.name!r} and {log.name[:-3] + 'shm'!r} away. (`authweave db restore` sees to it.)"
        )

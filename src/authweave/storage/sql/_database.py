"""Transactions: reading ones, writing ones, and what their failures become."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Generator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from authweave.storage import StorageError


class ConstraintError(StorageError):
    """A constraint was violated: something that has to be new was not, or something has to be there and is not."""


class Database:
    """
    Hand out connections of an engine, to any thread.

    Readers keep their connections, since taking one from the pool costs half as much as a read by primary key.
    Writers of this process queue on a lock: SQLite's own waiting polls, which cost 16 writers a quarter of their
    throughput, and made the unluckiest wait eight times as long.

    Args:
        single: there is one connection, and readers and writers take turns on it.
        timeout_s: how long a writer waits for the other writers of this process.
    """

    def __init__(self, engine: Engine, *, single: bool, timeout_s: float) -> None:
        self.engine = engine
        self._readers_engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._single = single
        self._timeout_s = timeout_s
        self._closed = False
        self._of_parent: list[object] = []
        self._start()

    def _start(self) -> None:
        self._idle_readers: list[Connection] = []
        self._write_lock = threading.Lock()
        self._process = os.getpid()  # last: from now on the other threads take what stands above for their own

    def _check(self) -> None:
        if self._closed:
            raise StorageError("The store is closed: open another one.")
        self._leave_to_parent()

    def _leave_to_parent(self) -> None:
        """
        Begin anew after a fork: the connections and the lock are the parent's.

        SQLite forbids even closing them here, so they are kept from the garbage collector.
        """
        if os.getpid() != self._process:
            self._of_parent.append((self._idle_readers, self.engine.pool))
            self.engine.dispose(close=False)
            self._start()

    @contextmanager
    def reading(self) -> Generator[Connection]:
        """
        Lend a connection for reading; each statement sees what is committed when it starts.

        Raises:
            StorageError: a statement failed.
        """
        if self._single:
            with self.writing() as connection:
                yield connection
            return
        self._check()
        idle = self._idle_readers
        with translated_errors():
            try:
                connection = idle.pop()
            except IndexError:
                connection = self._readers_engine.connect()
            try:
                yield connection
            except BaseException:
                connection.close()
                raise
        idle.append(connection)
        if self._closed:
            self._close_idle_readers()

    @contextmanager
    def writing(self) -> Generator[Connection]:
        """
        Lend a connection for one transaction, committed at the end of the block and undone if an error leaves it.

        Raises:
            ConstraintError: a constraint was violated.
            StorageError: a statement or the commit failed, or other writers took too long.
        """
        self._check()
        lock = self._write_lock
        if not lock.acquire(timeout=self._timeout_s):
            raise StorageError(f"The database stayed locked for {self._timeout_s} s by other writers: try again.")
        try:
            self._check()  # again: it may have been closed while we waited
            with translated_errors(), self.engine.begin() as connection:
                yield connection
        finally:
            lock.release()

    def close(self) -> None:
        """Close the connections: those of readers under way when they come back, the writer's when it is done."""
        self._leave_to_parent()
        self._closed = True
        self._close_idle_readers()
        is_idle = self._write_lock.acquire(timeout=self._timeout_s)
        self.engine.dispose()
        if is_idle:
            self._write_lock.release()

    def _close_idle_readers(self) -> None:
        with contextlib.suppress(IndexError):
            while True:
                connection = self._idle_readers.pop()
                connection.invalidate()  # closed in earnest: its pool may be gone already
                connection.close()


@contextmanager
def translated_errors() -> Generator[None]:
    """Turn what a database raises into errors of this room, with no value of a row in their message."""
    try:
        yield
    except IntegrityError as error:
        raise ConstraintError(failure(error)) from error
    except (SQLAlchemyError, OverflowError) as error:
        raise StorageError(failure(error)) from error


def failure(error: Exception) -> str:
    """Say what failed, by the database's own name for it."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    name: object = getattr(cause, "sqlite_errorname", None) or type(cause).__name__
    return f"The database refused ({name}), and nothing was written: look at the cause, and try again if it is a lock."

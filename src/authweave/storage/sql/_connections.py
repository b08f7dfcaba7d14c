"""Connections, lent to one thread at a time and kept for the next."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Generator
from contextlib import contextmanager

from sqlalchemy import Connection

from authweave.storage import StorageBusyError, StorageError

from ._backend import Backend
from ._places import Places


class Connections:
    """
    Lend connections in autocommit mode, to any thread.

    They are kept here, since taking one from SQLAlchemy's pool costs half as much as a read by primary key. One that
    the server has closed meanwhile is replaced when it is taken, so that nobody notices a restart that is over.
    """

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._engine = backend.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._closed = False
        self._of_parent: list[object] = []
        self._start()

    def _start(self) -> None:
        count = self._backend.max_connections
        self._idle: list[Connection] = []
        self._free = None if count is None else Places(count)
        self._turn = Places(1)
        self._process = os.getpid()  # last: from now on the other threads take what stands above for their own

    def _check(self) -> None:
        if self._closed:
            raise StorageError("The store is closed: open another one.")
        self._leave_to_parent()

    def _leave_to_parent(self) -> None:
        """
        Begin anew after a fork: connections and locks are the parent's.

        SQLite forbids even closing them here, and closing one of PostgreSQL's would end the parent's too, so they are
        kept from the garbage collector.
        """
        if os.getpid() != self._process:
            self._of_parent.append((self._idle, self._backend.engine.pool))
            self._backend.engine.dispose(close=False)
            self._start()

    @contextmanager
    def lent(self) -> Generator[Connection]:
        """
        Lend a connection. What is begun on it is undone if an error leaves the block.

        Raises:
            StorageError: all of them stayed in use, or they have been closed.
        """
        self._check()
        free, idle = self._free, self._idle
        if free is not None and not free.take(self._backend.timeout_s):
            raise StorageBusyError(
                f"All {self._backend.max_connections} connections to the database stayed in use for "
                f"{self._backend.timeout_s} s"
            )
        try:
            connection = self._take(idle)
            try:
                yield connection
            except BaseException:
                self._undo(connection)
                raise
            idle.append(connection)
            if self._closed:
                close_all(idle)
        finally:
            if free is not None:
                free.give_back()

    @contextmanager
    def lent_in_turn(self) -> Generator[Connection]:
        """
        Lend a connection for writing: one at a time where the database has one writer at a time.

        Raises:
            StorageError: as `lent`, or the other writers took too long.
        """
        if not self._backend.one_writer:
            with self.lent() as connection:
                yield connection
            return
        self._check()
        turn = self._turn
        if not turn.take(self._backend.timeout_s):
            timeout_s = self._backend.timeout_s
            raise StorageError(f"The database stayed locked for {timeout_s} s by other writers: try again.")
        try:
            with self.lent() as connection:  # checks again: it may have been closed while we waited
                yield connection
        finally:
            turn.give_back()

    def _take(self, idle: list[Connection]) -> Connection:
        while True:
            try:
                connection = idle.pop()
            except IndexError:
                connection = self._engine.connect()
            if not self.is_lost(connection):
                return connection
            connection.invalidate()
            connection.close()

    def is_lost(self, connection: Connection) -> bool:
        """Say whether the other side has closed a connection."""
        driver = None if connection.invalidated else connection.connection.dbapi_connection
        return driver is None or self._backend.is_lost(driver)

    def _undo(self, connection: Connection) -> None:
        """Give a connection back to SQLAlchemy, without what it has begun; close it if that cannot be."""
        with contextlib.closing(connection):
            if not connection.invalidated:
                try:
                    connection.connection.rollback()
                except self._backend.errors:
                    connection.invalidate()

    def close(self) -> None:
        """Close them: those of readers under way when they come back, the writer's when it is done."""
        self._leave_to_parent()
        self._closed = True
        close_all(self._idle)
        is_idle = self._turn.take(self._backend.timeout_s)
        self._backend.engine.dispose()
        if is_idle:
            self._turn.give_back()


def close_all(idle: list[Connection]) -> None:
    """Close connections in earnest: their pool may be gone already."""
    with contextlib.suppress(IndexError):
        while True:
            connection = idle.pop()
            connection.invalidate()
            connection.close()

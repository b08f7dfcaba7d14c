"""Connections, lent to one thread at a time and kept for the next."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Generator
from contextlib import contextmanager

import attrs
from sqlalchemy import Connection
from sqlalchemy.engine.interfaces import DBAPIConnection

from authweave.storage import StorageBusyError, StorageError

from ._backend import Backend
from ._places import Places


@attrs.frozen(eq=False)
class Link:
    """
    A connection, as SQLAlchemy has it and as the driver has it.

    Attributes:
        is_lost: says whether the other side has closed it, while nothing is under way on it.
    """

    connection: Connection
    driver: DBAPIConnection
    is_lost: Callable[[], bool]


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
        self._idle: list[Link] = []
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

    def take(self) -> Link:
        """
        Take a connection. `give_back` or `undo` has to follow.

        Raises:
            StorageError: all of them stayed in use, or they have been closed.
            sqlalchemy.exc.SQLAlchemyError: there was none yet, and connecting failed.
        """
        self._check()
        if self._free is not None and not self._free.take(self._backend.timeout_s):
            raise StorageBusyError(
                f"All {self._backend.max_connections} connections to the database stayed in use for "
                f"{self._backend.timeout_s} s"
            )
        try:
            while True:
                try:
                    link = self._idle.pop()
                except IndexError:
                    link = self._connect()
                if not link.is_lost():
                    return link
                link.connection.invalidate()
                link.connection.close()
        except BaseException:
            self._let_others()
            raise

    def _connect(self) -> Link:
        connection = self._engine.connect()
        driver = connection.connection.dbapi_connection
        if driver is None:
            raise StorageError("The database closed a new connection at once: try again.")
        return Link(connection, driver, self._backend.loss_of(connection))

    def _let_others(self) -> None:
        if self._free is not None:
            self._free.give_back()

    def give_back(self, link: Link) -> None:
        """Give a connection back on which nothing is under way."""
        self._idle.append(link)
        if self._closed:
            close_all(self._idle)
        self._let_others()

    def undo(self, link: Link) -> None:
        """Give a connection back without what has been begun on it; it is closed if that cannot be."""
        try:
            with contextlib.closing(link.connection):
                if not link.connection.invalidated:
                    try:
                        link.driver.rollback()
                    except self._backend.errors:
                        link.connection.invalidate()
        finally:
            self._let_others()

    @contextmanager
    def lent(self) -> Generator[Link]:
        """
        Lend a connection. What is begun on it is undone if an error leaves the block.

        Raises:
            StorageError: as `take`; what the database raises is not translated.
        """
        link = self.take()
        try:
            yield link
        except BaseException:
            self.undo(link)
            raise
        self.give_back(link)

    @contextmanager
    def lent_in_turn(self) -> Generator[Link]:
        """
        Lend a connection for writing: one at a time where the database has one writer at a time.

        Raises:
            StorageError: as `take`, or the other writers took too long.
        """
        if not self._backend.one_writer:
            with self.lent() as link:
                yield link
            return
        self._check()
        turn = self._turn
        if not turn.take(self._backend.timeout_s):
            timeout_s = self._backend.timeout_s
            raise StorageError(f"The database stayed locked for {timeout_s} s by other writers: try again.")
        try:
            with self.lent() as link:  # checks again: it may have been closed while we waited
                yield link
        finally:
            turn.give_back()

    def close(self) -> None:
        """Close them: those of readers under way when they come back, the writer's when it is done."""
        self._leave_to_parent()
        self._closed = True
        close_all(self._idle)
        is_idle = self._turn.take(self._backend.timeout_s)
        self._backend.engine.dispose()
        if is_idle:
            self._turn.give_back()


def close_all(idle: list[Link]) -> None:
    """Close connections in earnest: their pool may be gone already."""
    with contextlib.suppress(IndexError):
        while True:
            connection = idle.pop().connection
            connection.invalidate()
            connection.close()

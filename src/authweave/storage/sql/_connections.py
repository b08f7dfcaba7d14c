"""Connections, lent to one thread at a time and kept for the next."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from typing import Final

import attrs
from sqlalchemy import Connection
from sqlalchemy.engine.interfaces import DBAPIConnection
from typing_extensions import override

from authweave._per_process import PerProcess
from authweave.storage._errors import StorageBusyError, StorageError
from authweave.storage._terms import ALONE, AT_ONCE, TERMS, NotAtOnceError, Terms, is_over, remaining_s, require_time

from ._backend import Backend
from ._semaphore import FairSemaphore
from ._translation import translate_errors

SEEN_S: Final = 0.01
SHARED: Final = frozenset({ALONE, AT_ONCE})
"""Terms that are nobody's own."""


@attrs.define(eq=False)
class PooledConnection:
    """
    A connection, as SQLAlchemy has it and as the driver has it.

    Attributes:
        is_lost: returns whether the other side has closed it, while nothing is under way on it.
        pool: where it goes back to.
    """

    connection: Connection
    driver: DBAPIConnection
    is_lost: Callable[[], bool]
    pool: Pool
    _seen_for: Terms = ALONE
    _seen_until_s: float = 0.0

    def was_seen(self) -> bool:
        """Return whether it was there a moment ago, for what is under way: a refresh reads, and then it writes."""
        terms = TERMS.get()
        is_own = self._seen_for is terms and terms not in SHARED
        return is_own and time.monotonic() < self._seen_until_s

    def note_seen(self) -> None:
        """Note that it is there."""
        self._seen_for, self._seen_until_s = TERMS.get(), time.monotonic() + SEEN_S


class Pool:
    """
    The connections of one process.

    Attributes:
        engine_pool: SQLAlchemy's, which they come from; it is kept as long as they are.
        idle: those that are not lent.
        slots: counts how many more may be lent, where that is limited.
        writer_turn: to write, where the database has one writer at a time.
    """

    def __init__(self, engine_pool: object, max_connections: int | None) -> None:
        self.engine_pool = engine_pool
        self.idle: list[PooledConnection] = []
        self.slots: FairSemaphore | None = None if max_connections is None else FairSemaphore(max_connections)
        self.writer_turn: FairSemaphore = FairSemaphore(1)

    def release_slot(self) -> None:
        """Note that a connection is no longer lent."""
        if self.slots is not None:
            self.slots.release()


class Connections:
    """
    Lend connections in autocommit mode, to any thread.

    They are kept here, since taking one from SQLAlchemy's pool costs half as much as a read by primary key, and has no
    order (benchmarks/pool.py). One that the server has closed meanwhile is replaced when it is taken, so that nobody
    notices a restart that is over.
    """

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._engine = backend.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._closed = False
        self._is_begun = False
        self._pools = PerProcess(self._make_pool)
        self._pools.get()

    def _make_pool(self) -> Pool:
        engine = self._backend.engine
        if self._is_begun:  # in the parent, whose connections are not to be closed here
            engine.dispose(close=False)
        self._is_begun = True
        return Pool(engine.pool, self._backend.max_connections)

    def _open_pool(self) -> Pool:
        if self._closed:
            raise StorageError("The store is closed: open another one.")
        return self._pools.get()

    def take(self) -> PooledConnection:
        """
        Take a connection. `give_back` or `undo` has to follow.

        Raises:
            StorageError: all of them stayed in use, or they have been closed.
            NotAtOnceError: there is none that is open and well, and a loop stands still meanwhile.
            sqlalchemy.exc.SQLAlchemyError: there was none yet, and connecting failed.
        """
        pool = self._open_pool()
        if pool.slots is not None:
            wait_s = remaining_s(self._backend.timeout_s)
            if not pool.slots.acquire(wait_s):
                raise StorageBusyError(
                    f"All {self._backend.max_connections} connections to the database stayed in use for {wait_s:.3g} s"
                )
        try:
            while True:
                pooled = self._idle_or_new(pool)
                if pooled.was_seen():
                    return pooled
                try:
                    is_lost = pooled.is_lost()
                except (StorageError, NotAtOnceError):  # a new one would do no better
                    self._keep(pooled)
                    raise
                if not is_lost:
                    self._keep_time(pooled)
                    pooled.note_seen()
                    return pooled
                discard(pooled)
        except BaseException:
            pool.release_slot()
            raise

    def _idle_or_new(self, pool: Pool) -> PooledConnection:
        try:
            return pool.idle.pop()
        except IndexError:
            require_time()
            pooled = self._connect(pool)
        if is_over():  # the next caller has it
            self._keep(pooled)
            raise StorageBusyError("The time was over when the database had been connected to")
        return pooled

    def _keep_time(self, pooled: PooledConnection) -> None:
        try:
            self._backend.keep_time(pooled.driver)
        except BaseException:
            discard(pooled)
            raise

    def _connect(self, pool: Pool) -> PooledConnection:
        connection = self._engine.connect()
        driver = connection.connection.dbapi_connection
        if driver is None:
            raise StorageError("The database closed a new connection at once: try again.")
        return PooledConnection(connection, driver, self._backend.make_loss_check(connection), pool)

    def give_back(self, pooled: PooledConnection) -> None:
        """Give a connection back on which nothing is under way."""
        self._keep(pooled)
        pooled.pool.release_slot()

    def _keep(self, pooled: PooledConnection) -> None:
        """Keep a connection for the next caller, if there is to be one."""
        pooled.pool.idle.append(pooled)
        if self._closed:
            close_all(pooled.pool.idle)

    def undo(self, pooled: PooledConnection) -> None:
        """Give a connection back without what has been begun on it; it is closed if that cannot be."""
        try:
            with contextlib.closing(pooled.connection):
                if not pooled.connection.invalidated:
                    try:
                        pooled.driver.rollback()
                    except self._backend.errors:
                        pooled.connection.invalidate()
        finally:
            pooled.pool.release_slot()

    def lend(self) -> Lent:
        """
        Lend a connection for a block. What is begun on it is undone if an error leaves the block.

        Raises:
            StorageError: as `take`; what the database raises is not translated.
        """
        return Lent(self, for_writing=False)

    def lend_for_writing(self) -> Lent:
        """
        Lend a connection for writing: one at a time where the database has one writer at a time.

        Raises:
            StorageError: as `take`, or the other writers took too long.
        """
        require_time()
        return Lent(self, for_writing=self._backend.one_writer)

    def lend_begun(self) -> Begun:
        """
        Lend a connection for writing on which a transaction is begun, to be committed in the block.

        Raises:
            StorageError: as `lend_for_writing`; the database refused.
        """
        require_time()
        return Begun(self, self._backend)

    def wait_for_turn(self) -> FairSemaphore:
        """
        Wait for the turn to write, and return what gives it back.

        Raises:
            StorageError: the other writers took too long, or the connections have been closed.
        """
        writer_turn = self._open_pool().writer_turn
        wait_s = remaining_s(self._backend.timeout_s)
        if not writer_turn.acquire(wait_s):
            raise StorageError(f"The database stayed locked for {wait_s:.3g} s by other writers: try again.")
        return writer_turn

    def close(self) -> None:
        """Close them: those of readers under way when they come back, the writer's when it is done."""
        pool = self._pools.get()
        self._closed = True
        close_all(pool.idle)
        is_idle = pool.writer_turn.acquire(self._backend.timeout_s)
        self._backend.engine.dispose()
        if is_idle:
            pool.writer_turn.release()


class Lent:
    """
    A connection, for a block. Written out, as `contextlib` takes longer for it than a read.

    Args:
        connections: lend it.
        for_writing: whether it takes the turn to write.
    """

    __slots__ = ("_connections", "_for_writing", "_pooled", "_turn")

    def __init__(self, connections: Connections, *, for_writing: bool) -> None:
        self._connections = connections
        self._for_writing = for_writing
        self._turn: FairSemaphore | None = None

    def __enter__(self) -> PooledConnection:
        """Take it."""
        if self._for_writing:
            self._turn = self._connections.wait_for_turn()
        try:
            self._pooled = self._connections.take()  # which looks again: they may have been closed while we waited
        except BaseException:
            self._end_turn()
            raise
        return self._pooled

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Give it back."""
        try:
            if kind is None:
                self._connections.give_back(self._pooled)
            else:
                self._connections.undo(self._pooled)
        finally:
            self._end_turn()

    def _end_turn(self) -> None:
        if self._turn is not None:
            self._turn.release()


class Begun(Lent):
    """
    The same, with a transaction that is begun on it.

    Args:
        connections: lend it.
        backend: begins it.
    """

    __slots__ = ("_backend",)

    def __init__(self, connections: Connections, backend: Backend) -> None:
        super().__init__(connections, for_writing=backend.one_writer)
        self._backend = backend

    @override
    def __enter__(self) -> PooledConnection:
        """Take it, and begin."""
        with translate_errors(self._backend):
            pooled = super().__enter__()
            try:
                cursor = pooled.driver.cursor()
                self._backend.begin(cursor)
                cursor.close()
            except BaseException as error:
                self.__exit__(type(error))
                raise
            return pooled


def discard(pooled: PooledConnection) -> None:
    """Close a connection in earnest: its pool may be gone already."""
    pooled.connection.invalidate()
    pooled.connection.close()


def close_all(idle: list[PooledConnection]) -> None:
    """Close connections."""
    with contextlib.suppress(IndexError):
        while True:
            discard(idle.pop())

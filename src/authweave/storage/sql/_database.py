"""Transactions: reading ones, writing ones, and what their failures become."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final, Protocol, TypeAlias, TypeVar, cast

from sqlalchemy import Connection, Dialect, Select
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.exc import IntegrityError

from authweave._per_process import PerProcess
from authweave.storage._errors import StorageError
from authweave.storage._terms import joined, require_time
from authweave.types import Clock

from ._backend import Backend
from ._connections import Connections, PooledConnection
from ._group_commit import GroupCommit, Job
from ._transaction import SQLTransaction
from ._translation import to_storage_error, translate_errors

R = TypeVar("R")

Value: TypeAlias = str | int | None
Parameters: TypeAlias = Mapping[str, Value] | Sequence[Value]
"""Of a statement that the driver executes: by name, or by position."""

MAX_ATTEMPTS: Final = 8
"""How often a transaction is tried while others get in its way. Their pauses add up to a second at most."""

FIRST_PAUSE_S: Final = 0.008
"""The pause after the first attempt at most; each is twice as long as the one before, and drawn at random."""


class ReadsPasskeys(Protocol):
    """Reads which passkeys login methods have, by this module: `Passkeys` does."""

    def of(self, recipe_user_ids: Sequence[str], connection: Connection | None) -> Mapping[str, Sequence[str]]:
        """Return the passkeys of some login methods."""
        ...

    def owners(self, credential_id: str) -> Select[str]:
        """Return the question for the login method that has a passkey."""
        ...


class Database:
    """
    Run reads and transactions, in any thread.

    Where the database has one writer at a time, those of this process take turns, and under load share a commit
    (`GroupCommit`): SQLite's own waiting polls, which cost 16 writers a quarter of their throughput, and made the
    unluckiest wait eight times as long.

    Args:
        backend: the database.
        random_bytes: returns as many unpredictable bytes as asked; the pauses between attempts are drawn with it.
        pause: waits so many seconds.

    Attributes:
        passkeys: reads the passkeys of login methods; None until a store is made over the database whose parts keep
            some.
    """

    def __init__(
        self,
        backend: Backend,
        *,
        random_bytes: Callable[[int], bytes] = secrets.token_bytes,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.dialect: Dialect = backend.engine.dialect
        self.clock: Clock = backend.clock
        self.passkeys: ReadsPasskeys | None = None
        self._backend = backend
        self._connections = Connections(backend)
        self._random_bytes = random_bytes
        self._pause = pause
        self._group_commit = PerProcess(lambda: GroupCommit(self._commit, backend.timeout_s))

    @contextmanager
    def reading(self) -> Generator[Connection]:
        """
        Lend a connection for reading; each statement sees what is committed when it starts.

        In a `transaction` it is the transaction's, and sees what that has written.

        Raises:
            StorageError: a statement failed, or no connection was to be had.
        """
        running = self.running_transaction()
        with translate_errors(self._backend):
            if running is not None:
                yield running.pooled.connection
                return
            with self._connections.lend() as pooled:
                yield pooled.connection

    def find_row(self, sql: str, parameters: Parameters) -> tuple[Any, ...] | None:  # Any: a row has no static type
        """
        Return the first row of a query, or None. The driver executes it, and nothing is in between.

        Raises:
            StorageError: as `reading`.
        """
        return self._fetch(sql, parameters, lambda cursor: cursor.fetchone())

    def find_rows(self, sql: str, parameters: Parameters) -> Sequence[tuple[Any, ...]]:  # Any: as above
        """Return all rows of a query, as `find_row` does the first. Raises the same."""
        return self._fetch(sql, parameters, lambda cursor: cursor.fetchall())

    def _fetch(self, sql: str, parameters: Parameters, fetch: Callable[[DBAPICursor], R]) -> R:
        running = self.running_transaction()
        try:
            if running is not None:
                return fetched_from(running.pooled.driver, sql, parameters, fetch)
            pooled = self._connections.take()
            try:
                fetched = fetched_from(pooled.driver, sql, parameters, fetch)
            except BaseException:
                self._connections.undo(pooled)
                raise
            self._connections.give_back(pooled)
        except self._backend.errors as error:
            raise to_storage_error(error, self._backend) from None
        return fetched

    def write(self, function: Callable[[Connection], R], *, one_statement: bool = False) -> R:
        """
        Run a function as one transaction, committed when it returns and undone when it raises.

        It is run again where another transaction got in its way (a deadlock, a serialisation failure), so all that it
        does is execute statements. In a `transaction` it is a part of that, which it leaves as it was when it raises.

        Args:
            function: is given the connection.
            one_statement: it executes one statement, which is a transaction by itself.

        Raises:
            ConstraintError: a constraint was violated.
            StorageError: a statement or the commit failed, or others stayed in the way.
        """
        return self._write(lambda pooled: function(pooled.connection), one_statement=one_statement)

    def change(self, function: Callable[[DBAPIConnection], R], *, one_statement: bool = True) -> R:
        """
        Run a function that has the driver execute statements. As `write`.

        Args:
            function: is given the driver's connection.
            one_statement: as for `write`.

        Raises:
            ConstraintError: as `write`.
            StorageError: as `write`.
        """
        return self._write(lambda pooled: function(pooled.driver), one_statement=one_statement)

    def _write(self, function: Callable[[PooledConnection], R], *, one_statement: bool) -> R:
        require_time()
        running = self.running_transaction()
        try:
            if running is not None:
                return running.write(function, one_statement=one_statement)
            return self._until_nobody_is_in_the_way(
                lambda: self._write_once(Job(function, one_statement=one_statement))
            )
        except self._backend.errors as error:
            raise to_storage_error(error, self._backend) from None

    def _until_nobody_is_in_the_way(self, attempt: Callable[[], R]) -> R:
        """Do what makes a transaction, again where others got in its way."""
        for number in range(MAX_ATTEMPTS - 1):
            try:
                return attempt()
            except Exception as error:
                if not self._is_passing(error):
                    raise
            self._pause(FIRST_PAUSE_S * 2**number * int.from_bytes(self._random_bytes(2)) / 0xFFFF)
        return attempt()

    def _is_passing(self, error: Exception) -> bool:
        """Return whether a transaction that failed so may succeed when it is tried again."""
        return getattr(error, "is_passing", False) or self._backend.is_passing(error)

    def running_transaction(self) -> SQLTransaction | None:
        """
        Return the transaction that a call here joins.

        Raises:
            TransactionError: it has ended, or belongs to another thread.
        """
        return cast("SQLTransaction | None", joined(self))  # nothing else is one of this store

    @contextmanager
    def transaction(self) -> Generator[SQLTransaction]:
        """
        Have all that this thread asks of the database in the block happen together, or not at all if it raises.

        Within another one it is a part of that. It is not run again where others got in its way: see `transact`.

        Raises:
            StorageError: it could not be begun or committed, or took too long.
            TransactionError: somebody has ended it, or let a statement fail and went on.
            Exception: what the block raises, unchanged.
        """
        outer = self.running_transaction()
        if outer is not None:
            inner = SQLTransaction(self, self._backend, outer.pooled, outer)
            with inner.noting_undo(), outer.savepoint(), inner.running():
                yield inner
            inner.note_commit()
            return
        with self._connections.lend_begun() as pooled:
            transaction = SQLTransaction(self, self._backend, pooled)
            with transaction.noting_undo():
                with transaction.running():
                    yield transaction
                transaction.check_before_commit()
                with translate_errors(self._backend):
                    transaction.reset_session()
                    self._committed(pooled, pooled.driver.commit)
        transaction.note_commit()

    def transact(self, work: Callable[[], R]) -> R:
        """
        Do work in a `transaction`, and again where another transaction got in its way (a deadlock, say).

        Raises:
            StorageError: as `transaction`.
            Exception: what the work raises, unchanged.
        """

        def attempt() -> R:
            with self.transaction():
                return work()

        return attempt() if self.running_transaction() is not None else self._until_nobody_is_in_the_way(attempt)

    def _write_once(self, job: Job[R]) -> R:
        if self._backend.one_writer:
            self._group_commit.get().run(job)  # who waited before a fork waits in the parent
        else:
            self._commit_one(job)
        return job.result()

    def _commit(self, jobs: Sequence[Job[Any]]) -> None:  # Any: each job returns what it likes
        """Run jobs as one commit; what fails is noted in them."""
        try:
            if len(jobs) > 1 and self._commit_together(jobs):
                return
            for job in jobs:
                job.reset()
            for job in jobs:
                self._commit_one(job)
        except BaseException:
            for job in jobs:
                if not job.is_done:
                    job.error = StorageError("The writer was interrupted: whether it was written is not known.")
            raise

    def _commit_together(self, jobs: Sequence[Job[Any]]) -> bool:  # Any: as above
        """
        Run jobs as one commit; if that fails, all have failed with it.

        Returns:
            Whether it came to a commit: after some failures a database undoes everything, and all are to be run again.
        """
        try:
            with self._connections.lend_for_writing() as pooled:
                cursor = pooled.driver.cursor()
                self._backend.begin(cursor)
                for job in jobs:
                    if not self._is_kept(job, pooled, cursor):
                        return False
                cursor.close()
                pooled.driver.commit()
        except BaseException as error:
            for job in jobs:
                job.reset()
                job.error = error if isinstance(error, Exception) else None
            if not isinstance(error, Exception):
                raise
        return True

    def _is_kept(self, job: Job[Any], pooled: PooledConnection, cursor: DBAPICursor) -> bool:  # Any: as above
        """Run a job among others. Returns whether theirs is kept, whatever comes of this one."""
        if not job.one_statement:  # which does all or nothing by itself
            cursor.execute("SAVEPOINT authweave_job")
        try:
            job.set_result(job.function(pooled))
        except Exception as error:  # noqa: BLE001  it is raised in the thread whose job it is
            job.error = error
            if not self._backend.in_transaction(pooled.driver):
                return False
            if not job.one_statement:
                cursor.execute("ROLLBACK TO authweave_job")
        if not job.one_statement:
            cursor.execute("RELEASE authweave_job")
        return True

    def _commit_one(self, job: Job[Any]) -> None:  # Any: as above
        try:
            with self._connections.lend_for_writing() as pooled:
                if job.one_statement:
                    job.set_result(self._committed(pooled, lambda: job.function(pooled)))
                    return
                cursor = pooled.driver.cursor()
                self._backend.begin(cursor)
                cursor.close()
                result = job.function(pooled)
                self._committed(pooled, pooled.driver.commit)
                job.set_result(result)
        except Exception as error:  # noqa: BLE001  as above
            job.error = error

    def _committed(self, pooled: PooledConnection, commit: Callable[[], R]) -> R:
        """Return what is returned by what commits. If the connection is lost meanwhile, nobody knows whether it did."""
        try:
            return commit()
        except self._backend.errors as error:
            if pooled.connection.invalidated or pooled.is_lost():
                raise to_storage_error(error, self._backend, is_written="whether it was written is not known") from None
            raise

    def referring_table(self, error: IntegrityError, connection: Connection, user_id: str) -> str | None:
        """Return which table's foreign key refused that a user is deleted, in the same transaction; None if unknown."""
        return self._backend.referring_table(error, connection, user_id)

    @property
    def reads_at_once(self) -> bool:
        """Whether a read by key waits for nothing but a file: it may be made on a loop."""
        return self._backend.reads_at_once

    @property
    def waiting(self) -> int:
        """How many transactions wait to share the next commit."""
        return self._group_commit.get().waiting

    def close(self) -> None:
        """Close the connections: those of readers under way when they come back, the writer's when it is done."""
        self._connections.close()


def driver_of(connection: Connection) -> DBAPIConnection:
    """
    Return the driver's connection, to have it execute statements in the transaction of ours.

    Raises:
        StorageError: it was lost.
    """
    driver = connection.connection.dbapi_connection
    if driver is None:
        raise StorageError("The connection to the database was lost.")
    return driver


def fetched_from(driver: DBAPIConnection, sql: str, parameters: Parameters, fetch: Callable[[DBAPICursor], R]) -> R:
    """Return what a query answers, as it is fetched."""
    cursor = driver.cursor()
    cursor.execute(sql, parameters)
    fetched = fetch(cursor)
    cursor.close()
    return fetched

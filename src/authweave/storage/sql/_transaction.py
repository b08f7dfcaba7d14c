"""A transaction in SQL that several calls share."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from typing import Final, TypeVar

from sqlalchemy import Connection
from typing_extensions import override

from authweave.storage._errors import StorageError, TransactionError
from authweave.storage._terms import Transaction, check_time

from ._backend import Backend
from ._connections import PooledConnection
from ._guarded_connection import GuardedConnection
from ._translation import translate_errors

R = TypeVar("R")


class SQLTransaction(Transaction):
    """
    One in SQL.

    Attributes:
        pooled: the connection that it is on.
        connection: the same for an application's own statements: it cannot commit, roll back or close it.

    .. versionadded:: 0.1.0
    """

    def __init__(
        self, store: object, backend: Backend, pooled: PooledConnection, inside: SQLTransaction | None = None
    ) -> None:
        super().__init__(store, inside)
        self.pooled: Final = pooled
        self._backend = backend
        self._connection: GuardedConnection | None = None

    @property
    def connection(self) -> Connection:
        """The connection, for statements of the application's own."""
        if isinstance(self.inside, SQLTransaction):
            return self.inside.connection
        if self._connection is None:
            self._connection = GuardedConnection(self._backend.engine, self.pooled.connection)
        return self._connection

    @override
    def end(self) -> None:
        try:
            if self._connection is not None:
                self._connection.let_go()
        finally:
            super().end()

    def write(self, function: Callable[[PooledConnection], R], *, one_statement: bool) -> R:
        """
        Run a function as a part of the transaction, which it leaves as it was when it raises.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: a statement failed.
            Exception: what the function raises.
        """
        if one_statement and self._backend.keeps_transaction:
            return function(self.pooled)
        with self.savepoint():
            return function(self.pooled)

    @contextmanager
    def savepoint(self) -> Generator[None]:
        """
        Undo what the block did if it raises, and nothing else.

        Raises:
            StorageError: the database failed.
            Exception: what the block raises, unchanged.
        """
        with translate_errors(self._backend):
            cursor = self.pooled.driver.cursor()
            cursor.execute("SAVEPOINT authweave_part")  # of several of a name the latest is meant
        try:
            yield
        except BaseException:
            with suppress(*self._backend.errors):  # what the block raised is told
                if not self.has_ended:
                    cursor.execute("ROLLBACK TO authweave_part")
                    cursor.execute("RELEASE authweave_part")
            raise
        with translate_errors(self._backend):
            if not self.has_ended:
                cursor.execute("RELEASE authweave_part")
            cursor.close()

    def reset_session(self) -> None:
        """
        Undo what an application has set for longer than the transaction (``SET ROLE``, say).

        The next who gets the connection is somebody else, with another user.
        """
        if self._connection is not None:
            cursor = self.pooled.driver.cursor()
            self._backend.reset(cursor)
            cursor.close()

    @property
    def is_lost(self) -> bool:
        """Whether the connection was lost."""
        guarded = self._connection
        return self.pooled.connection.invalidated or (guarded is not None and guarded.invalidated)

    @property
    def has_ended(self) -> bool:
        """Whether the database has undone it, or somebody has ended it behind our back."""
        return self.is_lost or not self._backend.in_transaction(self.pooled.driver)

    def check_before_commit(self) -> None:
        """
        Check that there is something to commit.

        Raises:
            StorageBusyError: its time is over.
            StorageError: the connection was lost.
            TransactionError: it has been ended, or a statement failed and nobody rolled back to before it.
        """
        check_time()
        if self.is_lost:
            raise StorageError("The connection to the database was lost in a transaction, and nothing was written.")
        if self.has_ended:
            message = (
                "A transaction was ended before its block was: leave COMMIT and ROLLBACK to the end of the block, and "
                "raise an exception to undo it."
            )
            raise TransactionError(message)
        if self._backend.has_failed(self.pooled.driver):
            message = (
                "A statement in the transaction failed, and the database commits nothing after that: let its "
                "exception through, or run what may fail in `with connection.begin_nested():`. Nothing was written."
            )
            raise TransactionError(message)

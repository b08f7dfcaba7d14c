"""Transactions of applications: calls of the library and statements of their own, together or not at all."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import ExitStack, suppress
from types import TracebackType
from typing import TYPE_CHECKING, Concatenate, Final, ParamSpec, TypeVar

import attrs

from authweave.extending import RunningLoopError
from authweave.kernel import carry_context
from authweave.storage import (
    HasConnection,
    Storage,
    StorageBusyError,
    StorageError,
    Transaction,
    TransactionError,
    within,
)
from authweave.storage._terms import TERMS, Terms, ended, remaining_s
from authweave.types import ConfigurationError

from ._answers import OfFuture, closed
from ._threads import Workers

if TYPE_CHECKING:
    from sqlalchemy import Connection

LEAST_S: Final = 1e-6
"""A transaction whose turn comes too late is begun in vain, and says so."""

P = ParamSpec("P")
R = TypeVar("R")


class Undone(BaseException):
    """A block was left by an exception: its transaction is to be undone. Nobody else sees it."""


@attrs.frozen(eq=False)
class OpenTransaction:
    """
    A transaction of ``async with app.transaction()``. What is awaited of the library in the block is a part of it.

    .. versionadded:: 0.1.0
    """

    _inner: Transaction
    _storage: Storage
    _workers: Workers

    async def run(self, function: Callable[Concatenate[Connection, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """
        Call a function with the transaction's connection, on its thread, and return what it returns.

        If it raises, what it wrote is undone, and the transaction goes on where the block does.

        Args:
            function: is given a `sqlalchemy.Connection`, and executes what it likes, but for commit, rollback and
                close. With the ORM: ``Session(bind=connection)``.
            args: handed on.
            kwargs: handed on.

        Raises:
            authweave.storage.TransactionError: the transaction has ended.
            authweave.storage.StorageError: its time is over.
            Exception: what the function raises, unchanged.
        """

        def work() -> R:
            with self._storage.transaction():
                return function(connection_of(self._storage), *args, **kwargs)

        if self._inner.is_over:
            raise ended()
        operation = self._inner.thread.submit(carry_context(work))
        return await OfFuture(remaining_s(math.inf), self._workers.watch, operation).begin_to_wait()


class BoundTransaction:
    """
    A transaction of an application, for one ``with`` or ``async with``. `App.transaction` makes it.

    .. versionadded:: 0.1.0
    """

    def __init__(self, storage: Storage, workers: Workers, *, needs_connection: bool = True) -> None:
        self._storage = storage
        self._needs_connection = needs_connection  # of the library's own some need none
        self._workers = workers
        self._stack = ExitStack()
        self._before = Terms()
        self._outer: Transaction | None = None
        self._end: Future[None] = Future()
        self._ended: Future[None] | None = None

    def __enter__(self) -> Connection:
        """
        Begin, on this thread. Blocks until it is this transaction's turn.

        Raises:
            authweave.extending.RunningLoopError: a loop runs here: write ``async with``.
            authweave.types.ConfigurationError: the store has no connection.
            authweave.storage.StorageError: the transaction could not be begun.
        """
        if is_under_a_loop():
            message = "`with app.transaction()` would block the running loop: write `async with app.transaction()`."
            raise RunningLoopError(message)
        with ExitStack() as stack:
            if self._workers.wait_s is not None:
                stack.enter_context(within(self._workers.wait_s))
            stack.enter_context(self._storage.transaction())
            connection = connection_of(self._storage)
            self._stack = stack.pop_all()
        return connection

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """
        Commit, or undo it where the block raised.

        Raises:
            authweave.storage.StorageError: it could not be committed, or took too long. Nothing was written.
            authweave.storage.TransactionError: somebody has ended it by hand, or let a statement fail and went on.
        """
        self._stack.__exit__(kind, error, traceback)

    async def __aenter__(self) -> OpenTransaction:
        """Begin, on a thread of its own. Raises as ``__enter__``."""
        self._before = TERMS.get()
        self._outer = self._storage.running_transaction()
        wait_s = remaining_s(math.inf if self._workers.wait_s is None else self._workers.wait_s)
        latest_s = time.monotonic() + wait_s
        begun = self._begin_apart(latest_s) if self._outer is None else self._begin_inside(self._outer)
        try:
            transaction = await OfFuture(wait_s, self._workers.watch, begun).begin_to_wait()
        except BaseException:  # it may be begun yet
            with suppress(TransactionError, StorageError):
                self._leave(undo=True)
            raise
        TERMS.set(Terms(latest_s, transaction))
        return OpenTransaction(transaction, self._storage, self._workers)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """
        Commit, or undo it where the block raised or was cancelled. Raises as ``__exit__``.

        Who is cancelled meanwhile is so when it is known what has become of the transaction.
        """
        TERMS.set(self._before)
        try:
            left = asyncio.wrap_future(self._leave(undo=error is not None))
        except (TransactionError, StorageError):  # its time was over, and so is that of the one around it
            if error is None:
                raise
            return
        cancelled: asyncio.CancelledError | None = None
        while not left.done():
            try:
                await asyncio.wait({left})
            except asyncio.CancelledError as asked:
                cancelled = asked
        failure = left.exception()
        if cancelled is not None:
            raise cancelled
        if error is None and failure is not None:
            raise failure

    def _begin_apart(self, latest_s: float) -> Future[Transaction]:
        """Have a thread begin the transaction, and keep it for the block."""
        begun: Future[Transaction] = Future()
        try:
            self._ended = self._workers.for_transactions.submit(lambda: self._hold(begun, latest_s))
        except RuntimeError as error:
            raise closed() from error
        if self._ended is None:
            raise StorageBusyError(f"{self._workers.queue} transactions wait for their turn already")
        return begun

    def _hold(self, begun: Future[Transaction], latest_s: float) -> None:
        """Hold the transaction, on its thread, and do there what the block asks for, until it ends."""
        try:
            left_s = max(latest_s - time.monotonic(), LEAST_S)
            with suppress(Undone), within(left_s), self._storage.transaction() as transaction:
                if self._needs_connection:
                    connection_of(self._storage)
                if begun.set_running_or_notify_cancel():
                    begun.set_result(transaction)
                transaction.thread.wait_for(self._end)
        except BaseException as error:
            if isinstance(error, StorageError):
                self._workers.watch.note_failure(error)
            if not begun.done():
                begun.set_exception(error)
                return
            raise

    def _begin_inside(self, outer: Transaction) -> Future[Transaction]:
        """Begin a part of a transaction, on its thread."""

        def begin() -> Transaction:
            if self._storage.running_transaction() is not outer:
                raise TransactionError(
                    "Another block of `app.transaction()` is under way inside this transaction: wait for its end, "
                    "since what they wrote could not be undone one by one."
                )
            return self._stack.enter_context(self._storage.transaction())

        return outer.thread.submit(begin)

    def _leave(self, *, undo: bool) -> Future[None]:
        """Have the transaction end, or its part. What is returned fails as that does."""
        if self._outer is not None:
            return self._outer.thread.submit(lambda: self._leave_inside(undo=undo))
        if undo:
            self._end.set_exception(Undone())
        else:
            self._end.set_result(None)
        return self._ended or self._end

    def _leave_inside(self, *, undo: bool) -> None:
        with suppress(Undone), self._stack:
            if undo:
                raise Undone


def is_under_a_loop() -> bool:
    """Return whether a loop runs on this thread."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def connection_of(storage: Storage) -> Connection:
    """
    Return the connection of the transaction that is under way.

    Raises:
        ConfigurationError: the store has none.
    """
    if not isinstance(storage, HasConnection):
        raise ConfigurationError(
            "app.transaction(): the application's store has no connection, since it is no SQL database. In a test, "
            "open 'sqlite://', which is in memory too."
        )
    return storage.connection()

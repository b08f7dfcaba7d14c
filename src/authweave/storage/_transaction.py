"""A transaction that several calls share, and its thread, on which all of them are made."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Generator
from concurrent.futures import Future
from contextlib import contextmanager
from queue import SimpleQueue
from typing import Final, TypeVar

from ._deadline import TERMS, Terms, is_over
from ._errors import StorageBusyError, TransactionError

R = TypeVar("R")

logger: Final = logging.getLogger("authweave.storage")


class OwnThread:
    """
    The thread that a transaction was begun on: nothing else happens on it until the transaction has ended.

    While its own code waits for other threads, what they ask of the transaction is done here: their pool may be full,
    of threads that wait for this one.
    """

    def __init__(self) -> None:
        self._ident = threading.get_ident()
        self._errands: SimpleQueue[Callable[[], None] | None] = SimpleQueue()

    @property
    def is_current(self) -> bool:
        """Whether this is the thread that runs."""
        return self._ident == threading.get_ident()

    def submit(self, function: Callable[[], R]) -> Future[R]:
        """Have a function called on the thread when it waits. Any thread may ask."""
        future: Future[R] = Future()

        def run() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                result = function()
            except BaseException as error:  # noqa: BLE001  it is raised where the future is asked
                future.set_exception(error)
            else:
                future.set_result(result)

        self._errands.put(run)
        return future

    def wait_for(self, awaited: Future[R]) -> R:
        """Wait for what other threads do, and do meanwhile what they ask for. Returns what came of it."""
        awaited.add_done_callback(lambda _: self._errands.put(None))
        while not awaited.done():
            errand = self._errands.get()
            if errand is not None:
                errand()
        return awaited.result()


class Transaction:
    """
    A transaction that is under way. `Storage.transaction` begins one.

    Args:
        store: what its parts share; what is asked of it joins.
        inside: the one of the same store that it is a part of, if any.

    .. versionadded:: 0.1.0
    """

    def __init__(self, store: object, inside: Transaction | None = None) -> None:
        outer = TERMS.get().transaction
        self.store: Final = store
        self.inside: Final = inside
        self.outer: Final = outer
        self.thread: Final[OwnThread] = outer.thread if outer is not None and outer.thread.is_current else OwnThread()
        self.is_over = False
        self._after_commit: list[Callable[[], None]] = []

    def after_commit(self, function: Callable[[], None]) -> None:
        """
        Have a function called on this thread once all is committed; not if it is undone.

        What it raises is logged: the transaction stands.
        """
        self._after_commit.append(function)

    @contextmanager
    def running(self) -> Generator[None]:
        """Have what is asked of the store in the block join."""
        before = TERMS.get()
        TERMS.set(Terms(before.latest_s, self))
        try:
            yield
        finally:
            self.is_over = True
            TERMS.set(before)

    def note_commit(self) -> None:
        """Call what was to be called after the commit, or leave it to the transaction that this one is a part of."""
        if self.inside is not None:
            for function in self._after_commit:
                self.inside.after_commit(function)
            return
        for function in self._after_commit:
            try:
                function()
            except Exception:
                logger.exception(
                    "What was to follow a commit failed; the transaction stands.", extra={"event": "after_commit"}
                )


def transaction_of(store: object) -> Transaction | None:
    """
    Return the transaction of a store that is under way where this is called, on whatever thread; None if none is.

    Raises:
        TransactionError: this was begun in one that has ended since.
    """
    transaction = TERMS.get().transaction
    while transaction is not None and transaction.store is not store:
        transaction = transaction.outer
    if transaction is not None and transaction.is_over:
        message = (
            "The transaction that this was begun in has ended: wait for its tasks before the end of the block, or "
            "start them outside."
        )
        raise TransactionError(message)
    return transaction


def joined(store: object) -> Transaction | None:
    """
    Return the transaction that a call of a store joins.

    Raises:
        TransactionError: it has ended, or belongs to another thread.
    """
    transaction = transaction_of(store)
    if transaction is not None and not transaction.thread.is_current:
        message = (
            "A transaction is used on another thread than its own: call the functions of a recipe there, or have it "
            "done by the transaction's `run`."
        )
        raise TransactionError(message)
    return transaction


def check_time() -> None:
    """
    Check that a transaction which is going to commit may.

    Raises:
        StorageBusyError: its time is over.
    """
    if is_over():
        raise StorageBusyError("A transaction took longer than it may, and nothing was written")


@contextmanager
def outside_transactions() -> Generator[None]:
    """Do what is in the block, and in tasks that it starts, apart from the transaction that is under way."""
    before = TERMS.get()
    TERMS.set(Terms(before.latest_s))
    try:
        yield
    finally:
        TERMS.set(before)

"""
On what terms a store is asked: until when, and in which transaction, whose calls are all made on its own thread.

Both go along from who asks to the driver, in one ContextVar.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, contextmanager, suppress
from contextvars import ContextVar
from queue import Empty, SimpleQueue
from typing import Any, Final, ParamSpec, TypeAlias, TypeVar

import attrs

from authweave.types import ConfigurationError

from ._errors import StorageBusyError, TransactionError

P = ParamSpec("P")
R = TypeVar("R")

logger: Final = logging.getLogger("authweave.storage")

Errand: TypeAlias = tuple[Callable[[], None], Future[Any]]  # Any: of whatever it returns


@attrs.frozen(eq=False)
class Terms:
    """
    On what terms a store is asked.

    Attributes:
        latest_s: until when, by `time.monotonic`.
        transaction: the innermost one that is under way; what is asked of its store joins it.
        is_at_once: whether nothing is to be waited for but a file: a loop stands still meanwhile.
    """

    latest_s: float = math.inf
    transaction: Transaction | None = None
    is_at_once: bool = False


class NotAtOnceError(Exception):
    """What was asked cannot be answered at once: a connection has to be made, or others have to be waited for."""


ALONE: Final = Terms()
AT_ONCE: Final = Terms(is_at_once=True)
TERMS: Final[ContextVar[Terms]] = ContextVar("authweave_storage_terms", default=ALONE)


@contextmanager
def within(seconds: float) -> Generator[None]:
    """
    Give the store so many seconds in all for what is asked of it in the block.

    What has not been begun by then is not begun, and raises `StorageBusyError`; what has been is given up, and raises
    `StorageError`. Of blocks in one another, and of ``init(storage_wait_s=...)``, the one that ends first counts. Tasks
    that are started in the block have its deadline too.

    Args:
        seconds: more than 0.

    Raises:
        authweave.types.ConfigurationError: they are not.

    .. versionadded:: 0.1.0
    """
    if not seconds > 0:
        message = f"within({seconds!r}): give the store some seconds, more than 0."
        raise ConfigurationError(message)
    outer = TERMS.get()
    TERMS.set(sooner(outer, seconds))
    try:
        yield
    finally:
        TERMS.set(outer)  # not reset: a generator may end in another context than it began in


def sooner(terms: Terms, seconds: float) -> Terms:
    """Return terms of so many seconds at most."""
    return Terms(min(terms.latest_s, time.monotonic() + seconds), terms.transaction)


def on_terms(terms: Terms, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Call a function that asks the store on some terms."""
    outer = TERMS.get()
    TERMS.set(terms)
    try:
        return function(*args, **kwargs)
    finally:
        TERMS.set(outer)


def remaining_s(most_s: float) -> float:
    """Return how many seconds are left before the deadline: at most so many, and at least 0."""
    return max(min(most_s, TERMS.get().latest_s - time.monotonic()), 0.0)


def is_over() -> bool:
    """Return whether the deadline has passed."""
    return time.monotonic() > TERMS.get().latest_s


class OwnThread:
    """
    The thread that a transaction was begun on: nothing else happens on it until the transaction has ended.

    While its own code waits for other threads, what they ask of the transaction is done here: their pool may be full,
    of threads that wait for this one.
    """

    def __init__(self) -> None:
        self._ident = threading.get_ident()
        self._errands: SimpleQueue[Errand | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._is_closed = False

    @property
    def is_current(self) -> bool:
        """Whether this is the thread that runs."""
        return self._ident == threading.get_ident()

    def submit(self, function: Callable[[], R]) -> Future[R]:
        """
        Have a function called on the thread when it waits. Any thread may ask; to itself it does it at once.

        Raises:
            TransactionError: the transaction has ended.
        """
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

        with self._lock:
            if self._is_closed:
                raise ended()
            if not self.is_current:
                self._errands.put((run, future))
                return future
        run()  # a loop runs on this thread, which nobody else will serve: `asyncio.run` in a hook
        return future

    def wait_for(self, awaited: Future[R]) -> R:
        """
        Wait for what other threads do, and do meanwhile what they ask for. Returns what came of it.

        Raises:
            StorageBusyError: the time of who waits is over.
            Exception: what came of it.
        """
        awaited.add_done_callback(lambda _: self._errands.put(None))
        while not awaited.done():
            left_s = remaining_s(math.inf)
            try:
                errand = self._errands.get(timeout=None if left_s == math.inf else left_s)
            except Empty:
                raise too_long() from None
            if errand is not None:
                errand[0]()
        return awaited.result()

    def close(self) -> None:
        """Do nothing more here for others: what they have asked for is not begun."""
        with self._lock:
            self._is_closed = True
        with suppress(Empty):
            while True:
                errand = self._errands.get_nowait()
                if errand is not None and errand[1].set_running_or_notify_cancel():  # somebody waits for it still
                    errand[1].set_exception(ended())


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
        self.is_over: bool = False
        self._has_own_thread = outer is None or self.thread is not outer.thread
        self._after_commit: list[Callable[[], None]] = []
        self._after_undo: list[Callable[[], None]] = []

    def after_commit(self, function: Callable[[], None]) -> None:
        """
        Have a function called on this thread once all is committed; not if it is undone.

        What it raises is logged: the transaction stands.
        """
        self._after_commit.append(function)

    def after_undo(self, function: Callable[[], None]) -> None:
        """Have a function called on this thread if all is undone: what was learnt in the transaction never was."""
        self._after_undo.append(function)

    def running(self) -> AbstractContextManager[None]:
        """Have what is asked of the store in the block join."""
        return Running(self)

    def end(self) -> None:
        """Let nothing more be asked in it."""
        self.is_over = True
        if self._has_own_thread:
            self.thread.close()

    def noting_undo(self) -> AbstractContextManager[None]:
        """Call what was to be called after all is undone, where the block, which is the whole of it, raises."""
        return NotingUndo(self._after_undo)

    def note_commit(self) -> None:
        """Call what was to be called after the commit, or leave it to the transaction that this one is a part of."""
        if self.inside is not None:
            for function in self._after_commit:
                self.inside.after_commit(function)
            for function in self._after_undo:
                self.inside.after_undo(function)
            return
        call_all(self._after_commit)


class Running:
    """
    The block of a transaction. Written out like the one below, as `contextlib` takes four times as long.

    Args:
        transaction: what is asked of its store in the block joins it.
    """

    __slots__ = ("_before", "_transaction")

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def __enter__(self) -> None:
        """Begin the block."""
        self._before = TERMS.get()
        TERMS.set(Terms(self._before.latest_s, self._transaction))

    def __exit__(self, *_: object) -> None:
        """End it."""
        try:
            self._transaction.end()
        finally:
            TERMS.set(self._before)


class NotingUndo:
    """
    A block whose failure undoes a transaction.

    Args:
        functions: what is called then.
    """

    __slots__ = ("_functions",)

    def __init__(self, functions: Sequence[Callable[[], None]]) -> None:
        self._functions = functions

    def __enter__(self) -> None:
        """Begin the block."""

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """End it."""
        if kind is not None:
            call_all(self._functions)


def call_all(functions: Sequence[Callable[[], None]]) -> None:
    """Call what was to follow a transaction; what fails is logged, and changes nothing any more."""
    for function in functions:
        try:
            function()
        except Exception:
            logger.exception("What was to follow a transaction failed.", extra={"event": "after_transaction_failed"})


def ended() -> TransactionError | StorageBusyError:
    """Return what says that a transaction has ended: by itself, or since its time is over."""
    if is_over():
        return too_long()
    return TransactionError(
        "The transaction that this was begun in has ended: wait for its tasks before the end of the block, or start "
        "them outside."
    )


def too_long() -> StorageBusyError:
    """Return what says that a transaction has taken too long."""
    return StorageBusyError("A transaction took longer than it may, and nothing was written")


def wait_for(awaited: Future[R]) -> R:
    """Wait for what another thread does; on a transaction's own, with `OwnThread.wait_for`."""
    transaction = TERMS.get().transaction
    if transaction is not None and transaction.thread.is_current and not transaction.is_over:
        return transaction.thread.wait_for(awaited)
    return awaited.result()


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
        raise ended()
    return transaction


def require_time() -> None:
    """
    Require that who asks can wait.

    Raises:
        NotAtOnceError: a loop stands still meanwhile.
    """
    if TERMS.get().is_at_once:
        raise NotAtOnceError


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
        raise too_long()


@contextmanager
def outside_transactions() -> Generator[None]:
    """Do what is in the block, and in tasks that it starts, apart from the transaction that is under way."""
    before = TERMS.get()
    TERMS.set(Terms(before.latest_s))
    try:
        yield
    finally:
        TERMS.set(before)

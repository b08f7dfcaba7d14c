"""The threads of an application: workers for what blocks, and a loop for callers that have none."""

from __future__ import annotations

import asyncio
import math
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from contextvars import Context
from functools import partial
from typing import Any, Final, ParamSpec, TypeVar

import attrs

from authweave._per_process import PerProcess
from authweave.extending import on_loop, own_context, runs_on_loop, threads_are_greenlets
from authweave.security import BoundedThreads
from authweave.storage import StorageBusyError, StorageError, Transaction, wait_for
from authweave.storage._terms import ALONE, AT_ONCE, TERMS, NotAtOnceError, is_over, on_terms, remaining_s, sooner
from authweave.types import ConfigurationError

from ._answers import OfFuture, Operation, answered_with, closed, never_asked
from ._greenlets import new_loop
from ._watch import StorageWatch

THREADS: Final = 4
QUEUE: Final = 1000
"""Where a disk takes 200 commits a second, the last of them waits 5 s."""
WAIT_S: Final = 5.0
"""Browsers and proxies wait longer."""

AT_ONCE_S: Final = 0.001
"""A read that holds up the loop for longer is better made in a thread; of pages in memory it takes a fiftieth of it."""
MOST_SKIPPED: Final = 64

P = ParamSpec("P")
R = TypeVar("R")


@attrs.define(eq=False)
class Patience:
    """
    Whether it is worth while to try what is mostly quick. Several threads may use one: at worst it errs.

    Each time that it was not, it is skipped twice as often, up to 64 times.
    """

    _penalty: int = 0
    _skips: int = 0

    def is_due(self) -> bool:
        """Return whether to try the next time."""
        if self._skips > 0:
            self._skips -= 1
            return False
        return True

    def note(self, *, is_rewarded: bool) -> None:
        """Note whether it was quick."""
        self._penalty = 0 if is_rewarded else min(2 * self._penalty or 1, MOST_SKIPPED)
        self._skips = self._penalty


@attrs.define(eq=False)
class Workers:
    """
    Runs what blocks on the store in worker threads, for callers on a loop; after a fork in threads of the child's own.

    A store that is slow or hangs holds up nobody else: what waits is bounded in number and in time. Whoever asks is
    answered when his time is over, also where the thread is not: the store has the same deadline (`within`), and a
    driver gives up a little later.

    Attributes:
        threads: how many operations run at once.
        queue: how many more may wait.
        wait_s: how long whoever asks waits for one, in seconds; None for as long as it takes. What has not been begun
            by then is not begun.
        watch: learns what becomes of the operations.
        at_use: are called with every use, on the caller's thread. They must not block.
        monotonic: tells seconds since some moment.
        transaction: returns the store's transaction that the caller is in, if any: what is called is a part of that,
            and is called on its thread.
        reads_at_once: returns whether the store's reads by key may be made on the loop.
    """

    threads: int = THREADS
    queue: int = QUEUE
    wait_s: float | None = WAIT_S
    watch: StorageWatch = attrs.field(factory=StorageWatch)
    at_use: tuple[Callable[[], None], ...] = ()
    monotonic: Callable[[], float] = time.monotonic
    transaction: Callable[[], Transaction | None] = lambda: None
    reads_at_once: Callable[[], bool] = lambda: False
    bounded: BoundedThreads = attrs.field(init=False)
    for_transactions: BoundedThreads = attrs.field(init=False)
    patience: Patience = attrs.field(init=False, factory=Patience)

    def __attrs_post_init__(self) -> None:
        """Make the threads. They start when they are first needed."""
        self.bounded = BoundedThreads(self.threads, self.queue, "authweave-storage")
        # Of their own: they are held while an application does other things.
        self.for_transactions = BoundedThreads(self.threads, self.queue, "authweave-transaction")

    def __call__(self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Awaitable[R]:
        """
        Call ``function`` in a worker thread: one hop.

        Raises:
            StorageBusyError: too many wait already, or, once awaited, it has waited for too long. It was not called.
            StorageError: the application was closed, or, once awaited, it took too long; it may still be under way.
            TransactionError: the transaction that the caller was begun in has ended.
        """
        if not runs_on_loop():
            return self.once_on_loop(lambda: function(*args, **kwargs))
        return self._ask(function, args, kwargs)

    def at_once(self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Awaitable[R]:
        """
        Call ``function``, which reads by key, on the loop, where the store can do so at once; else in a worker thread.

        On a file it takes a fraction of what a hop takes. One that took long, since its pages had to be read from a
        disk say, has the next ones made in threads; so a slow disk holds up the loop ever less often.

        Raises:
            Exception: what the function raises; and as a call.
        """
        if not self.reads_at_once() or is_over() or not runs_on_loop() or self.transaction() is not None:
            return self(function, *args, **kwargs)
        if not self.patience.is_due():
            return self(function, *args, **kwargs)
        for look in self.at_use:
            look()
        begun_s = self.monotonic()
        try:
            result = on_terms(AT_ONCE, function, *args, **kwargs)
        except NotAtOnceError:
            return self(function, *args, **kwargs)
        except StorageError as error:
            self.watch.note_failure(error)
            raise
        self.patience.note(is_rewarded=self.monotonic() - begun_s < AT_ONCE_S)
        self.watch.note_success()
        return answered_with(result)

    def _ask(self, function: Callable[..., R], args: tuple[object, ...], kwargs: Mapping[str, object]) -> Awaitable[R]:
        """Have a thread call a function, for a caller on the loop."""
        transaction = self.transaction()
        for look in self.at_use:
            look()
        # The sooner of the caller's own deadline and ours.
        wait_s = remaining_s(math.inf if self.wait_s is None else self.wait_s)
        # No closure: of what is in it each is one thing more for the collector to follow, as long as the call takes.
        work = partial(
            self.call_in_time, self.monotonic() + wait_s, wait_s, function, args, kwargs, is_apart=transaction is None
        )
        if transaction is not None:
            return OfFuture(wait_s, self.watch, transaction.thread.submit(work)).begin_to_wait()
        operation = Operation(wait_s, self.watch, self.bounded, work)
        try:
            has_place = self.bounded.enqueue(operation)
        except RuntimeError as error:
            raise closed() from error
        if not has_place:
            busy = StorageBusyError(
                f"The store was not asked, since {self.queue} operations are waiting for it already"
            )
            self.watch.note_failure(busy)
            raise busy
        return operation.begin_to_wait()

    def call_in_time(
        self,
        latest_s: float,
        wait_s: float,
        function: Callable[..., R],
        args: tuple[object, ...],
        kwargs: Mapping[str, object],
        *,
        is_apart: bool,
    ) -> R:
        """
        Call a function in a worker thread, if that is not too late, and note what comes of it.

        Raises:
            StorageBusyError: it is too late.
            Exception: what the function raises.
        """
        try:
            left_s = latest_s - self.monotonic()
            if left_s <= 0:
                raise never_asked(wait_s)
            # A thread of ours is apart from the transaction that it was started in: some builds of Python hand it on.
            terms = sooner(ALONE if is_apart else TERMS.get(), left_s)
            result = on_terms(terms, function, *args, **kwargs)
        except StorageError as error:
            self.watch.note_failure(error)
            raise
        self.watch.note_success()
        return result

    async def once_on_loop(self, function: Callable[[], R]) -> R:
        """Call ``function`` in a worker thread, for what began on a thread without a loop."""
        await on_loop()
        return await self(function)

    def start(self, function: Callable[[], None], /) -> None:
        """Call ``function``, of which there is one at a time, in a worker thread, for nobody who waits."""
        with suppress(RuntimeError):  # closed
            self.bounded.submit(lambda: on_terms(ALONE, function), beyond=True)

    def close(self) -> None:
        """Let the threads end, after what they have begun."""
        self.for_transactions.close()
        self.bounded.close()


def closed_meanwhile() -> StorageError:
    """Return what says that the application was closed while it did something."""
    return StorageError("The application was closed meanwhile, and whether anything was written is not known.")


class LoopThread:
    """
    A loop in a thread of its own, for callers that have none: the synchronous face of the recipes.

    After a fork the child has a loop of its own. The thread ends with the process, whatever still runs in it; `close`
    ends it in order.
    """

    def __init__(self) -> None:
        self._own: PerProcess[StartedOnce] = PerProcess(StartedOnce)
        self._of_greenlets: bool = threads_are_greenlets()

    def run(self, coroutine: Coroutine[Any, Any, R], context: Context | None = None) -> R:  # Any: the loop's own affair
        """
        Run a coroutine to its end, and return what it returns.

        Args:
            coroutine: it.
            context: what it runs within, and leaves its variables in; by default the caller's own.

        Raises:
            authweave.storage.StorageError: the application was closed, or is closed meanwhile.
            authweave.types.ConfigurationError: gevent has patched threads since the application was made.
        """
        if threads_are_greenlets() is not self._of_greenlets:
            coroutine.close()
            raise ConfigurationError(
                "gevent's monkey.patch_all() came after authweave.init, whose locks and threads are still real ones: "
                "it would wait forever. Patch first, at the top of the module; under --preload, of gunicorn.conf.py."
            )
        if context is not None:
            return self._own.get().run(coroutine, context)
        with own_context() as copied:
            return self._own.get().run(coroutine, copied)

    def runs_here(self) -> bool:
        """Return whether the caller's thread is that of the loop."""
        return self._own.get().thread is threading.current_thread()

    def close(self) -> None:
        """Cancel what still runs and stop the loop, if it was ever started. It starts no more."""
        self._own.get().close()


@attrs.define(eq=False)
class StartedOnce:
    """A loop and its thread, which start when they are first needed."""

    loop: asyncio.AbstractEventLoop | None = None
    thread: threading.Thread | None = None
    is_closed: bool = False
    lock: threading.Lock = attrs.field(factory=threading.Lock)

    def run(self, coroutine: Coroutine[Any, Any, R], context: Context) -> R:  # Any: as above
        """
        Run a coroutine to its end.

        Raises:
            authweave.storage.StorageError: the application was closed, or is closed meanwhile.
        """
        answer: Future[R] = Future()
        with self.lock:
            if self.is_closed:
                coroutine.close()
                raise closed()
            loop = self.loop or self.start()
            loop.call_soon_threadsafe(begin, coroutine, context, answer)
        try:
            return wait_for(answer)
        except CancelledError as error:
            if self.is_closed:
                raise closed_meanwhile() from error
            raise

    def start(self) -> asyncio.AbstractEventLoop:
        """Start the loop."""
        self.loop = loop = new_loop()
        self.thread = threading.Thread(target=loop.run_forever, name="authweave-loop", daemon=True)
        self.thread.start()
        return loop

    def close(self) -> None:
        """Cancel what still runs and stop the loop, if it was ever started."""
        with self.lock:
            self.is_closed = True
            loop, thread, self.loop, self.thread = self.loop, self.thread, None, None
        # Without the lock: a thread that the loop waits for may ask for it, to be told that this is closed.
        if loop is None or thread is None:
            return
        asyncio.run_coroutine_threadsafe(cancel_others(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def begin(coroutine: Coroutine[Any, Any, R], context: Context, answer: Future[R]) -> None:  # Any: as above
    """Begin a coroutine on the running loop, whose end somebody on another thread waits for."""

    def hand_over(ended: asyncio.Task[R]) -> None:
        if ended.cancelled():
            answer.cancel()
        elif (error := ended.exception()) is not None:
            answer.set_exception(error)
        else:
            answer.set_result(ended.result())

    asyncio.get_running_loop().create_task(coroutine, context=context).add_done_callback(hand_over)


async def cancel_others() -> None:
    """Cancel the other tasks of the loop, so that nobody waits for them forever."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    loop = asyncio.get_running_loop()  # as asyncio.run does: connections are closed by generators
    await loop.shutdown_asyncgens()
    await loop.shutdown_default_executor()

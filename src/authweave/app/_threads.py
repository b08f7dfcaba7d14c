"""The threads of an application: workers for what blocks, and a loop for callers that have none."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, ParamSpec, TypeVar

import attrs

P = ParamSpec("P")
R = TypeVar("R")


@attrs.define(eq=False)
class Workers:
    """Runs blocking functions in worker threads, for callers on a loop."""

    pool: ThreadPoolExecutor

    @classmethod
    def of(cls, threads: int) -> Workers:
        """Make a pool. Its threads start when they are first needed."""
        return cls(ThreadPoolExecutor(threads, thread_name_prefix="authweave-storage"))

    def __call__(self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Awaitable[R]:
        """Call ``function`` in a worker thread: one hop."""
        return asyncio.get_running_loop().run_in_executor(self.pool, partial(function, *args, **kwargs))

    def close(self) -> None:
        """Let the threads end, after what they have begun."""
        self.pool.shutdown(wait=True, cancel_futures=True)


@attrs.define(eq=False)
class LoopThread:
    """A loop in a thread of its own, for callers that have none: the synchronous face of the recipes."""

    loop: asyncio.AbstractEventLoop | None = None
    thread: threading.Thread | None = None
    lock: threading.Lock = attrs.field(factory=threading.Lock)

    def run(self, coroutine: Coroutine[Any, Any, R]) -> R:  # Any: what a coroutine yields is the loop's own affair
        """Run a coroutine to its end, with the caller's context, and return what it returns."""
        with self.lock:
            if self.loop is None:
                self.loop = asyncio.new_event_loop()
                self.thread = threading.Thread(target=self.loop.run_forever, name="authweave-loop", daemon=True)
                self.thread.start()
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result()

    def close(self) -> None:
        """Stop the loop, if it was ever started."""
        with self.lock:
            if self.loop is None or self.thread is None:
                return
            self.loop.call_soon_threadsafe(self.loop.stop)
            self.thread.join()
            self.loop.close()
            self.loop, self.thread = None, None

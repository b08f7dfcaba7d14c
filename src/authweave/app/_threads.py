"""The threads of an application: workers for what blocks, and a loop for callers that have none."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any, ParamSpec, TypeVar

import attrs

P = ParamSpec("P")
R = TypeVar("R")


@attrs.define(eq=False)
class Workers:
    """Runs blocking functions in worker threads, for callers on a loop; after a fork in threads of the child's own."""

    threads: int
    pool: ThreadPoolExecutor = attrs.field(init=False)
    process: int = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        """Make the pool. Its threads start when they are first needed."""
        self.pool = ThreadPoolExecutor(self.threads, thread_name_prefix="authweave-storage")
        self.process = os.getpid()

    def __call__(self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Awaitable[R]:
        """Call ``function`` in a worker thread: one hop."""
        if os.getpid() != self.process:  # the parent's threads did not come along
            self.__attrs_post_init__()
        return asyncio.get_running_loop().run_in_executor(self.pool, partial(function, *args, **kwargs))

    def start(self, function: Callable[[], None], /) -> None:
        """Call ``function`` in a worker thread, for nobody who waits; after the end, not at all."""
        if os.getpid() != self.process:
            self.__attrs_post_init__()
        with suppress(RuntimeError):  # the pool has been shut down
            self.pool.submit(function)

    def close(self) -> None:
        """Let the threads end, after what they have begun."""
        self.pool.shutdown(wait=True, cancel_futures=True)


@attrs.define(eq=False)
class LoopThread:
    """A loop in a thread of its own, for callers that have none: the synchronous face of the recipes."""

    loop: asyncio.AbstractEventLoop | None = None
    thread: threading.Thread | None = None
    lock: threading.Lock = attrs.field(factory=threading.Lock)
    process: int = attrs.field(factory=os.getpid)

    def run(self, coroutine: Coroutine[Any, Any, R]) -> R:  # Any: what a coroutine yields is the loop's own affair
        """Run a coroutine to its end, with the caller's context, and return what it returns."""
        self.leave_to_parent()
        with self.lock:
            if self.loop is None:
                self.loop = asyncio.new_event_loop()
                self.thread = threading.Thread(target=self.loop.run_forever, name="authweave-loop", daemon=True)
                self.thread.start()
            running = asyncio.run_coroutine_threadsafe(coroutine, self.loop)
        return running.result()

    def leave_to_parent(self) -> None:
        """Forget a loop that was made before a fork: its thread did not come along, and its lock may be held."""
        if os.getpid() != self.process:
            self.loop, self.thread, self.lock = None, None, threading.Lock()
            self.process = os.getpid()

    def close(self) -> None:
        """Cancel what still runs and stop the loop, if it was ever started."""
        self.leave_to_parent()
        with self.lock:
            if self.loop is None or self.thread is None:
                return
            asyncio.run_coroutine_threadsafe(cancel_others(), self.loop).result()
            self.loop.call_soon_threadsafe(self.loop.stop)
            self.thread.join()
            self.loop.close()
            self.loop, self.thread = None, None


async def cancel_others() -> None:
    """Cancel the other tasks of the loop, so that nobody waits for them for ever."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)

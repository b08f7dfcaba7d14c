"""A request's body where a server reads it by waiting: WSGI's own, and Django's there."""

from __future__ import annotations

import asyncio
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import TypeVar

import attrs

from authweave.extending import runs_on_loop

R = TypeVar("R")


@attrs.define(eq=False, repr=False)
class BlockingBody(ABC):
    """A body that is read once, by whoever asks first; who asks for it later is told the same."""

    _whole: bytes | None = attrs.field(default=None, init=False)
    _error: Exception | None = attrs.field(default=None, init=False)
    _reading: threading.Lock = attrs.field(factory=threading.Lock, init=False)

    @abstractmethod
    def read_blocking(self) -> bytes:
        """
        Return the whole body. Blocks; it is called once.

        Raises:
            authweave.types.BodyTooLargeError: it is longer than the limit. Where the request says so, nothing is read.
            authweave.errors.ClientDisconnectedError: the client went away.
        """

    def take(self) -> bytes:
        """Return the whole body, however often it is asked for; errors are those of `read_blocking`."""
        with self._reading:  # who comes second would wait for what never comes
            if self._error is not None:
                raise self._error
            if self._whole is None:
                try:
                    self._whole = self.read_blocking()
                except Exception as error:
                    self._error = error
                    raise
            return self._whole

    def read_ahead(self) -> None:
        """
        Read it on the caller's own thread: a client that is slow holds up nobody else.

        What is wrong with it, whoever asks for it next is told.
        """
        with suppress(Exception):
            self.take()

    async def read(self) -> bytes:
        """Return the whole body, as `take` does; a loop does not wait for a client that is slow."""
        if self._whole is None and self._error is None and runs_on_loop():
            return await asyncio.wrap_future(in_thread(self.take))
        return self.take()


def in_thread(function: Callable[[], R]) -> Future[R]:
    """
    Call a function in a thread of its own.

    The threads of a loop are few, and to close it waits for all of them: slow clients would hold up the others there.
    Here there is at most one for each request, which has one of the server's already.
    """
    future: Future[R] = Future()
    future.set_running_or_notify_cancel()

    def call() -> None:
        try:
            result = function()
        except BaseException as error:  # noqa: BLE001  whoever waits is told
            future.set_exception(error)
        else:
            future.set_result(result)

    threading.Thread(target=call, name="authweave-body", daemon=True).start()
    return future

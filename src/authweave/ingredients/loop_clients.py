"""HTTP clients that belong to a loop: whoever asks others over HTTP keeps one for each loop that it runs in."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from typing import Generic, Protocol

import attrs
import httpx2
from typing_extensions import TypeVar

from authweave.outbox import OffLoop


class Closable(Protocol):
    """What has connections."""

    async def aclose(self) -> None:
        """Close them."""
        ...


ClientT = TypeVar("ClientT", bound=Closable)


@attrs.define(eq=False)
class LoopClients(Generic[ClientT]):
    """
    Keeps a client for each loop that asks for one, as connections can be used in no other than theirs.

    A client is closed with its loop; `close` closes those of loops that go on. A loop that was closed without closing
    its asynchronous generators, as `asyncio.run` does, leaves its client unclosed, and is forgotten with the next one.

    Attributes:
        off_loop: runs what blocks.
        make: makes a client of what verifies certificates, without opening anything. It may be run in vain.
    """

    off_loop: OffLoop
    make: Callable[[ssl.SSLContext], ClientT]
    _clients: dict[asyncio.AbstractEventLoop, tuple[ClientT, AsyncGenerator[None]]] = attrs.field(
        init=False, factory=dict[asyncio.AbstractEventLoop, tuple[ClientT, AsyncGenerator[None]]]
    )
    _tls: ssl.SSLContext | None = attrs.field(init=False, default=None)
    _lock: threading.Lock = attrs.field(init=False, factory=threading.Lock)

    async def get(self) -> ClientT:
        """Return that of the running loop; make it, if there is none yet."""
        loop = asyncio.get_running_loop()
        if loop not in self._clients:
            for ended in [each for each in self._clients.copy() if each.is_closed()]:
                self._clients.pop(ended, None)
            client = await self.off_loop(self._make)
            if loop not in self._clients:  # another call may have brought one meanwhile
                closer = self._close_with_loop(loop, client)
                await anext(closer)  # it does not wait for anything
                self._clients[loop] = client, closer
        return self._clients[loop][0]

    def close(self) -> None:
        """Close the clients of every loop that still runs; the others have closed theirs. May be called again."""
        for loop, (_, closer) in list(self._clients.items()):
            if loop.is_running():
                with suppress(RuntimeError):  # it ended just now
                    asyncio.run_coroutine_threadsafe(closer.aclose(), loop)
        self._clients.clear()

    def _make(self) -> ClientT:
        """Make a client. Blocks: what verifies certificates takes some 20 ms, the first import more."""
        with self._lock:
            self._tls = self._tls or httpx2.create_ssl_context()
        return self.make(self._tls)

    async def _close_with_loop(self, loop: asyncio.AbstractEventLoop, client: ClientT) -> AsyncGenerator[None]:
        """Close a client when the loop ends: asyncio closes asynchronous generators that were begun in it."""
        try:
            yield
        finally:
            self._clients.pop(loop, None)
            await client.aclose()

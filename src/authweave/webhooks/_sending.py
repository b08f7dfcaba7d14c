"""The HTTP client that asks webhooks: one for each application."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import suppress
from http import HTTPStatus
from typing import Final, TypeAlias

import attrs
import httpx2

from authweave.outbox import OffLoop
from authweave.types import Clock

from ._errors import WebhookFailure

MAX_ANSWER_BYTES: Final = 64 * 1024
# Decoding would let a small answer grow without bounds, so none is asked for, and none is done.
HEADERS: Final = {
    "content-type": "application/json",
    "accept": "application/json",
    "accept-encoding": "identity",
    "user-agent": "authweave",
}


class SendingError(Exception):
    """There is no answer, or none that is read."""

    def __init__(self, failure: WebhookFailure, explanation: str) -> None:
        self.failure: WebhookFailure = failure
        self.explanation = explanation
        super().__init__(explanation)


Connections: TypeAlias = tuple[httpx2.AsyncHTTPTransport, AsyncGenerator[None]]
"""Those of one loop, and what closes them."""


@attrs.define(eq=False)
class Sender:
    """
    Asks webhooks over HTTP, over connections that are kept for the next call.

    No redirect is followed, no cookie kept, no proxy asked, and nothing logged: httpx2's own client would log whole
    URLs, so this stands on its transport, one for each loop.

    Attributes:
        off_loop: runs what blocks.
        clock: tells the time, in milliseconds since the epoch.
        random_bytes: returns as many unpredictable bytes as asked.
    """

    off_loop: OffLoop
    clock: Clock
    random_bytes: Callable[[int], bytes]
    _transports: dict[asyncio.AbstractEventLoop, Connections] = attrs.field(
        init=False, factory=dict[asyncio.AbstractEventLoop, Connections]
    )
    _tls: ssl.SSLContext | None = attrs.field(init=False, default=None)

    async def post(
        self, url: httpx2.URL, headers: Mapping[str, str], body: bytes, timeout_s: float
    ) -> tuple[bytes, str]:
        """
        Send a body; return that of the answer and its signature.

        It is sent once more where no connection could be made, or a kept one had been closed meanwhile.

        Raises:
            SendingError: there is no answer in time, or one with another status than 200, or that is too long.
        """
        try:
            async with asyncio.timeout(timeout_s):
                transport = await self._transport()
                request = httpx2.Request("POST", url, headers={**HEADERS, **headers}, content=body)
                try:
                    return await self._send(transport, request)
                except (httpx2.ConnectError, httpx2.RemoteProtocolError):
                    return await self._send(transport, request)
        except TimeoutError:
            raise SendingError("timed_out", f"did not answer within {timeout_s:g} s.") from None
        except httpx2.HTTPError as error:
            raise SendingError("unreachable", f"could not be reached ({type(error).__name__}).") from None

    async def _send(self, transport: httpx2.AsyncHTTPTransport, request: httpx2.Request) -> tuple[bytes, str]:
        response = await transport.handle_async_request(request)
        try:
            if response.status_code != HTTPStatus.OK:
                raise SendingError("bad_status", f"answered with status {response.status_code}, and 200 is an answer.")
            body = bytearray()
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) > MAX_ANSWER_BYTES:
                    raise SendingError("answer_too_long", f"answered with more than {MAX_ANSWER_BYTES} bytes.")
        finally:
            await response.aclose()
        return bytes(body), response.headers.get("webhook-signature", "")

    async def _transport(self) -> httpx2.AsyncHTTPTransport:
        """Return what has the connections of the running loop; make it, if there is none yet."""
        loop = asyncio.get_running_loop()
        if loop not in self._transports:
            if self._tls is None:
                self._tls = await self.off_loop(httpx2.create_ssl_context)  # it takes some 20 ms
            if loop in self._transports:  # another call has made it meanwhile
                return self._transports[loop][0]
            limits = httpx2.Limits(max_connections=None, max_keepalive_connections=20, keepalive_expiry=2)
            transport = httpx2.AsyncHTTPTransport(verify=self._tls, limits=limits)
            closer = self._close_with_loop(loop, transport)
            self._transports[loop] = transport, closer
            await anext(closer)
        return self._transports[loop][0]

    async def _close_with_loop(
        self, loop: asyncio.AbstractEventLoop, transport: httpx2.AsyncHTTPTransport
    ) -> AsyncGenerator[None]:
        """Close the connections when the loop ends: asyncio closes asynchronous generators that were begun in it."""
        try:
            yield
        finally:
            self._transports.pop(loop, None)
            await transport.aclose()

    def close(self) -> None:
        """Close the connections of every loop that still runs; the others have closed theirs. May be called again."""
        for loop, (_, closer) in list(self._transports.items()):
            if loop.is_running():
                with suppress(RuntimeError):  # it ended just now
                    asyncio.run_coroutine_threadsafe(closer.aclose(), loop)
        self._transports.clear()

"""The body of a request under ASGI, which both the library and the application behind it may read."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Final, TypeAlias, cast

import attrs

from authweave.http import ClientDisconnectedError, KeptBody, declared_length

# A message's and a scope's values are of many types, told by their keys (ASGI 3.0).
Message: TypeAlias = MutableMapping[str, object]
Scope: TypeAlias = MutableMapping[str, object]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
ASGIApp: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

AnyASGIApp: TypeAlias = Callable[..., Awaitable[None]]
"""An ASGI application. Frameworks have types of their own for what they are called with."""

RawHeaders: TypeAlias = Sequence[tuple[bytes, bytes]]

REQUEST_MESSAGE: Final = "http.request"


@attrs.define(eq=False, repr=False)
class Body:
    """
    A body that may be read by the library and received by the application, whoever comes first.

    What the library took, the application receives as one message.

    Args:
        server: gives the server's messages.
        limit_bytes: how much is kept.
        raw_headers: those of the request, which may say how long the body is.
    """

    server: Receive
    limit_bytes: int
    raw_headers: RawHeaders = ()
    # Nobody hands these over; attrs looks the default of a field with `init=False` up anew with every request.
    _kept: KeptBody | None = None
    _passed: bytes | None = None  # the whole of it, while nobody asks for it again
    end: Message | None = None
    reading: asyncio.Lock | None = None

    @property
    def taken_ahead(self) -> KeptBody:
        """What has come. Most requests have no body, or one that nobody asks for again."""
        if self._kept is None:
            self._kept = KeptBody(self.limit_bytes, self.declared_bytes())
            if self._passed is not None:
                self._kept.pass_by(self._passed, is_last=True)
        return self._kept

    async def receive(self) -> Message:
        """Give the application the next message: first what was taken ahead."""
        if self._kept is not None and (ahead := self._kept.owed()) is not None:
            return {"type": REQUEST_MESSAGE, "body": ahead, "more_body": not self._kept.is_complete}
        message = self.end or await self.server()
        if message["type"] == REQUEST_MESSAGE:
            chunk, is_last = chunk_of(message), not message.get("more_body", False)
            if is_last and self._kept is None and len(chunk) <= self.limit_bytes:  # most come whole, and are short
                self._passed = chunk
            else:
                self.taken_ahead.pass_by(chunk, is_last=is_last)
        return message

    async def read(self) -> bytes:
        """
        Return the whole body.

        Raises:
            authweave.types.BodyTooLargeError: it is longer than the limit. Where the request says so, nothing is read.
            ClientDisconnectedError: the client went away.
        """
        kept = self.taken_ahead
        kept.require_short()
        self.reading = self.reading or asyncio.Lock()
        async with self.reading:  # who comes second would wait for a message that never comes
            while kept.is_wanted:
                message = self.end or await self.server()
                if message["type"] != REQUEST_MESSAGE:
                    self.end = message
                    raise ClientDisconnectedError
                kept.take_ahead(chunk_of(message), is_last=not message.get("more_body", False))
        return kept.whole()

    def declared_bytes(self) -> int:
        """Return how long the request says that its body is; 0 where it does not say so."""
        return declared_length(next((value for name, value in self.raw_headers if name == b"content-length"), None))


def chunk_of(message: Message) -> bytes:
    """Return what a message holds of the body."""
    return cast("bytes", message.get("body", b""))  # ASGI: byte string

"""A request's body, which both the library and the application behind it may read."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Final, TypeAlias, cast

import attrs

from authweave.http import ClientDisconnectedError
from authweave.types import BodyTooLargeError

# A message's and a scope's values are of many types, told by their keys (ASGI 3.0).
Message: TypeAlias = MutableMapping[str, object]
Scope: TypeAlias = MutableMapping[str, object]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
ASGIApp: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

REQUEST_MESSAGE: Final = "http.request"


@attrs.define(eq=False, repr=False)
class Body:
    """
    A body that may be read by the library and received by the application, whoever comes first.

    Nothing is read ahead. What is taken from the server is handed on to the application, as one message, and what
    passes by is kept, up to the limit. Many small messages take no more memory than one.

    Args:
        server: gives the server's messages.
        limit_bytes: how much is kept. A longer body passes to the application all the same; only we don't read it.
    """

    server: Receive
    limit_bytes: int
    content: bytearray = attrs.field(factory=bytearray, init=False)
    length_bytes: int = attrs.field(default=0, init=False)
    complete: bool = attrs.field(default=False, init=False)
    read_ahead: bytearray | None = attrs.field(default=None, init=False)
    end: Message | None = attrs.field(default=None, init=False)
    reading: asyncio.Lock | None = attrs.field(default=None, init=False)

    async def receive(self) -> Message:
        """Give the application the next message: first what was taken ahead."""
        if self.read_ahead is not None:
            body, self.read_ahead = bytes(self.read_ahead), None
            return {"type": REQUEST_MESSAGE, "body": body, "more_body": not self.complete}
        message = self.end or await self.server()
        self.keep(message)
        return message

    async def read(self) -> bytes:
        """
        Return the whole body.

        Raises:
            authweave.types.BodyTooLargeError: it is longer than the limit.
            ClientDisconnectedError: the client went away.
        """
        self.reading = self.reading or asyncio.Lock()
        async with self.reading:  # who comes second would wait for a message that never comes
            while not self.complete and self.length_bytes <= self.limit_bytes:
                message = self.end or await self.server()
                if message["type"] != REQUEST_MESSAGE:
                    self.end = message
                    raise ClientDisconnectedError
                self.read_ahead = bytearray() if self.read_ahead is None else self.read_ahead
                self.read_ahead += self.keep(message)
        if self.length_bytes > self.limit_bytes:
            raise BodyTooLargeError(self.limit_bytes)
        return bytes(self.content)

    def keep(self, message: Message) -> bytes:
        """Note what a message holds of the body, and return it."""
        if message["type"] != REQUEST_MESSAGE or self.complete:
            return b""
        chunk = cast("bytes", message.get("body", b""))  # ASGI: byte string
        self.length_bytes += len(chunk)
        if self.length_bytes <= self.limit_bytes:
            self.content += chunk
        else:
            self.content.clear()
        self.complete = not message.get("more_body", False)
        return chunk

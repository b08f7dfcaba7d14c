"""A request's body, which both the library and the application behind it may read."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
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

RawHeaders: TypeAlias = Sequence[tuple[bytes, bytes]]

REQUEST_MESSAGE: Final = "http.request"

SMALL_BYTES: Final = 4096
"""Parts up to here are joined as they come, for each takes some bytes of its own; larger ones are not copied."""

MAX_DIGITS: Final = 20
"""More than any length has; reading many more would take long."""


@attrs.define(eq=False, repr=False)
class Body:
    """
    A body that may be read by the library and received by the application, whoever comes first.

    Nothing is read ahead. What is taken from the server is handed on to the application, as one message, and what
    passes by is kept, up to the limit. It is held once: what both have is the same object, where it came in large
    parts, and small ones take no more memory than large ones.

    Args:
        server: gives the server's messages.
        limit_bytes: how much is kept. A longer body passes to the application all the same; only we don't read it.
        raw_headers: those of the request, which may say how long the body is.
    """

    server: Receive
    limit_bytes: int
    raw_headers: RawHeaders = ()
    # Nobody hands these over; attrs looks the default of a field with `init=False` up anew with every request.
    parts: list[bytes] | None = None
    length_bytes: int = 0
    complete: bool = False
    ahead_bytes: int | None = None
    end: Message | None = None
    reading: asyncio.Lock | None = None

    async def receive(self) -> Message:
        """Give the application the next message: first what was taken ahead."""
        if self.ahead_bytes is not None:
            whole = self.joined()
            body = whole[len(whole) - self.ahead_bytes :]
            self.ahead_bytes = None
            self.forget_what_is_too_long()
            return {"type": REQUEST_MESSAGE, "body": body, "more_body": not self.complete}
        message = self.end or await self.server()
        self.keep(message)
        if not self.complete or self.length_bytes > self.limit_bytes:  # most bodies come whole, and are short
            self.forget_what_is_too_long()
        return message

    async def read(self) -> bytes:
        """
        Return the whole body.

        Raises:
            authweave.types.BodyTooLargeError: it is longer than the limit. Where the request says so, nothing is read.
            ClientDisconnectedError: the client went away.
        """
        if self.declared_bytes() > self.limit_bytes:
            raise BodyTooLargeError(self.limit_bytes)
        self.reading = self.reading or asyncio.Lock()
        async with self.reading:  # who comes second would wait for a message that never comes
            while not self.complete and self.length_bytes <= self.limit_bytes:
                message = self.end or await self.server()
                if message["type"] != REQUEST_MESSAGE:
                    self.end = message
                    raise ClientDisconnectedError
                self.ahead_bytes = (self.ahead_bytes or 0) + self.keep(message)
        if self.length_bytes > self.limit_bytes:
            raise BodyTooLargeError(self.limit_bytes)
        return self.joined()

    def keep(self, message: Message) -> int:
        """Note what a message holds of the body, and return how much that is."""
        if message["type"] != REQUEST_MESSAGE or self.complete:
            return 0
        self.complete = not message.get("more_body", False)
        chunk = cast("bytes", message.get("body", b""))  # ASGI: byte string
        if not chunk:
            return 0
        self.length_bytes += len(chunk)
        if not self.parts:
            self.parts = [chunk]
        elif len(self.parts[-1]) + len(chunk) <= SMALL_BYTES:
            self.parts[-1] += chunk
        else:
            self.parts.append(chunk)
        return len(chunk)

    def joined(self) -> bytes:
        """Return what was kept, and keep it in one part."""
        if not self.parts:
            return b""
        if len(self.parts) > 1:
            self.parts = [b"".join(self.parts)]
        return self.parts[0]

    def forget_what_is_too_long(self) -> None:
        """Keep nothing of a body that will not be read."""
        if self.parts and (
            self.length_bytes > self.limit_bytes or (not self.complete and self.declared_bytes() > self.limit_bytes)
        ):
            self.parts = None

    def declared_bytes(self) -> int:
        """Return how long the request says that its body is; 0 where it does not say so (RFC 9110, section 8.6)."""
        for name, value in self.raw_headers:
            if name == b"content-length":
                return int(value) if value.isdigit() and len(value) < MAX_DIGITS else 0
        return 0

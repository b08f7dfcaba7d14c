"""Answers as ASGI messages."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable
from typing import Final, cast

import attrs

from authweave.http import Serving
from authweave.types import Response

from ._body import Message, RawHeaders, Send

START: Final = "http.response.start"

CLIENT_ERROR: Final = 400
"""The lowest status that says something went wrong (RFC 9110, section 15)."""

MAX_KEPT_BYTES: Final = 64 * 1024
"""More than any page that says "internal server error"."""


@attrs.define(eq=False, repr=False)
class KeptBack:
    """
    The answer that an application gave to an error which is answered here, unless it turns out otherwise.

    Attributes:
        serving: answers the error.
        send: the server's.
        status: of the answer.
        error: what it was made of, until it is decided.
    """

    serving: Serving
    send: Send
    status: int
    error: Exception | None
    messages: list[Message] = attrs.field(factory=list[Message], init=False)
    length_bytes: int = attrs.field(default=0, init=False)

    async def add(self, message: Message) -> None:
        """Keep the next message; let all go where they are more than the answer to an error."""
        if self.serving.begun:
            await self.send(message)
            return
        self.messages.append(message)
        self.length_bytes += len(cast("bytes", message.get("body", b"")))  # ASGI: byte string
        if self.length_bytes > MAX_KEPT_BYTES:
            await self.release()

    async def end(self) -> None:
        """Send what was kept, since nothing was raised; or what is answered to the error that it was made of."""
        error, self.error = self.error, None
        if error is not None and not self.serving.begun:
            response = await self.serving.instead_of(self.status, error)
            if response is not None:
                await send_response(response, self.send)
                return
        await self.release()

    async def release(self) -> None:
        """Send what was kept."""
        self.error = None
        messages, self.messages = self.messages, []
        for message in messages:
            await self.send(with_changes(message, self.serving) if message["type"] == START else message)


@attrs.define(eq=False, repr=False)
class Sending:
    """
    What the application sends its answer with.

    Attributes:
        serving: adds what the session changed.
        server: the server's own.
        kept: what is kept back of the answer, where that may have to give way to an answer to an error.
    """

    serving: Serving
    server: Send
    kept: KeptBack | None = None

    def send(self, message: Message) -> Awaitable[None]:
        """Send the next message, or keep it back."""
        if self.kept is not None:
            return self.kept.add(message)
        serving = self.serving
        if serving.begun or message["type"] != START:
            return self.server(message)
        status = message["status"]
        if isinstance(status, int) and status >= CLIENT_ERROR and (error := serving.may_give_way()) is not None:
            self.kept = KeptBack(serving, self.server, status, error)
            return self.kept.add(message)
        return self.server(message if serving.begins_unchanged() else with_changes(message, serving))


def with_changes(start: Message, serving: Serving) -> Message:
    """Return the head of the application's answer, with what the session adds to it."""
    headers = cast("RawHeaders", start.get("headers", ()))  # ASGI: pairs of bytes
    texts = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]
    return {**start, "headers": encode_headers(serving.begin(texts))}


async def send_response(response: Response, send: Send) -> None:
    """Send an answer of the library's own."""
    await send({"type": START, "status": response.status, "headers": encode_headers(response.headers)})
    await send({"type": "http.response.body", "body": response.body})


def encode_headers(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    """Return headers as ASGI wants them: a list, to which other middleware may add."""
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]

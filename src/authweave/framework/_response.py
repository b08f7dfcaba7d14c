"""Answers as ASGI messages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, cast

import attrs

from authweave.http import Serving
from authweave.types import Response

from ._body import Message, RawHeaders, Send

START: Final = "http.response.start"

MAX_KEPT_BYTES: Final = 64 * 1024
"""More than any page that says "internal server error"."""


@attrs.define(eq=False, repr=False)
class KeptBack:
    """The answer that a mounted application gave to an error which is answered here, unless it turns out otherwise."""

    serving: Serving
    send: Send
    messages: list[Message] = attrs.field(factory=list[Message], init=False)
    length_bytes: int = attrs.field(default=0, init=False)

    async def add(self, message: Message) -> None:
        """Keep the next message; let all go where they are more than the answer to an error."""
        self.messages.append(message)
        self.length_bytes += len(cast("bytes", message.get("body", b"")))  # ASGI: byte string
        if self.length_bytes > MAX_KEPT_BYTES:
            await self.release()

    async def release(self) -> None:
        """Send what was kept."""
        messages, self.messages = self.messages, []
        for message in messages:
            await self.send(with_changes(message, self.serving))


def may_give_way(message: Message, serving: Serving) -> bool:
    """Return whether a message begins an answer that may have to give way to that to an error."""
    return message["type"] == START and serving.may_give_way(cast("int", message["status"]))  # ASGI: a number


def with_changes(message: Message, serving: Serving) -> Message:
    """Return a message of the application, with what the session adds to the head of the answer."""
    if message["type"] != START:
        return message
    if not serving.request.has_changes:
        serving.begun = True  # what `begin` does, without the conversion of headers that stay
        return message
    headers = cast("RawHeaders", message.get("headers", ()))  # ASGI: pairs of bytes
    texts = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]
    return {**message, "headers": encode_headers(serving.begin(texts))}


async def send_response(response: Response, send: Send) -> None:
    """Send an answer of the library's own."""
    await send({"type": START, "status": response.status, "headers": encode_headers(response.headers)})
    await send({"type": "http.response.body", "body": response.body})


def encode_headers(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    """Return headers as ASGI wants them: a list, to which other middleware may add."""
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]

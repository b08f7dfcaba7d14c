"""Answers as ASGI messages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from authweave.http import Serving
from authweave.types import Response

from ._body import Message, Send
from ._request import RawHeaders


def with_changes(message: Message, serving: Serving) -> Message:
    """Return a message of the application, with what the session adds to the head of the answer."""
    if message["type"] != "http.response.start":
        return message
    if not serving.request.has_changes:
        serving.begun = True  # what `begin` does, without the conversion of headers that stay
        return message
    headers = cast("RawHeaders", message.get("headers", ()))  # ASGI: pairs of bytes
    texts = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]
    return {**message, "headers": encode_headers(serving.begin(texts))}


async def send_response(response: Response, send: Send) -> None:
    """Send an answer of the library's own."""
    await send({"type": "http.response.start", "status": response.status, "headers": encode_headers(response.headers)})
    await send({"type": "http.response.body", "body": response.body})


def encode_headers(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    """Return headers as ASGI wants them: a list, to which other middleware may add."""
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]

"""Answers as ASGI messages."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Final, cast

from authweave.http import ClientDisconnectedError, Serving
from authweave.types import Response

from ._body import Message, RawHeaders, Send

START: Final = "http.response.start"


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


async def is_answered(error: Exception, serving: Serving, send: Send) -> bool:
    """Answer an error; return whether there is an answer, or nobody to hear one."""
    response = await serving.response_to(error)
    if not isinstance(error, ClientDisconnectedError):
        if response is not None:
            await send_response(response, send)
        return response is not None
    with suppress(OSError):  # which a server may raise then (ASGI 2.4)
        if response is not None:
            await send_response(response, send)
    return True

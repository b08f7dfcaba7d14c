"""What stands around every request: its id, a line in the log, and an answer where nothing else has one."""

from __future__ import annotations

import json
import logging
import re
import secrets
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final, TypeAlias

import attrs

from authweave.http import RouteTable

from ._logs import REQUEST_ID

Scope: TypeAlias = MutableMapping[str, Any]  # Any: as ASGI has it
Message: TypeAlias = MutableMapping[str, Any]  # Any: as above
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
ASGIApp: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

NAME: Final = b"x-request-id"
ACCEPTED: Final = re.compile(rb"[A-Za-z0-9._-]{8,64}")
CLIENT_CLOSED: Final = 499
"""What nginx logs for a request whose client went away before the answer."""

logger: Final = logging.getLogger("authweave.serving")


@attrs.frozen
class Requests:
    """
    Gives each request an id, which is in its answer and in all that is logged for it, and logs one line for it.

    The line has the path, and never the query: that may hold a token.

    Attributes:
        asgi_app: serves the request.
    """

    asgi_app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one."""
        if scope["type"] != "http":
            await self.asgi_app(scope, receive, send)
            return
        request_id = id_of(scope)
        token = REQUEST_ID.set(request_id)
        begun, status = time.monotonic(), CLIENT_CLOSED

        async def send_with_id(message: Message) -> None:
            """Note the status, and add the id."""
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": [*message.get("headers", ()), (NAME, request_id.encode())]}
            await send(message)

        try:
            await self.asgi_app(scope, receive, send_with_id)
        finally:
            logger.info(
                "%s %s %d",
                scope["method"],
                scope["path"],
                status,
                extra={
                    "event": "request",
                    "method": scope["method"],
                    "path": scope["path"],
                    "status": status,
                    "duration_ms": round((time.monotonic() - begun) * 1000, 1),
                },
            )
            REQUEST_ID.reset(token)


@attrs.frozen
class Faults:
    """
    Answers requests that fail by a fault of the program.

    Attributes:
        asgi_app: serves the request.
    """

    asgi_app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        has_begun = False

        async def send_and_note(message: Message) -> None:
            """Note that there is an answer."""
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self.asgi_app(scope, receive, send_and_note)
        except Exception:
            if scope["type"] != "http" or has_begun:
                raise
            logger.exception("A request failed.", extra={"event": "request_failed"})
            await answer(send, 500, "something went wrong, the log says what")


def id_of(scope: Scope) -> str:
    """Return the id that a proxy gave a request, where it is one; else a new one."""
    given = [value for name, value in scope["headers"] if name == NAME]
    if len(given) == 1 and ACCEPTED.fullmatch(given[0]):
        return str(given[0], "ascii")
    return secrets.token_hex(16)


async def answer(send: Send, status: int, text: str, *more: tuple[bytes, bytes]) -> None:
    """Answer with one message, and more headers."""
    body = json.dumps({"message": text}).encode()
    headers = [
        (b"content-type", b"application/json; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        *more,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@attrs.frozen
class Unanswered:
    """
    Answers what no route of the library's answers: 405 where there is one of another method, else 404.

    Attributes:
        routes: those that there are.
    """

    routes: RouteTable

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        del receive
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1000})
            return
        base = self.routes.base_path
        if methods := self.routes.methods_at(scope["path"]):
            allowed = ", ".join(methods).upper()
            await answer(send, 405, f"This is asked by {allowed}.", (b"allow", allowed.encode()))
        else:
            await answer(send, 404, f"There is nothing here: the routes are below {base or '/'}.")

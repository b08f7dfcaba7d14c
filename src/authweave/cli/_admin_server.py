"""The server of ``authweave admin``: a socket, and uvicorn on it."""

from __future__ import annotations

import socket
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Final

import uvicorn

from authweave.framework.asgi import Middleware
from authweave.recipe.admin import LocalAdmin

NOT_FOUND: Final = b"There is nothing here: open the link that the command printed."


def listen(host: str, port: int) -> socket.socket:
    """
    Listen on a host.

    Raises:
        OSError: the port is taken, or not allowed.
    """
    return socket.create_server((host, port))


async def not_found(
    scope: object, receive: object, send: Callable[[MutableMapping[str, object]], Awaitable[None]]
) -> None:
    """Answer what the page does not."""
    del scope, receive
    headers = [(b"content-type", b"text/plain"), (b"x-content-type-options", b"nosniff")]
    await send({"type": "http.response.start", "status": 404, "headers": headers})
    await send({"type": "http.response.body", "body": NOT_FOUND})


def make_server(page: LocalAdmin) -> uvicorn.Server:
    """Return a server that speaks up only when something is wrong. No address goes into a log: one holds a token."""
    config = uvicorn.Config(
        Middleware(not_found, page),
        log_level="warning",
        access_log=False,
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="off",
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=3,
    )
    return uvicorn.Server(config)

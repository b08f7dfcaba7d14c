"""The demo's server: a socket, and uvicorn on it."""

from __future__ import annotations

import errno
import ipaddress
import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

import uvicorn
from fastapi import FastAPI

PREFERRED_PORT: Final = 3567
LOCALHOST: Final = ("127.0.0.1", "::1")
SHUTDOWN_S: Final = 3


def listen(host: str, port: int | None = None, *, preferred: int = PREFERRED_PORT) -> socket.socket:
    """
    Listen on a host.

    Args:
        host: a name or an address.
        port: the port; 0 is any free one. None is the preferred one, or a free one where that is taken.
        preferred: the port that None means.

    Raises:
        OSError: the host is unknown or not ours, or the port is taken or not allowed.
    """
    family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
    try:
        return socket.create_server((host, preferred if port is None else port), family=family)
    except OSError as error:
        if port is not None or error.errno != errno.EADDRINUSE:
            raise
    return socket.create_server((host, 0), family=family)


def origin_of(listener: socket.socket) -> str:
    """Return where a browser on this machine finds what listens on a socket: by a name, which passkeys are for."""
    host, port = listener.getsockname()[:2]
    address = ipaddress.ip_address(host)
    if address.is_unspecified or str(address) in LOCALHOST:
        return f"http://localhost:{port}"
    return f"http://[{address}]:{port}" if address.version == 6 else f"http://{address}:{port}"  # noqa: PLR2004  IPv6


def make_server(web: FastAPI) -> uvicorn.Server:
    """Return a server that speaks up only when something is wrong."""
    config = uvicorn.Config(
        web,
        log_level="warning",
        access_log=False,
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="off",
        timeout_graceful_shutdown=SHUTDOWN_S,
    )
    return uvicorn.Server(config)


@contextmanager
def serve_in_thread(web: FastAPI, listener: socket.socket) -> Generator[None]:
    """Serve in a thread for a block. Requests that come before the server has started wait in the socket."""
    server = make_server(web)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="authweave-demo")
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()

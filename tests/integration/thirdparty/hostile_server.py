"""A server that answers as no provider should."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import contextmanager

import attrs
from starlette.types import Receive, Scope, Send

from tests.integration.http.serving import serving
from tests.patience import PATIENCE_S
from tests.ports import kept_port


@attrs.define(eq=False)
class HostileServer:
    """
    Each path misbehaves in a way of its own: the first part of a path says how.

    Attributes:
        address: where it is.
        seen: how often each path was asked for.
        hung_up: how often somebody would not wait any longer.
        at_wait: is called when somebody begins to wait for an answer that is not going to come.
    """

    address: str = ""
    seen: Counter[str] = attrs.field(factory=Counter[str])
    hung_up: Counter[str] = attrs.field(factory=Counter[str])
    at_wait: Callable[[], None] = lambda: None
    arrived: threading.Condition = attrs.field(factory=threading.Condition)

    async def wait_for(self, path: str, requests: int) -> None:
        """Wait, without holding the loop up, until a path was asked for so often."""

        def wait() -> bool:
            with self.arrived:
                return self.arrived.wait_for(lambda: self.seen[path] >= requests, timeout=PATIENCE_S)

        assert await asyncio.to_thread(wait)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or don't."""
        path = str(scope["path"])
        with self.arrived:
            self.seen[path] += 1
            self.arrived.notify_all()
        how = path.split("/")[1]
        if how == "slow":
            await self.wait(path, receive)
        elif how == "drip":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"{", "more_body": True})
            await self.wait(path, receive)
        elif how == "big":
            await self.flood(send)
        else:
            status, content_type, body = ANSWERS[how]
            headers = [(b"content-type", content_type), (b"location", path.encode()), (b"set-cookie", b"a=1")]
            await send({"type": "http.response.start", "status": status, "headers": headers})
            await send({"type": "http.response.body", "body": body})

    async def wait(self, path: str, receive: Receive) -> None:
        """Wait until whoever asked has gone."""
        self.at_wait()
        while (await receive())["type"] != "http.disconnect":
            pass
        self.hung_up[path] += 1

    async def flood(self, send: Send) -> None:
        """Answer with 10 MB of what would be JSON."""
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(160):
            await send({"type": "http.response.body", "body": b'"' + b" " * 65_534 + b'"', "more_body": True})
        await send({"type": "http.response.body", "body": b""})


ANSWERS = {
    "html": (200, b"text/html", b"<html><body>Sign in to the hotel's wireless network</body></html>"),
    "500": (500, b"text/html", b"<html>Oops</html>"),
    "gateway": (503, b"text/html", b"<html>later</html>"),
    "loop": (302, b"text/html", b""),
    "empty": (200, b"application/json", b""),
    "array": (200, b"application/json", b"[]"),
    "deep": (200, b"application/json", b"[" * 100_000),
    "refuses": (403, b"application/json", b'{"error": "<b>no</b>"}'),
    "nothing": (200, b"application/json", b"{}"),
}


@contextmanager
def hostile_server() -> Generator[HostileServer]:
    """Serve for a block."""
    server = HostileServer()
    with serving(server) as address:
        server.address = address
        yield server


@contextmanager
def closed_port() -> Generator[str]:
    """Hold a port on which nobody listens, for a block; yields its address."""
    with kept_port() as port:
        yield f"http://127.0.0.1:{port}"

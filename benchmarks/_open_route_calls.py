"""Print what the middleware that is found first on the path adds to open routes: a process of ``open_route.py``."""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Final

import attrs
from fastapi import FastAPI, Request

import authweave
from authweave import InputAppInfo, init
from authweave.framework.fastapi import get_middleware
from authweave.recipe import emailpassword, session

BATCHES: Final = 21
CALLS: Final = 300
BODY: Final = b'{"name": "Ada", "note": "' + b"x" * 200 + b'"}'
TOKEN: Final = b"x" * 700  # an open route does not look at it

Message = MutableMapping[str, object]
HEADERS: Final = [
    (b"host", b"localhost:8000"),
    (b"user-agent", b"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
    (b"accept", b"*/*"),
    (b"accept-encoding", b"gzip, deflate, br"),
    (b"accept-language", b"en"),
    (b"origin", b"http://localhost:3000"),
    (b"connection", b"keep-alive"),
]
OF_A_SESSION: Final = [*HEADERS, (b"authorization", b"Bearer " + TOKEN), (b"st-auth-mode", b"header")]


@attrs.frozen
class Kind:
    """A kind of request."""

    method: str
    headers: list[tuple[bytes, bytes]]
    body: bytes = b""

    def scope(self) -> Message:
        """Return what a server hands over for it."""
        path = "/open"
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "server": ("127.0.0.1", 8000),
            "client": ("127.0.0.1", 50000),
            "scheme": "http",
            "method": self.method,
            "root_path": "",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "headers": list(self.headers),
            "state": {},
        }


KINDS: Final = {
    "a GET of nobody": Kind("GET", HEADERS),
    "a GET with a session's token": Kind("GET", OF_A_SESSION),
    "a POST whose body the route reads": Kind("POST", OF_A_SESSION, BODY),
}


def open_app() -> FastAPI:
    """Return an application with open routes."""
    app = FastAPI(openapi_url=None)

    @app.get("/open")
    async def get() -> dict[str, str]:
        return {"status": "ok"}

    @app.post("/open")
    async def post(request: Request) -> dict[str, int]:
        return {"length": len(await request.body())}

    return app


async def cpu_ns(app: Callable[..., Awaitable[None]], kind: Kind) -> float:
    """Return the CPU time of a request."""
    statuses: list[object] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": kind.body, "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    before = time.process_time_ns()
    for _ in range(CALLS):
        await app(kind.scope(), receive, send)
    taken = (time.process_time_ns() - before) / CALLS
    assert statuses == [200] * CALLS
    return taken


async def added_ns() -> dict[str, float]:
    """Measure each kind of request with and without the middleware, in turns."""
    auth = init(
        InputAppInfo("benchmark", "http://127.0.0.1", website_domain="http://127.0.0.1"),
        [emailpassword.init(), session.init()],
        storage="sqlite://",
        default=False,
    )
    bare, served = open_app(), open_app()
    served.add_middleware(get_middleware(), app=auth)
    found: dict[str, float] = {}
    for name, kind in KINDS.items():
        added: list[float] = []
        for number in range(BATCHES + 1):
            both = {app: await cpu_ns(app, kind) for app in ((bare, served) if number % 2 else (served, bare))}
            if number:
                added.append(both[served] - both[bare])
        found[name] = statistics.median(added)
    auth.close()
    return found


def main() -> None:
    """Measure."""
    print(json.dumps({"library": authweave.__file__, "cpu_ns": asyncio.run(added_ns())}))


if __name__ == "__main__":
    main()

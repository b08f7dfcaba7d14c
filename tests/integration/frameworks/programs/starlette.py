"""Starlette, with ``get_session``."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Mount
from starlette.routing import Route as Path
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from authweave.app import App
from authweave.framework.starlette import get_middleware, get_session
from tests.integration.frameworks.routes import (
    ROUTES,
    Route,
    in_bare_thread,
    note,
    noted,
    refusal,
    seen,
    user_of,
)


def make(auth: App, routes: Sequence[Route] = ROUTES) -> ASGIApp:
    """Return the application."""
    own = [path_of(route) for route in routes]
    mounted = Starlette(routes=[path_of(Route("/me", user_of))])
    return Starlette(
        routes=[*own, *COMMON, Mount("/context", routes=CONTEXTS), Mount("/in", app=mounted)],
        middleware=[Middleware(Marking), Middleware(get_middleware(), app=auth)],
    )


def path_of(route: Route) -> Path:
    """Return a route behind a session."""

    async def endpoint(request: Request) -> Response:
        return JSONResponse(await route.answer(await get_session(request, **route.asked)))

    return Path(route.path, endpoint, methods=route.methods)


class Marking:
    """Mark every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""

        async def send_marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["x-outer"] = "1"
            await send(message)

        await self.app(scope, receive, send_marked)


async def echo(request: Request) -> Response:
    """Read the body."""
    return JSONResponse({"bytes": len(await request.body())})


async def form(request: Request) -> Response:
    """Read a form."""
    return JSONResponse({"names": sorted(parse_qs((await request.body()).decode()))})


async def fail(request: Request) -> Response:
    """Fail."""
    return JSONResponse(1 / 0)


async def refuse(request: Request) -> Response:
    """Refuse."""
    raise refusal()


async def stream(request: Request) -> Response:
    """Stream."""
    await get_session(request)

    async def parts() -> AsyncIterator[str]:
        for part in ("one", "two", "three"):
            yield part

    return StreamingResponse(parts(), media_type="text/plain")


COMMON = [
    Path("/echo", echo, methods=["POST"]),
    Path("/form", form, methods=["POST"]),
    Path("/raise", fail),
    Path("/refuse", refuse),
    Path("/stream", stream),
]


def view(request: Request) -> Response:
    """Run in a thread, as Starlette has it for synchronous endpoints."""
    seen()
    return JSONResponse(seen())


async def async_view(request: Request) -> Response:
    """Run on the loop; as Starlette has no signals, this stands for them too."""
    seen()
    return JSONResponse(seen())


async def thread(request: Request) -> Response:
    """Go to a thread."""
    seen()
    return JSONResponse(await run_in_threadpool(seen))


async def bare_thread(request: Request) -> Response:
    """Go to a thread of one's own."""
    seen()
    return JSONResponse(in_bare_thread())


async def background(request: Request) -> Response:
    """Call it after the answer."""
    seen()
    return JSONResponse({}, background=BackgroundTask(note))


async def last(request: Request) -> Response:
    """Return what was noted."""
    return JSONResponse(noted())


CONTEXTS = [
    Path("/view", view),
    Path("/async-view", async_view),
    Path("/thread", thread),
    Path("/bare-thread", bare_thread),
    Path("/signal", async_view),
    Path("/background", background),
    Path("/noted", last),
]

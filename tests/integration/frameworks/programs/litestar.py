"""Litestar, with dependencies."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any, TypeAlias, cast
from urllib.parse import parse_qs

import anyio.to_thread
from litestar import Litestar, Request, Response, Router, get, post
from litestar import route as any_method
from litestar.background_tasks import BackgroundTask
from litestar.datastructures import MutableScopeHeaders
from litestar.di import NamedDependency, Provide
from litestar.enums import HttpMethod
from litestar.handlers import HTTPRouteHandler
from litestar.middleware.base import ASGIMiddleware
from litestar.response import Stream
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from starlette.types import ASGIApp as PlainASGIApp
from typing_extensions import override

from authweave.app import App
from authweave.framework.litestar import AuthPlugin, get_middleware, verify_session
from authweave.recipe.session import SessionContainer
from tests.integration.frameworks.routes import ROUTES, Route, in_bare_thread, note, noted, refusal, seen, user_of

AnyRequest: TypeAlias = Request[Any, Any, Any]  # Any: whatever user, authentication and state it has


def make(auth: App, routes: Sequence[Route] = ROUTES) -> PlainASGIApp:
    """Return the application."""
    app = Litestar(
        [
            *(handler_of(each) for each in routes),
            Router("/in", route_handlers=[handler_of(Route("/me", user_of))]),
            Router("/context", route_handlers=[view, async_view, thread, bare_thread, signal, background, last]),
            echo,
            form,
            fail,
            refuse,
            stream,
        ],
        plugins=[AuthPlugin(auth)],
        middleware=[Marking(), get_middleware(auth)],
        openapi_config=None,
    )
    return cast("PlainASGIApp", app)  # its scopes and messages are TypedDicts


def handler_of(route: Route) -> HTTPRouteHandler:
    """Return a handler behind a session."""

    async def handler(session: NamedDependency[SessionContainer | None]) -> Any:  # noqa: ANN401  any JSON
        return await route.answer(session)

    dependencies = {"session": Provide(verify_session(**route.asked))}
    methods = [HttpMethod(each) for each in route.methods]
    return any_method(route.path, http_method=methods, dependencies=dependencies, status_code=200)(handler)


class Marking(ASGIMiddleware):
    """Mark every answer."""

    @override
    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Serve a request."""

        async def send_marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableScopeHeaders.from_message(message)["x-outer"] = "1"
            await send(message)

        await next_app(scope, receive, send_marked)


@post("/echo", status_code=200)
async def echo(request: AnyRequest) -> dict[str, int]:
    """Read the body."""
    return {"bytes": len(await request.body())}


@post("/form", status_code=200)
async def form(request: AnyRequest) -> dict[str, list[str]]:
    """Read a form."""
    return {"names": sorted(parse_qs((await request.body()).decode()))}


@get("/raise")
async def fail() -> float:
    """Fail."""
    return 1 / 0


@get("/refuse")
async def refuse() -> None:
    """Refuse."""
    raise refusal()


@get("/stream", dependencies={"session": Provide(verify_session())}, media_type="text/plain")
async def stream(session: NamedDependency[SessionContainer]) -> Stream:
    """Stream."""
    assert session.get_user_id()

    async def parts() -> AsyncIterator[str]:
        for part in ("one", "two", "three"):
            yield part

    return Stream(parts(), media_type="text/plain")


@get("/view", sync_to_thread=True)
def view() -> Any:  # noqa: ANN401  any JSON
    """Run in a thread."""
    seen()
    return seen()


@get("/async-view")
async def async_view() -> Any:  # noqa: ANN401  any JSON
    """Run on the loop."""
    seen()
    return seen()


@get("/thread")
async def thread() -> Any:  # noqa: ANN401  any JSON
    """Go to a thread, as Litestar's own helper for it does."""
    seen()
    return await anyio.to_thread.run_sync(seen)


@get("/bare-thread")
async def bare_thread() -> Any:  # noqa: ANN401  any JSON
    """Go to a thread of one's own."""
    seen()
    return in_bare_thread()


@get("/signal")
async def signal() -> Any:  # noqa: ANN401  any JSON
    """Call it: Litestar's events have a task of their own."""
    seen()
    return seen()


@get("/background")
async def background() -> Response[dict[str, str]]:
    """Call it after the answer."""
    seen()
    return Response({}, background=BackgroundTask(note))


@get("/noted")
async def last() -> Any:  # noqa: ANN401  any JSON
    """Return what was noted."""
    return noted()

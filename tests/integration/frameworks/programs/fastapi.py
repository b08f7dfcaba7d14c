"""FastAPI, with dependencies."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, BackgroundTasks, Depends, FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from starlette.types import ASGIApp

from authweave.app import App
from authweave.framework.fastapi import get_middleware, verify_session
from authweave.recipe.session import SessionContainer
from tests.integration.frameworks.routes import ROUTES, Route, in_bare_thread, note, noted, refusal, seen, user_of

Session = Annotated[SessionContainer, Depends(verify_session())]


def make(auth: App, routes: Sequence[Route] = ROUTES) -> ASGIApp:
    """Return the application."""
    app = FastAPI(openapi_url=None)
    app.add_middleware(get_middleware(), app=auth)
    app.middleware("http")(mark)
    app.include_router(common)
    app.include_router(contexts, prefix="/context")
    mounted = FastAPI(openapi_url=None)
    for route in routes:
        add(app, route)
    add(mounted, Route("/me", user_of))
    app.mount("/in", mounted)
    return app


def add(app: FastAPI, route: Route) -> None:
    """Add a route behind a session."""

    async def view(session: object = Depends(verify_session(**route.asked))) -> object:
        return await route.answer(session)

    app.add_api_route(route.path, view, methods=list(route.methods))


async def mark(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Mark every answer."""
    response = await call_next(request)
    response.headers["x-outer"] = "1"
    return response


common, contexts = APIRouter(), APIRouter()


@common.post("/echo")
async def echo(request: Request) -> dict[str, int]:
    """Read the body."""
    return {"bytes": len(await request.body())}


@common.post("/form")
async def form(request: Request) -> dict[str, list[str]]:
    """Read a form."""
    return {"names": sorted(parse_qs((await request.body()).decode()))}


@common.get("/raise")
async def fail() -> float:
    """Fail."""
    return 1 / 0


@common.get("/refuse")
async def refuse() -> None:
    """Refuse."""
    raise refusal()


@common.get("/stream")
async def stream(session: Session) -> StreamingResponse:
    """Stream."""

    def parts() -> Iterator[str]:
        yield from ("one", "two", "three")

    return StreamingResponse(parts(), media_type="text/plain")


@contexts.get("/view")
def view() -> object:
    """Run in a thread, as FastAPI has it for synchronous views."""
    seen()
    return seen()


@contexts.get("/async-view")
async def async_view() -> object:
    """Run on the loop."""
    seen()
    return seen()


@contexts.get("/thread")
async def thread() -> object:
    """Go to a thread."""
    seen()
    return await run_in_threadpool(seen)


@contexts.get("/bare-thread")
async def bare_thread() -> object:
    """Go to a thread of one's own."""
    seen()
    return in_bare_thread()


@contexts.get("/signal")
async def signal() -> object:
    """Call it: FastAPI has no signals."""
    seen()
    return seen()


@contexts.get("/background")
async def background(tasks: BackgroundTasks) -> dict[str, str]:
    """Call it after the answer."""
    seen()
    tasks.add_task(note)
    return {}


@contexts.get("/noted")
async def last() -> object:
    """Return what was noted."""
    return noted()

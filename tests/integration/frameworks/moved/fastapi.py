"""FastAPI, with ``asyncio``."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, FastAPI, Request
from starlette.types import ASGIApp

from authweave.app import App
from authweave.framework.fastapi import get_middleware
from authweave.recipe.session import SessionContainer
from authweave.recipe.session.asyncio import create_new_session, get_session, refresh_session
from authweave.recipe.session.framework.fastapi import verify_session
from authweave.types import JSON

from .common import GIVEN, OWN, USER, note_context, user_of

Asked = Annotated[SessionContainer, Depends(verify_session(None, True, True, note_context, GIVEN))]


def make(auth: App) -> ASGIApp:
    """Return the application."""
    app = FastAPI(openapi_url=None)
    app.add_middleware(get_middleware(), app=auth)
    app.post("/login")(login)
    app.get("/who")(who)
    app.post("/renew")(renew)
    app.get("/asked")(asked)
    for method, path in OWN:
        app.add_api_route(path, own, methods=[method])
    return app


async def login(request: Request) -> dict[str, JSON]:
    """Create a session."""
    return user_of(await create_new_session(request, "public", USER, {"plan": "free"}))


async def who(request: Request) -> dict[str, JSON]:
    """Find the session."""
    return user_of(await get_session(request, False))


async def renew(request: Request) -> dict[str, JSON]:
    """Refresh the session."""
    return user_of(await refresh_session(request))


async def asked(session: Asked) -> dict[str, JSON]:
    """Have the session verified."""
    return {**user_of(session), "kept": True}


async def own() -> dict[str, JSON]:
    """Stand in for a route of the library's."""
    return {"own": True}

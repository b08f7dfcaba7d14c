"""Starlette, with ``syncio`` in ``def`` endpoints, which it runs in threads."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from authweave.app import App
from authweave.framework.starlette import get_middleware, verify_session
from authweave.recipe.session.syncio import create_new_session, get_session, refresh_session

from .common import GIVEN, OWN, USER, note_context, user_of

find = verify_session(None, True, True, note_context, GIVEN)


def make(auth: App) -> ASGIApp:
    """Return the application."""
    routes = [
        Route("/login", login, methods=["POST"]),
        Route("/who", who),
        Route("/renew", renew, methods=["POST"]),
        Route("/asked", asked),
        *(Route(path, own, methods=[method]) for method, path in OWN),
    ]
    return Starlette(routes=routes, middleware=[Middleware(get_middleware(), app=auth)])


def login(request: Request) -> Response:
    """Create a session."""
    return JSONResponse(user_of(create_new_session(request, "public", USER, {"plan": "free"})))


def who(request: Request) -> Response:
    """Find the session."""
    return JSONResponse(user_of(get_session(request, False)))


def renew(request: Request) -> Response:
    """Refresh the session."""
    return JSONResponse(user_of(refresh_session(request)))


async def asked(request: Request) -> Response:
    """Have the session verified."""
    return JSONResponse({**user_of(await find(request)), "kept": True})


async def own(request: Request) -> Response:
    """Stand in for a route of the library's."""
    return JSONResponse({"own": True})

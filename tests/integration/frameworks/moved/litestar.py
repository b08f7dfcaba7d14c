"""Litestar, with ``asyncio``. The reference does not know it; our own middleware serves it like the others."""

from __future__ import annotations

from typing import Any, TypeAlias, cast

from litestar import Litestar, Request, get, post
from litestar import route as any_method
from litestar.di import NamedDependency, Provide
from litestar.enums import HttpMethod
from starlette.types import ASGIApp

from authweave.app import App
from authweave.framework.litestar import AuthPlugin, get_middleware, verify_session
from authweave.recipe.session import SessionContainer
from authweave.recipe.session.asyncio import create_new_session, get_session, refresh_session
from authweave.types import JSON

from .common import GIVEN, OWN, USER, note_context, user_of

AnyRequest: TypeAlias = Request[Any, Any, Any]  # Any: whatever user, authentication and state it has


def make(auth: App) -> ASGIApp:
    """Return the application."""
    owns = [
        any_method(path, http_method=[HttpMethod(method)], status_code=200)(own)
        for method, path in OWN
        if path.removeprefix("/auth") not in auth.endpoints.routes.paths  # the plugin has those for itself
    ]
    app = Litestar(
        [login, who, renew, asked, *owns],
        plugins=[AuthPlugin(auth)],
        middleware=[get_middleware(auth)],
        openapi_config=None,
    )
    return cast("ASGIApp", app)  # its scopes and messages are TypedDicts


@post("/login", status_code=200)
async def login(request: AnyRequest) -> Any:  # noqa: ANN401  any JSON
    """Create a session."""
    return user_of(await create_new_session(request, "public", USER, {"plan": "free"}))


@get("/who")
async def who(request: AnyRequest) -> Any:  # noqa: ANN401  any JSON
    """Find the session."""
    return user_of(await get_session(request, False))


@post("/renew", status_code=200)
async def renew(request: AnyRequest) -> Any:  # noqa: ANN401  any JSON
    """Refresh the session."""
    return user_of(await refresh_session(request))


@get("/asked", dependencies={"session": Provide(verify_session(None, True, True, note_context, GIVEN))})
async def asked(session: NamedDependency[SessionContainer]) -> Any:  # noqa: ANN401  any JSON
    """Have the session verified."""
    return {**user_of(session), "kept": True}


async def own() -> dict[str, JSON]:
    """Stand in for a route of the library's."""
    return {"own": True}

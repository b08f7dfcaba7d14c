"""Errors of sessions in applications that are mounted in others, which answer every error before ours sees it."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable
from typing import Annotated

import httpx2
import pytest
from fastapi import Depends, FastAPI
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from authweave.app import App
from authweave.errors import InvalidClaimsError, StorageError, UnauthorisedError
from authweave.framework.fastapi import get_middleware, get_session, verify_session
from authweave.kernel import UserContext
from authweave.recipe.session.claims import BooleanClaim
from authweave.recipe.session.claims.base import SessionClaimValidator
from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import JSONObject, RecipeUserId
from tests.patience import PATIENCE_S

from .serving import bearer, serving, sign_up


def fetch(_user: str, _recipe_user: RecipeUserId, _tenant: str, _payload: JSONObject, _context: UserContext) -> bool:
    """Return that nobody is an administrator."""
    return False


ADMIN = BooleanClaim("admin", fetch)


def only_admins(
    validators: list[SessionClaimValidator], session: SessionContainer, user_context: UserContext
) -> list[SessionClaimValidator]:
    """Let nobody pass who is not an administrator."""
    return [*validators, ADMIN.validators.is_true()]


async def pass_on(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Do what most functions of ``@app.middleware("http")`` do."""
    response = await call_next(request)
    response.headers["x-seen"] = "yes"
    return response


async def teapot(request: Request, error: Exception) -> Response:
    """Answer whatever went wrong."""
    return JSONResponse({"detail": "teapot"}, 418)


def sorry(request: Request, error: Exception) -> Response:
    """Answer whatever went wrong, from a thread, with something left to do."""
    return PlainTextResponse("sorry", 500, background=BackgroundTask(lambda: None))


async def swallows(request: Request) -> Response:
    """Answer by itself that there is no session."""
    try:
        session = await get_session(request)
    except UnauthorisedError:
        return JSONResponse({"mine": True}, 401)
    return JSONResponse({"user": session.get_user_id()})


async def inside_of_except(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer by itself that there is no session, with a longer page than anybody keeps back."""
    try:
        await get_session(Request(scope))
    except UnauthorisedError:
        await PlainTextResponse("x" * 100_000, 401)(scope, receive, send)


def fastapi_sub() -> FastAPI:
    """Return an application of FastAPI, to be mounted."""
    sub = FastAPI()

    @sub.get("/me")
    async def me(session: Annotated[SessionContainer, Depends(verify_session())]) -> dict[str, str]:
        return {"user": session.get_user_id()}

    @sub.get("/admin")
    async def admin(
        session: Annotated[SessionContainer, Depends(verify_session(override_global_claim_validators=only_admins))],
    ) -> None: ...

    return sub


def starlette_sub() -> Starlette:
    """Return the same of Starlette."""

    async def me(request: Request) -> Response:
        return JSONResponse({"user": (await get_session(request)).get_user_id()})

    async def admin(request: Request) -> Response:
        await get_session(request, override_global_claim_validators=only_admins)
        return Response()

    return Starlette(routes=[Route("/me", me), Route("/admin", admin)])


def with_more(sub: Starlette, handler: str, base_http: bool) -> Starlette:
    """Add to an application what applications have."""
    if handler == "debug":
        sub.debug = True
    elif handler == "teapot":
        sub.add_exception_handler(Exception, teapot)
    elif handler == "sorry":
        sub.add_exception_handler(Exception, sorry)
    if base_http:
        sub.add_middleware(BaseHTTPMiddleware, dispatch=pass_on)
    return sub


SUBS = {"fastapi": fastapi_sub, "starlette": starlette_sub}
VARIANTS = list(itertools.product(SUBS, ["none", "debug", "teapot", "sorry"], [False, True], [False, True]))


def mounted_variants(auth: App, *, base_http_outside: bool) -> Starlette:
    """Return an application in which each kind of sub-application is mounted, at ``/0`` and so on."""
    app = FastAPI() if base_http_outside else Starlette()
    for number, (kind, handler, base_http, nested) in enumerate(VARIANTS):
        sub = with_more(SUBS[kind](), handler, base_http)
        if nested:
            sub = with_more(Starlette(routes=[Mount("/in", sub)]), handler, base_http)
        app.mount(f"/{number}", sub)
    app.mount("/swallows", Starlette(routes=[Route("/me", swallows)]))
    app.mount("/raw", inside_of_except)
    if base_http_outside:
        app.add_middleware(BaseHTTPMiddleware, dispatch=pass_on)
        app.add_middleware(get_middleware(), app=auth)
        app.add_middleware(BaseHTTPMiddleware, dispatch=pass_on)
    else:
        app.add_middleware(get_middleware(), app=auth)
    return app


@pytest.mark.parametrize("base_http_outside", [False, True])
def test_each_kind_of_mount(auth: App, base_http_outside: bool) -> None:
    """Without a session 401, with one that lacks a claim 403, and neither page of the sub-application."""
    app = mounted_variants(auth, base_http_outside=base_http_outside)
    with serving(app) as address, httpx2.Client(base_url=address, verify=False, timeout=PATIENCE_S) as client:
        proof = bearer(sign_up(client, f"mounted-{base_http_outside}@example.com"))
        for number, variant in enumerate(VARIANTS):
            below = f"/{number}/in" if variant[3] else f"/{number}"
            refused = client.get(f"{below}/me")
            assert (refused.status_code, refused.json()) == (401, {"message": "unauthorised"}), variant
            expired = client.get(f"{below}/me", headers={"authorization": proof["authorization"][:-5] + "AAAAA"})
            assert (expired.status_code, expired.json()) == (401, {"message": "try refresh token"}), variant
            assert "user" in client.get(f"{below}/me", headers=proof).json(), variant
            lacking = client.get(f"{below}/admin", headers=proof)
            assert (lacking.status_code, lacking.json()["message"]) == (403, "invalid claim"), variant
        own = client.get("/swallows/me")
        assert (own.status_code, own.json()) == (401, {"mine": True})
        page = client.get("/raw/")
        assert (page.status_code, len(page.text)) == (401, 100_000)


def raising(error: Exception) -> Callable[[Request], Awaitable[Response]]:
    """Return a route that raises."""

    async def route(request: Request) -> Response:
        raise error

    return route


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (UnauthorisedError("None."), 401),
        (InvalidClaimsError("refused", []), 403),
        (StorageError("Gone."), 503),
        (ExceptionGroup("two", [StorageError("Gone."), UnauthorisedError("None.")]), 401),
        (ZeroDivisionError(), 500),
    ],
)
@pytest.mark.parametrize("handler", ["none", "teapot"])
def test_other_errors(auth: App, error: Exception, status: int, handler: str) -> None:
    """What a route of a sub-application raises itself is answered too; a fault of the program stays the server's."""
    sub = with_more(Starlette(routes=[Route("/", raising(error))]), handler, base_http=False)
    app: ASGIApp = get_middleware()(Starlette(routes=[Mount("/v1", sub)]), auth)
    with serving(app) as address, httpx2.Client(base_url=address, verify=False, timeout=PATIENCE_S) as client:
        fault = 418 if handler == "teapot" else 500
        assert client.get("/v1/").status_code == (fault if status == 500 else status)

"""Each middleware that Starlette ships, and some that many use, on either side of ours: everything right, and once."""

from __future__ import annotations

import asyncio
import importlib
import pkgutil
import warnings
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import Final

import httpx2
import pytest
import starlette.middleware
from asgi_correlation_id import CorrelationIdMiddleware
from brotli_asgi import BrotliMiddleware
from starlette.applications import Starlette
from starlette.authentication import AuthCredentials, AuthenticationBackend, BaseUser, SimpleUser
from starlette.middleware import Middleware
from starlette.middleware.authentication import AuthenticationMiddleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.httpsredirect import HTTPSRedirectMiddleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette_context.middleware import ContextMiddleware, RawContextMiddleware
from typing_extensions import override

from authweave.app import App
from authweave.framework.starlette import get_middleware, get_session
from authweave.http import get_all_cors_headers, serving_in
from authweave.recipe.session import SessionRecipe
from tests.patience import PATIENCE_S

from .serving import COOKIES, HEADERS, bearer, exposed, form, serving, set_cookies

ORIGIN: Final = {"origin": "http://localhost:3000"}


async def header_and_cookie(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Read the body, and set a header and a cookie."""
    await request.body()
    response = await call_next(request)
    response.headers["x-seen"] = "yes"
    response.headers.append("set-cookie", "raw=1")
    response.set_cookie("theirs", "1")
    return response


class Visits:
    """Count visits in Starlette's own session, which sets a cookie with every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["session"]["visits"] = scope["session"].get("visits", 0) + 1
        await self.app(scope, receive, send)


class Who(AuthenticationBackend):
    """Ask for the session where our middleware stands before."""

    @override
    async def authenticate(self, conn: HTTPConnection) -> tuple[AuthCredentials, BaseUser] | None:
        if serving_in(conn.scope) is None:
            return None
        session = await get_session(Request(conn.scope), session_required=False)
        return None if session is None else (AuthCredentials(["user"]), SimpleUser(session.get_user_id()))


class Numbers:
    """Add a header to the head of each answer in place, as much middleware does."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def numbered(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"].append((b"x-number", b"1"))
            await send(message)

        await self.app(scope, receive, numbered)


def teapot(request: Request, error: Exception) -> Response:
    """Answer an error of the application's own."""
    return Response(status_code=418)


KINDS: Final[Mapping[str, Sequence[Middleware]]] = {
    "base": [Middleware(BaseHTTPMiddleware, dispatch=header_and_cookie)],
    "base twice": [Middleware(BaseHTTPMiddleware, dispatch=header_and_cookie)] * 2,
    "in place": [Middleware(Numbers)],
    "cors": [
        Middleware(
            CORSMiddleware,
            allow_origins=[ORIGIN["origin"]],
            allow_credentials=True,
            allow_methods=["*"],
            allow_headers=["content-type", *get_all_cors_headers()],
        )
    ],
    "gzip": [Middleware(GZipMiddleware, minimum_size=1)],
    "httpsredirect": [Middleware(HTTPSRedirectMiddleware)],
    "trustedhost": [Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1"])],
    "sessions": [Middleware(SessionMiddleware, secret_key="secret"), Middleware(Visits)],
    "errors": [Middleware(ServerErrorMiddleware, handler=teapot)],
    "exceptions": [Middleware(ExceptionMiddleware, handlers={KeyError: teapot})],
    "authentication": [Middleware(AuthenticationMiddleware, backend=Who())],
    "correlation id": [Middleware(CorrelationIdMiddleware)],
    "brotli": [Middleware(BrotliMiddleware, minimum_size=1)],
    "context": [Middleware(RawContextMiddleware), Middleware(ContextMiddleware)],
}

# What is not a middleware of its own, or not of every release: a WSGI application is mounted, below.
SHIPPED: Final = {"authentication", "base", "cors", "errors", "exceptions", "gzip", "httpsredirect", "sessions"}
SHIPPED_TOO: Final = {"trustedhost", "wsgi", "body_limit", "opentelemetry"}


def newer() -> dict[str, Sequence[Middleware]]:
    """Return what only newer releases of Starlette ship."""
    found = {module.name for module in pkgutil.iter_modules(starlette.middleware.__path__)}
    kinds: dict[str, Sequence[Middleware]] = {}
    if "body_limit" in found:
        limit = importlib.import_module("starlette.middleware.body_limit").RequestBodyLimitMiddleware
        kinds["body_limit"] = [Middleware(limit, max_body_size=1000)]
    if "opentelemetry" in found:
        telemetry = importlib.import_module("starlette.middleware.opentelemetry").OpenTelemetryMiddleware
        kinds["opentelemetry"] = [Middleware(telemetry)]
    return kinds


ALL: Final = {**KINDS, **newer()}
COMPRESSING: Final = {"gzip", "brotli"}


def wsgi(environ: Mapping[str, object], start_response: Callable[..., object]) -> Iterable[bytes]:
    """Answer as an application from before ASGI."""
    start_response("200 OK", [("content-type", "text/plain"), ("x-old", "1")])
    return [b"old"]


async def me(request: Request) -> Response:
    """Answer who is signed in."""
    return JSONResponse({"user": (await get_session(request)).get_user_id()})


async def paint(request: Request) -> Response:
    """Change the session."""
    session = await get_session(request)
    await session.merge_into_access_token_payload({"colour": "red"})
    return JSONResponse({"body": (await request.json())["a"]}, headers={"access-control-expose-headers": "x-own"})


def web_app(auth: App, inside: Sequence[Middleware], outside: Sequence[Middleware]) -> Starlette:
    """Return an application with middleware on either side of ours."""
    routes: list[Route | Mount] = [Route("/me", me), Route("/paint", paint, methods=["POST"])]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # newer releases ship it, and say that it will go
        from starlette.middleware.wsgi import WSGIMiddleware

    routes.append(Mount("/wsgi", WSGIMiddleware(wsgi)))
    return Starlette(routes=routes, middleware=[*outside, Middleware(get_middleware(), app=auth), *inside])


def handles(auth: App, user: str) -> list[str]:
    """Return the sessions that a user has."""
    functions = auth.recipe(SessionRecipe).functions
    return asyncio.run(functions.get_all_session_handles_for_user(user, True, "public", True, {}))


def everything_once(auth: App, client: httpx2.Client, email: str) -> None:
    """Sign up and in, ask, change, refresh and sign out, by cookie and by header; each is done, and done once."""
    refused = client.get("/me")
    assert (refused.status_code, refused.json()) == (401, {"message": "unauthorised"})
    signed_up = client.post("/auth/signup", json=form(email), headers=COOKIES)
    assert (signed_up.status_code, signed_up.json()["status"]) == (200, "OK"), signed_up.text
    user = signed_up.json()["user"]["id"]
    assert set(set_cookies(signed_up)) >= {"sAccessToken", "sRefreshToken"}
    assert "front-token" in exposed(signed_up)
    assert len(handles(auth, user)) == 1
    assert client.post("/auth/signup", json=form(email), headers=COOKIES).json()["status"] == "FIELD_ERROR"
    assert client.get("/me").json() == {"user": user}
    painted = client.post("/paint", json={"a": 1})
    assert (painted.json(), exposed(painted) >= {"x-own", "front-token"}) == ({"body": 1}, True)
    refreshed = client.post("/auth/session/refresh")
    assert (refreshed.status_code, refreshed.json()) == (200, {})
    assert client.get("/me").json() == {"user": user}
    assert len(handles(auth, user)) == 1

    with httpx2.Client(base_url=client.base_url, headers=client.headers, timeout=PATIENCE_S) as phone:
        signed_in = phone.post("/auth/signin", json=form(email), headers=HEADERS)
        assert (signed_in.status_code, signed_in.json()["user"]["id"]) == (200, user)
        assert len(handles(auth, user)) == 2
        phone.cookies.clear()
        assert phone.get("/me", headers=bearer(signed_in)).json() == {"user": user}
        renewed = phone.post("/auth/session/refresh", headers=bearer(signed_in, "st-refresh-token"))
        assert (renewed.status_code, renewed.json()) == (200, {})
        wrong = phone.post("/auth/signin", json=form(email, "wrong horse 1"), headers=HEADERS)
        assert wrong.json() == {"status": "WRONG_CREDENTIALS_ERROR"}
        assert phone.post("/auth/signout", headers=bearer(renewed)).json() == {"status": "OK"}
    assert len(handles(auth, user)) == 1
    signed_out = client.post("/auth/signout")
    assert (signed_out.status_code, signed_out.headers["front-token"]) == (200, "remove")
    assert handles(auth, user) == []
    assert client.get("/wsgi/").text == "old"


SIDES: Final = ("inside", "outside", "both")
VARIANT: Final = "x-variant"


@pytest.fixture(scope="module")
def address(auth: App) -> Iterator[str]:
    """Serve an application for each kind and side, and one with all; a header of the request names it."""
    stacks: dict[str, Sequence[Middleware]] = {**ALL}
    stacks["all"] = [each for name, kind in ALL.items() if name != "base twice" for each in kind]
    apps = {
        f"{name} {side}": web_app(auth, stack if side != "outside" else (), stack if side != "inside" else ())
        for name, stack in stacks.items()
        for side in SIDES
    }

    async def chosen(scope: Scope, receive: Receive, send: Send) -> None:
        await apps[dict(scope["headers"])[VARIANT.encode()].decode()](scope, receive, send)

    with serving(chosen) as address:
        yield address


def client_of(address: str, variant: str) -> httpx2.Client:
    """Return a client of one of these. The server believes what it is told of the scheme from this machine."""
    headers = {**ORIGIN, VARIANT: variant, "x-forwarded-proto": "https"}
    return httpx2.Client(base_url=address, headers=headers, verify=False, timeout=PATIENCE_S)


@pytest.mark.parametrize(("kind", "side"), [*product(ALL, ["inside", "outside"]), ("base", "both"), ("all", "both")])
def test_beside_each(auth: App, address: str, kind: str, side: str) -> None:
    """Whatever stands on one side or on both, answers are right, and have what the other middleware adds."""
    with client_of(address, f"{kind} {side}") as client:
        everything_once(auth, client, f"{kind.replace(' ', '-')}-{side}@example.com")
        path = "/wsgi/" if side == "inside" else "/auth/jwt/jwks.json"
        if kind in COMPRESSING:
            encoding = {"gzip": "gzip", "brotli": "br"}[kind]
            with client.stream("GET", path, headers={"accept-encoding": encoding}) as answer:
                assert answer.headers["content-encoding"] == encoding
        added = client.get(path).headers
        cookies = {"base": "theirs=", "base twice": "raw=", "sessions": "session="}
        assert cookies.get(kind, "") in added.get("set-cookie", "")
        names = {"base": "x-seen", "in place": "x-number", "cors": "access-control-allow-origin"}
        assert {**names, "correlation id": "x-request-id"}.get(kind, "content-type") in added


def test_none_is_left_out() -> None:
    """A release of Starlette that ships another one is noticed here."""
    found = {module.name for module in pkgutil.iter_modules(starlette.middleware.__path__)}
    assert SHIPPED <= found <= SHIPPED | SHIPPED_TOO
    assert found - {"wsgi"} <= set(ALL)

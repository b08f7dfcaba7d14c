from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import Annotated

import httpx2
import pytest
from fastapi import Body, Depends, FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import StreamingResponse
from starlette.applications import Starlette
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request as StarletteRequest
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.websockets import WebSocket

from authweave.app import App, init
from authweave.framework import get_request_from_user_context
from authweave.framework.fastapi import get_middleware
from authweave.framework.starlette import get_session
from authweave.http import get_all_cors_headers
from authweave.kernel import current_context
from authweave.recipe import session as session_recipe
from authweave.recipe.session import SessionRecipe
from authweave.recipe.session.exceptions import SessionError, UnauthorisedError
from authweave.recipe.session.framework.fastapi import verify_session
from authweave.recipe.session.interfaces import SessionContainer
from authweave.storage.memory import MemoryStorage
from authweave.types import ConfigurationError, InputAppInfo, JSONObject, RecipeUserId

FORM = {"formFields": [{"id": "email", "value": "a@x.io"}, {"id": "password", "value": "correct horse 1"}]}
Session = Annotated[SessionContainer, Depends(verify_session())]
MaybeSession = Annotated[SessionContainer | None, Depends(verify_session(session_required=False))]


async def pass_on(request: StarletteRequest, call_next: Callable[[StarletteRequest], Awaitable[Response]]) -> Response:
    """Do what a BaseHTTPMiddleware does: read the body and call the next one."""
    await request.body()
    return await call_next(request)


def web_app(auth: App, *, base_http: bool = False) -> FastAPI:
    """Return an application with routes that ask for sessions."""
    app = FastAPI()
    if base_http:
        app.add_middleware(BaseHTTPMiddleware, dispatch=pass_on)
    app.add_middleware(get_middleware(), app=auth)
    if base_http:
        app.add_middleware(BaseHTTPMiddleware, dispatch=pass_on)

    @app.get("/me")
    async def me(session: Session) -> dict[str, str]:
        assert current_context().get("_default") is not None
        return {"user": session.get_user_id()}

    @app.get("/maybe")
    def maybe(session: MaybeSession) -> dict[str, str | None]:
        assert get_request_from_user_context() is not None
        return {"user": None if session is None else session.get_user_id()}

    @app.post("/claims")
    async def claims(session: Session) -> dict[str, str]:
        await session.merge_into_access_token_payload({"colour": "red"})
        return {}

    @app.post("/both")
    async def both(request: Request, content: Annotated[dict[str, int], Body()]) -> Response:
        served = get_request_from_user_context()
        assert served is not None
        raw = (await request.body()).decode()
        return JSONResponse({"route": content, "raw": raw, "override": await served.json()})

    @app.get("/stream")
    async def stream(session: MaybeSession) -> StreamingResponse:
        async def parts() -> AsyncIterator[bytes]:
            for number in range(3):
                yield str(number).encode()

        return StreamingResponse(parts())

    return app


def client_of(app: Starlette) -> httpx2.AsyncClient:
    """Return a client of an application in this process."""
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://localhost:8000")


async def signed_up(client: httpx2.AsyncClient) -> tuple[str, dict[str, str]]:
    """Sign somebody up; return the user's id and the header of the session."""
    response = await client.post("/auth/signup", json=FORM, headers={"st-auth-mode": "header"})
    return response.json()["user"]["id"], {"authorization": f"Bearer {response.headers['st-access-token']}"}


@pytest.mark.parametrize("base_http", [False, True])
def test_dependency(auth: App, base_http: bool) -> None:
    """A route gets its session, whatever middleware stands beside ours, in async and sync routes."""

    async def scenario() -> None:
        async with client_of(web_app(auth, base_http=base_http)) as client:
            user, session = await signed_up(client)
            assert (await client.get("/me", headers=session)).json() == {"user": user}
            assert (await client.get("/maybe", headers=session)).json() == {"user": user}
            assert (await client.get("/maybe")).json() == {"user": None}

    asyncio.run(scenario())


@pytest.mark.parametrize("base_http", [False, True])
def test_errors(auth: App, base_http: bool) -> None:
    """Session errors of a dependency get the library's answers, not FastAPI's."""

    async def scenario() -> None:
        async with client_of(web_app(auth, base_http=base_http)) as client:
            response = await client.get("/me")
            assert (response.status_code, response.json()) == (401, {"message": "unauthorised"})
            _, session = await signed_up(client)
            forged = {"authorization": session["authorization"][:-5] + "AAAAA"}
            response = await client.get("/maybe", headers=forged)
            assert (response.status_code, response.json()) == (401, {"message": "try refresh token"})

    asyncio.run(scenario())


def test_a_route_may_return_the_payload(auth: App) -> None:
    """FastAPI reads the annotation `JSONObject`, recursive as it is, and describes it in the schema."""
    app = web_app(auth)

    @app.get("/payload")
    async def payload(session: Session) -> JSONObject:
        return session.get_access_token_payload()

    async def scenario() -> None:
        async with client_of(app) as client:
            user, session = await signed_up(client)
            response = await client.get("/payload", headers=session)
            assert (response.status_code, response.json()["sub"]) == (200, user)
            assert "/payload" in (await client.get("/openapi.json")).json()["paths"]

    asyncio.run(scenario())


@pytest.mark.parametrize("base_http", [False, True])
def test_changes(auth: App, base_http: bool) -> None:
    """What a route changes in its session goes out with the route's own answer."""

    async def scenario() -> None:
        async with client_of(web_app(auth, base_http=base_http)) as client:
            _, session = await signed_up(client)
            response = await client.post("/claims", headers=session)
            assert response.status_code == 200
            assert response.headers["st-access-token"] not in session["authorization"]
            assert "front-token" in response.headers["access-control-expose-headers"]

    asyncio.run(scenario())


@pytest.mark.parametrize("base_http", [False, True])
def test_body_for_both(auth: App, base_http: bool) -> None:
    """A route and an override read the same body, although FastAPI reads it first."""

    async def scenario() -> None:
        async with client_of(web_app(auth, base_http=base_http)) as client:
            response = await client.post("/both", json={"a": 1})
            assert response.json() == {"route": {"a": 1}, "raw": '{"a":1}', "override": {"a": 1}}
            assert (await client.get("/stream")).text == "012"

    asyncio.run(scenario())


def test_head(auth: App) -> None:
    """HEAD requests reach the application."""
    app = web_app(auth)

    @app.head("/head")
    async def head(session: MaybeSession) -> None: ...

    async def scenario() -> None:
        async with client_of(app) as client:
            assert (await client.head("/head")).status_code == 200
            assert (await client.head("/auth/signin")).status_code == 404

    asyncio.run(scenario())


def test_missing_middleware() -> None:
    """A dependency without the middleware says what to do."""
    app = FastAPI()

    @app.get("/me")
    async def me(session: Session) -> None: ...

    async def scenario() -> None:
        async with client_of(app) as client:
            with pytest.raises(ConfigurationError, match="add_middleware"):
                await client.get("/me")

    asyncio.run(scenario())


def test_cors_layer(auth: App) -> None:
    """With a CORS layer outside of ours, preflights and answers have what the frontends need."""
    app = web_app(auth)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=["http://localhost:3000"],
        allow_credentials=True,
        allow_methods=["GET", "POST", "PUT", "DELETE", "OPTIONS"],
        allow_headers=["content-type", *get_all_cors_headers()],
    )
    origin = {"origin": "http://localhost:3000"}

    async def scenario() -> None:
        async with client_of(app) as client:
            asked = {"access-control-request-method": "POST", "access-control-request-headers": "rid,fdi-version"}
            preflight = await client.options("/auth/signup", headers=origin | asked)
            assert preflight.status_code == 200
            assert "st-auth-mode" in preflight.headers["access-control-allow-headers"]
            response = await client.post("/auth/signup", json=FORM, headers=origin)
            assert response.headers["access-control-allow-origin"] == origin["origin"]
            assert response.headers["access-control-allow-credentials"] == "true"
            assert "front-token" in response.headers["access-control-expose-headers"]
            error = await client.get("/me", headers=origin)
            assert error.status_code == 401
            assert error.headers["access-control-allow-origin"] == origin["origin"]

    asyncio.run(scenario())


def test_sub_application(auth: App) -> None:
    """Mounted with a middleware of its own, a sub-application is served below its mount point."""
    outer = FastAPI()
    inner = web_app(auth)
    outer.mount("/auth", inner)

    async def scenario() -> None:
        async with client_of(outer) as client:
            user, session = await signed_up(client)
            assert (await client.get("/auth/me", headers=session)).json() == {"user": user}

    asyncio.run(scenario())


def test_starlette(auth: App) -> None:
    """A Starlette route asks for its session, and lets the error through."""

    async def me(request: StarletteRequest) -> Response:
        session = await get_session(request)
        return JSONResponse({"user": session.get_user_id()})

    async def maybe(request: StarletteRequest) -> Response:
        session = await get_session(request, session_required=False)
        return JSONResponse({"user": None if session is None else session.get_user_id()})

    app = Starlette(routes=[Route("/me", me), Route("/maybe", maybe)])
    app.add_middleware(get_middleware(), app=auth)

    async def scenario() -> None:
        async with client_of(app) as client:
            user, session = await signed_up(client)
            assert (await client.get("/me", headers=session)).json() == {"user": user}
            assert (await client.get("/me")).json() == {"message": "unauthorised"}
            assert (await client.get("/maybe")).json() == {"user": None}

    asyncio.run(scenario())


def other_info(name: str) -> InputAppInfo:
    """Return where another application lives: at the same place."""
    return InputAppInfo(app_name=name, api_domain="http://localhost:8000", website_domain="http://localhost:3000")


def test_the_session_of_another_application(auth: App) -> None:
    """What is wrong with it is answered as that application would, and its cookies are cleared; others are not."""
    other = init(
        other_info("Other"),
        [session_recipe.init(cookie_domain=".other.example.com", session_expired_status_code=419)],
        storage=MemoryStorage(),
        secret=b"o" * 32,
        default=False,
    )

    async def gone(request: StarletteRequest) -> Response:
        with suppress(SessionError):
            await get_session(request, app=other)
        raise UnauthorisedError("gone")

    async def theirs(request: StarletteRequest) -> Response:
        return JSONResponse({"user": (await get_session(request, app=other, check_database=True)).get_user_id()})

    app = Starlette(routes=[Route("/gone", gone), Route("/theirs", theirs)])
    app.add_middleware(get_middleware(), app=auth)
    without = Starlette(routes=[Route("/theirs", theirs)])
    without.add_middleware(
        get_middleware(), app=init(other_info("None"), [], storage=MemoryStorage(), secret=b"n" * 32, default=False)
    )

    async def scenario() -> None:
        who = RecipeUserId("u")
        held = await other.recipe(SessionRecipe).functions.create_new_session("u", who, None, None, True, "public", {})
        cookie = {"cookie": "sAccessToken=x"}
        proof = {"authorization": f"Bearer {held.get_access_token()}"} | cookie
        async with client_of(app) as client:
            assert (await client.get("/theirs", headers=proof)).json() == {"user": "u"}
            await held.revoke_session()
            refused = await client.get("/theirs", headers=proof)
            assert (refused.status_code, refused.json()) == (419, {"message": "unauthorised"})
            assert "Domain=.other.example.com" in refused.headers["set-cookie"]
            own = await client.get("/gone", headers=cookie)
            assert own.status_code == 401
            assert "Domain" not in own.headers["set-cookie"]
        async with client_of(without) as client:
            refused = await client.get("/theirs", headers=proof)
            assert (refused.status_code, refused.json()) == (419, {"message": "unauthorised"})

    asyncio.run(scenario())
    other.close()


def test_websocket(auth: App) -> None:
    """Websockets go through."""
    from starlette.testclient import TestClient

    app = web_app(auth)

    @app.websocket("/ws")
    async def ws(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.send_text("hello")
        await websocket.close()

    with TestClient(app) as client, client.websocket_connect("/ws") as connection:
        assert connection.receive_text() == "hello"

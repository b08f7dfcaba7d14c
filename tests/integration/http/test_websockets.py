"""Sessions of WebSockets, over sockets (docs/how-to/websockets.md)."""

from __future__ import annotations

import asyncio
import base64
import json
import socket
import threading
from collections.abc import Awaitable, Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Literal, TypeAlias, cast

import attrs
import httpx2
import pytest
from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse
from hypercorn.asyncio import serve  # pyright: ignore[reportUnknownVariableType]  of WSGI
from hypercorn.config import Config
from hypercorn.typing import ASGIFramework
from starlette.applications import Starlette
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.responses import Response
from starlette.routing import Mount, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from authweave.app import App
from authweave.errors import AnswerBegunError, ForeignHandshakeError
from authweave.framework import get_request_from_user_context
from authweave.framework.fastapi import get_middleware, get_session, verify_session
from authweave.kernel import UserContext, current_context
from authweave.recipe.session.claims import BooleanClaim, SessionClaimValidator
from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import JSONObject, RecipeUserId
from tests.patience import PATIENCE_S

from .serving import COOKIES, PASSWORD, bearer, form, serving, sign_up

Server: TypeAlias = Literal["websockets-sansio", "wsproto", "hypercorn"]
SERVERS: Sequence[Server] = ("websockets-sansio", "wsproto", "hypercorn")
WEBSITE = "http://localhost:3000"
API = "http://localhost:8000"
FOREIGN = ("http://evil.example", "null", "http://localhost:3000.evil.example", "https://localhost:3000", "file://")
PATHS = ("/ws", "/v1/ws", "/v2/inner/ws", "/starlette/ws")

Headers: TypeAlias = dict[str, str]


def is_admin(_user: str, _recipe_user: RecipeUserId, _tenant: str, _payload: JSONObject, _context: UserContext) -> bool:
    """Say that nobody is."""
    return False


ADMIN = BooleanClaim("admin", is_admin)


def admins(
    _validators: Sequence[SessionClaimValidator], _session: SessionContainer, _context: UserContext
) -> Sequence[SessionClaimValidator]:
    """Ask for a claim that nobody has."""
    return [ADMIN.validators.is_true()]


def always_stale(
    _validators: Sequence[SessionClaimValidator], _session: SessionContainer, _context: UserContext
) -> Sequence[SessionClaimValidator]:
    """Ask for a claim that a new session does not have, and that is fetched."""
    return [ADMIN.validators.is_false()]


async def merge(session: SessionContainer) -> None:
    """Merge a claim."""
    await session.merge_into_access_token_payload({"said": "merge"})


async def fetch(session: SessionContainer) -> None:
    """Fetch one."""
    await session.fetch_and_set_claim(ADMIN)


async def leave(session: SessionContainer) -> None:
    """End the session."""
    await session.revoke_session()


CHANGES: dict[str, Callable[[SessionContainer], Awaitable[None]]] = {"merge": merge, "fetch": fetch, "leave": leave}
"""What a session cannot tell the client of a WebSocket."""


Session = Annotated[SessionContainer, Depends(verify_session())]
MaybeSession = Annotated[SessionContainer | None, Depends(verify_session(session_required=False))]
AdminSession = Annotated[SessionContainer, Depends(verify_session(override_global_claim_validators=admins))]

StaleSession = Annotated[SessionContainer, Depends(verify_session(override_global_claim_validators=always_stale))]


async def greet(websocket: WebSocket, session: SessionContainer | None) -> None:
    """Tell a client who it is, and what it says."""
    request = get_request_from_user_context()
    assert request is not None
    await websocket.accept()
    while True:
        said = await websocket.receive_text()
        if session is not None and said in CHANGES:
            with pytest.raises(AnswerBegunError):
                await CHANGES[said](session)
        context = cast("dict[str, object]", current_context())  # a context with any keys
        before, context["said"] = context.get("said"), said
        user = None if session is None else session.get_user_id()
        await websocket.send_json({"user": user, "path": request.path, "before": before})


def with_websocket(app: FastAPI) -> FastAPI:
    """Add a WebSocket that asks for a session."""

    @app.websocket("/ws")
    async def ws(websocket: WebSocket, session: Session) -> None:
        await greet(websocket, session)

    return app


async def pass_on(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Do what a BaseHTTPMiddleware does."""
    return await call_next(request)


def mounted() -> FastAPI:
    """Return an application that handles errors by itself."""
    app = with_websocket(FastAPI())
    app.add_middleware(BaseHTTPMiddleware, dispatch=pass_on)

    @app.exception_handler(Exception)
    async def handle(request: Request, error: Exception) -> JSONResponse:
        return JSONResponse({"mine": str(error)}, 500)

    return app


async def of_starlette(websocket: WebSocket) -> None:
    """Ask for the session without a dependency."""
    await greet(websocket, await get_session(websocket))


def application(auth: App) -> ASGIApp:
    """Return an application with WebSockets of its own and in what is mounted in it."""
    app = with_websocket(FastAPI())
    app.add_middleware(get_middleware(), app=auth)
    outer = FastAPI()
    outer.mount("/inner", mounted())
    app.mount("/v1", mounted())
    app.mount("/v2", outer)
    app.mount("/starlette", Starlette(routes=[WebSocketRoute("/ws", of_starlette), Mount("/more", routes=[])]))

    @app.websocket("/maybe")
    async def maybe(websocket: WebSocket, session: MaybeSession) -> None:
        await greet(websocket, session)

    @app.websocket("/admin")
    async def admin(websocket: WebSocket, session: AdminSession) -> None:
        await greet(websocket, session)

    @app.websocket("/checked")
    async def checked(websocket: WebSocket) -> None:
        await greet(websocket, await get_session(websocket, check_database=True))

    @app.websocket("/stale")
    async def stale(websocket: WebSocket, session: StaleSession) -> None:
        await greet(websocket, session)

    @app.websocket("/late")
    async def late(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.send_text("welcome")
        await get_session(websocket)

    @app.websocket("/fault")
    async def fault(websocket: WebSocket) -> None:
        raise ZeroDivisionError

    @app.websocket("/open")
    async def open_to_all(websocket: WebSocket) -> None:
        await greet(websocket, None)

    return app


@attrs.frozen
class WithoutExtensions:
    """A server that cannot answer a handshake."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app({key: value for key, value in scope.items() if key != "extensions"}, receive, send)


@contextmanager
def on_hypercorn(app: ASGIApp) -> Generator[str]:
    """Serve an application with Hypercorn for a block; yields its address."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    port = cast("tuple[str, int]", listener.getsockname())[1]  # IPv4
    config = Config()
    config.bind = [f"fd://{listener.detach()}"]
    config.errorlog = None
    loop, stop = asyncio.new_event_loop(), asyncio.Event()
    framework = cast("ASGIFramework", app)  # their types of a scope differ

    async def ended() -> None:
        await stop.wait()

    def run() -> None:
        loop.run_until_complete(serve(framework, config, shutdown_trigger=ended, mode="asgi"))

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()


@contextmanager
def on(server: Server, app: ASGIApp) -> Generator[str]:
    """Serve an application with a server that knows WebSockets; yields its address."""
    block = on_hypercorn(app) if server == "hypercorn" else serving(app, websockets=server)
    with block as address:
        yield address


@pytest.fixture(scope="module", params=SERVERS)
def address(request: pytest.FixtureRequest, auth: App) -> Iterator[str]:
    """Serve the application with each server."""
    with on(request.param, application(auth)) as address:
        yield address


@pytest.fixture(scope="module")
def mute(auth: App) -> Iterator[str]:
    """Serve it where a handshake cannot be answered."""
    with serving(WithoutExtensions(application(auth)), websockets="wsproto") as address:
        yield address


@pytest.fixture
def client(auth: App, address: str) -> Iterator[httpx2.Client]:
    """Open a client."""
    with httpx2.Client(base_url=address, verify=False, timeout=PATIENCE_S) as client:
        yield client


def opened(address: str, path: str, headers: Headers | None = None, origin: str | None = WEBSITE) -> ClientConnection:
    """Open a WebSocket as a browser does, or without an origin as programs do."""
    return connect(
        address.replace("http", "ws", 1) + path,
        origin=None if origin is None else Origin(origin),
        additional_headers=headers or {},
        open_timeout=PATIENCE_S,
        proxy=None,
    )


def refused(address: str, path: str, headers: Headers | None = None, origin: str | None = WEBSITE) -> tuple[int, str]:
    """Return the status and the message with which a handshake is refused, without any cookie."""
    with pytest.raises(InvalidStatus) as error:
        opened(address, path, headers, origin)
    response = error.value.response
    assert not {"set-cookie", "front-token", "st-access-token"} & {
        name.lower() for name, _ in response.headers.raw_items()
    }
    body = response.body or b""
    return response.status_code, cast("dict[str, str]", json.loads(body))["message"]  # ours


def closed(connection: ClientConnection) -> tuple[int, str]:
    """Return the code and the reason with which an open WebSocket is closed."""
    with pytest.raises(ConnectionClosed) as error:
        connection.recv(timeout=PATIENCE_S)
    received = error.value.rcvd
    assert received is not None
    return received.code, received.reason


def cookies_of(client: httpx2.Client, email: str) -> tuple[str, Headers]:
    """Sign up by cookie; return the user's id, and the header that a browser sends."""
    user = sign_up(client, email, COOKIES).json()["user"]["id"]
    return user, {"cookie": f"sAccessToken={client.cookies['sAccessToken']}"}


def test_a_session_by_cookie_and_by_header(client: httpx2.Client, address: str) -> None:
    """From the website, from the API's own pages and without an origin; each connection has a context of its own."""
    email = f"{address.rpartition(':')[2]}@example.com"
    user, cookies = cookies_of(client, email)
    token = bearer(client.post("/auth/signin", json=form(email, PASSWORD), headers={"st-auth-mode": "header"}))
    for path in PATHS:
        for origin in (WEBSITE, API, address, None):
            for headers in (cookies, token):
                with opened(address, path, headers, origin) as connection:
                    answers: list[object] = []
                    for said in ("one", "two", "merge"):
                        connection.send(said)
                        answers.append(json.loads(connection.recv(timeout=PATIENCE_S)))
                before = (None, "one", "two")
                assert answers == [{"user": user, "path": path, "before": each} for each in before]


@pytest.mark.parametrize("path", [*PATHS, "/admin"])
def test_without_a_session(address: str, path: str) -> None:
    """The handshake is answered as a request is, and no cookie is set or cleared."""
    assert refused(address, path) == (401, "unauthorised")
    assert refused(address, path, {"cookie": "sAccessToken=x.y.z"}) == (401, "unauthorised")
    assert refused(address, path, {"cookie": "sIdRefreshToken=x"}) == (401, "try refresh token")


@pytest.mark.parametrize("path", [*PATHS, "/maybe"])
def test_a_page_of_another_origin(client: httpx2.Client, address: str, path: str) -> None:
    """It is refused before the session is read: with one or without, and where none is required."""
    _, cookies = cookies_of(client, f"foreign{path.replace('/', '.')}{address.rpartition(':')[2]}@example.com")
    for origin in FOREIGN:
        for headers in (cookies, None):
            assert refused(address, path, headers, origin) == (403, str(ForeignHandshakeError()))


def test_a_session_that_was_revoked(client: httpx2.Client, address: str) -> None:
    """The answer to a request would clear the cookies; that to a handshake says no more than that it is refused."""
    _, cookies = cookies_of(client, f"revoked{address.rpartition(':')[2]}@example.com")
    assert client.post("/auth/signout").json() == {"status": "OK"}
    assert refused(address, "/checked", cookies) == (401, "unauthorised")


def test_what_no_handshake_carries(client: httpx2.Client, address: str, caplog: pytest.LogCaptureFixture) -> None:
    """A session that is changed or revoked on a WebSocket raises, and leaves a warning with the route."""
    _, cookies = cookies_of(client, f"changed{address.rpartition(':')[2]}@example.com")
    with opened(address, "/ws", cookies) as connection:
        for said in CHANGES:
            connection.send(said)
            connection.recv(timeout=PATIENCE_S)
    routes = [vars(each)["route"] for each in caplog.records if vars(each).get("event") == "answer_begun"]
    assert routes == ["GET /ws"] * len(CHANGES)
    assert client.post("/auth/session/refresh").status_code == 401  # what was done, was done


def test_a_claim_that_was_fetched_again(client: httpx2.Client, address: str, caplog: pytest.LogCaptureFixture) -> None:
    """The token that was made for it gets lost, which the log says; the WebSocket opens."""
    _, cookies = cookies_of(client, f"stale{address.rpartition(':')[2]}@example.com")
    with opened(address, "/stale", cookies) as connection:
        connection.send("hello")
        connection.recv(timeout=PATIENCE_S)
    (record,) = (each for each in caplog.records if vars(each).get("event") == "answer_begun")
    assert vars(record)["route"] == "GET /stale"
    refreshed = client.post("/auth/session/refresh").headers["front-token"]
    assert "admin" in json.loads(base64.b64decode(refreshed))["up"]


def test_claims(client: httpx2.Client, address: str) -> None:
    """A session that may not pass is a 403, as for a request."""
    _, cookies = cookies_of(client, f"claims{address.rpartition(':')[2]}@example.com")
    assert refused(address, "/admin", cookies) == (403, "invalid claim")


def test_an_optional_session(address: str) -> None:
    """Where none is required there is none."""
    with opened(address, "/maybe") as connection:
        connection.send("hello")
        assert json.loads(connection.recv(timeout=PATIENCE_S)) == {"user": None, "path": "/maybe", "before": None}


def test_what_asks_for_no_session_is_the_applications(address: str) -> None:
    """Who may open it is its own business; and a fault of it stays one."""
    with opened(address, "/open", origin="http://evil.example") as connection:
        connection.send("hello")
        assert json.loads(connection.recv(timeout=PATIENCE_S))["user"] is None
    with pytest.raises(InvalidStatus) as error:
        opened(address, "/fault")
    assert error.value.response.status_code == 500


def test_after_it_was_accepted(address: str) -> None:
    """It is closed, with 4000 more than the status."""
    with opened(address, "/late") as connection:
        assert connection.recv(timeout=PATIENCE_S) == "welcome"
        assert closed(connection) == (4401, "unauthorised")


def test_where_a_handshake_cannot_be_answered(mute: str) -> None:
    """It is accepted and closed at once, with a code that the page can read."""
    with httpx2.Client(base_url=mute, timeout=PATIENCE_S) as client:
        _, cookies = cookies_of(client, "mute@example.com")
    for path in PATHS:
        with opened(mute, path) as connection:
            assert closed(connection) == (4401, "unauthorised")
    with opened(mute, "/admin", cookies) as connection:
        assert closed(connection) == (4403, "invalid claim")
    with opened(mute, "/ws", cookies, "http://evil.example") as connection:
        assert closed(connection) == (4403, str(ForeignHandshakeError()))

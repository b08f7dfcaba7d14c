from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import Any

import httpx2
import pytest
from litestar import Litestar, Request, Response, WebSocket, get, post, websocket
from litestar.config.cors import CORSConfig
from litestar.di import NamedDependency, Provide
from litestar.exceptions import WebSocketDisconnect
from litestar.middleware.base import ASGIMiddleware
from litestar.params import FromPath, JSONBody
from litestar.response import Stream
from litestar.testing import TestClient
from litestar.types import ASGIApp, Receive, Scope, Send
from typing_extensions import override as overriding_method

from authweave.app import App, init, set_default_app
from authweave.errors import SessionError, UnauthorisedError
from authweave.framework import get_request_from_user_context
from authweave.framework.litestar import AuthPlugin, get_middleware, get_session, session_guard, verify_session
from authweave.kernel import UserContext, current_context, override
from authweave.recipe import emailpassword
from authweave.recipe import session as session_recipe
from authweave.recipe.emailpassword.interfaces import RecipeInterface
from authweave.recipe.emailpassword.signatures import SignIn
from authweave.recipe.emailpassword.types import SignInResult
from authweave.recipe.session.interfaces import SessionContainer
from authweave.security import PasswordHasher
from authweave.storage.memory import MemoryStorage
from authweave.types import ConfigurationError, InputAppInfo

FORM = {"formFields": [{"id": "email", "value": "a@x.io"}, {"id": "password", "value": "correct horse 1"}]}
REQUIRED = {"session": Provide(verify_session())}
Session = NamedDependency[SessionContainer]
MaybeSession = NamedDependency[SessionContainer | None]
MAYBE = {"session": Provide(verify_session(session_required=False))}


@get("/me", dependencies=REQUIRED)
async def me(session: Session) -> dict[str, str]:
    """Return who asks."""
    assert current_context().get("_default") is not None
    return {"user": session.get_user_id()}


@get("/maybe", dependencies=MAYBE, sync_to_thread=True)
def maybe(session: MaybeSession) -> dict[str, str | None]:
    """Return who asks, from a thread."""
    assert get_request_from_user_context() is not None
    return {"user": None if session is None else session.get_user_id()}


@get("/guarded", guards=[session_guard()])
async def guarded(request: Request[Any, Any, Any]) -> dict[str, str]:
    """Return who asks, behind a guard."""
    return {"user": (await get_session(request)).get_user_id()}


@post("/claims", dependencies=REQUIRED)
async def claims(session: Session) -> dict[str, str]:
    """Change the session."""
    await session.merge_into_access_token_payload({"colour": "red"})
    return {}


@post("/both")
async def both(data: JSONBody[dict[str, int]]) -> dict[str, Any]:
    """Return the body as Litestar reads it, and as the library does."""
    served = get_request_from_user_context()
    assert served is not None
    own = served.request
    assert isinstance(own, Request)
    return {"route": data, "override": await served.json(), "own": await own.json()}


@get("/stream", dependencies=MAYBE)
async def stream(session: MaybeSession) -> Stream:
    """Send parts."""

    async def parts() -> AsyncIterator[bytes]:
        for number in range(3):
            yield str(number).encode()

    return Stream(parts())


@get("/broken")
async def broken() -> None:
    """Fail."""
    raise ZeroDivisionError


@get("/caught")
async def caught(request: Request[Any, Any, Any]) -> dict[str, str]:
    """Handle an error of a session, and fail."""
    with suppress(SessionError):
        await get_session(request)
    raise ZeroDivisionError


@get("/handling")
async def handling(request: Request[Any, Any, Any]) -> dict[str, str]:
    """Fail while an error of a session is handled, which the failure knows then."""
    try:
        await get_session(request)
    except SessionError as error:
        raise ZeroDivisionError from error
    return {}


@websocket("/ws", dependencies=REQUIRED)
async def socket_of(socket: WebSocket[Any, Any, Any], session: Session) -> None:
    """Greet whoever has a session."""
    await socket.accept()
    await socket.send_text(session.get_user_id())
    await socket.close()


@websocket("/late")
async def late(socket: WebSocket[Any, Any, Any]) -> None:
    """Ask for the session after the handshake."""
    await socket.accept()
    await get_session(socket)


@websocket("/own-code")
async def own_code(socket: WebSocket[Any, Any, Any]) -> None:
    """Close with a code of the application's own."""
    await socket.accept()
    try:
        await get_session(socket)
    except UnauthorisedError:
        await socket.close(code=4001, reason="mine")


ROUTES = [me, maybe, guarded, claims, both, stream, broken, caught, handling, socket_of, late, own_code]


def web_app(auth: App, **options: Any) -> Litestar:  # noqa: ANN401  what Litestar takes
    """Return an application with routes that ask for sessions."""
    return Litestar(ROUTES, plugins=[AuthPlugin(auth)], **options)


def client_of(app: Any) -> httpx2.AsyncClient:  # noqa: ANN401  its scopes are TypedDicts
    """Return a client of an application in this process."""
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://localhost:8000")


async def signed_up(client: httpx2.AsyncClient) -> tuple[str, dict[str, str]]:
    """Sign somebody up; return the user's id and the header of the session."""
    response = await client.post("/auth/signup", json=FORM, headers={"st-auth-mode": "header"})
    return response.json()["user"]["id"], {"authorization": f"Bearer {response.headers['st-access-token']}"}


def run(app: Litestar, scenario: Callable[[httpx2.AsyncClient], Awaitable[None]]) -> None:
    """Run a scenario with a client."""

    async def with_client() -> None:
        async with client_of(app) as client:
            await scenario(client)

    asyncio.run(with_client())


def test_sessions(auth: App) -> None:
    """A handler gets its session by dependency, behind a guard, and in a thread."""

    async def scenario(client: httpx2.AsyncClient) -> None:
        user, session = await signed_up(client)
        for path in ("/me", "/maybe", "/guarded"):
            assert (await client.get(path, headers=session)).json() == {"user": user}
        assert (await client.get("/maybe")).json() == {"user": None}

    run(web_app(auth), scenario)


@pytest.mark.parametrize("debug", [False, True])
def test_errors_of_sessions(auth: App, debug: bool) -> None:
    """They get the library's answers, although Litestar answers every error itself, with long pages in debug mode."""

    async def scenario(client: httpx2.AsyncClient) -> None:
        for path in ("/me", "/guarded"):
            response = await client.get(path, headers={"accept": "text/html"})
            assert (response.status_code, response.json()) == (401, {"message": "unauthorised"})
        _, session = await signed_up(client)
        forged = {"authorization": session["authorization"][:-5] + "AAAAA"}
        response = await client.get("/maybe", headers=forged)
        assert (response.status_code, response.json()) == (401, {"message": "try refresh token"})

    run(web_app(auth, debug=debug), scenario)


def test_errors_of_the_application(auth: App) -> None:
    """Litestar answers those, also where an error of a session is handled, or was."""

    async def scenario(client: httpx2.AsyncClient) -> None:
        for path in ("/broken", "/caught", "/handling"):
            response = await client.get(path)
            assert (response.status_code, response.json()["detail"]) == (500, "Internal Server Error")
        assert (await client.get("/auth/none")).status_code == 404
        assert (await client.get("/auth/signin")).status_code == 404

    run(web_app(auth), scenario)


def test_handlers_of_the_application(auth: App) -> None:
    """A handler for errors of sessions answers them; one for every error does not."""

    def handle(_: Request[Any, Any, Any], error: Exception) -> Response[dict[str, str]]:
        return Response({"mine": type(error).__name__}, status_code=418)

    def handle_any(_: Request[Any, Any, Any], error: Exception) -> Response[dict[str, str]]:
        return Response({"any": type(error).__name__}, status_code=500)

    async def own(client: httpx2.AsyncClient) -> None:
        response = await client.get("/me")
        assert (response.status_code, response.json()) == (418, {"mine": "UnauthorisedError"})

    async def of_all(client: httpx2.AsyncClient) -> None:
        assert (await client.get("/me")).status_code == 401
        assert (await client.get("/broken")).json() == {"any": "ZeroDivisionError"}

    run(web_app(auth, exception_handlers={SessionError: handle}), own)
    run(web_app(auth, exception_handlers={Exception: handle_any}), of_all)
    run(web_app(auth, exception_handlers={500: handle_any}), of_all)


def test_errors_of_overrides(auth: App) -> None:
    """What an override raises in a route of the library's own is answered by the application's exception handlers."""

    @override(RecipeInterface[UserContext].sign_in, name="failing")
    async def failing(
        original: SignIn[UserContext],
        email: str,
        password: str,
        tenant_id: str,
        session: SessionContainer | None,
        should_try_linking_with_session_user: bool | None,
        user_context: UserContext,
    ) -> SignInResult:
        raise ZeroDivisionError

    def handle(_: Request[Any, Any, Any], error: Exception) -> Response[str]:
        return Response(type(error).__name__, status_code=503)

    async def handled(client: httpx2.AsyncClient) -> None:
        response = await client.post("/auth/signin", json=FORM)
        assert (response.status_code, response.text) == (503, "ZeroDivisionError")

    async def unhandled(client: httpx2.AsyncClient) -> None:
        assert (await client.post("/auth/signin", json=FORM)).json()["detail"] == "Internal Server Error"

    with auth.overriding(failing):
        run(web_app(auth, exception_handlers={ZeroDivisionError: handle}), handled)
        run(web_app(auth), unhandled)


def test_changes(auth: App) -> None:
    """What a handler changes in its session goes out with the handler's own answer."""

    async def scenario(client: httpx2.AsyncClient) -> None:
        _, session = await signed_up(client)
        response = await client.post("/claims", headers=session)
        assert response.status_code == 201
        assert response.headers["st-access-token"] not in session["authorization"]
        assert "front-token" in response.headers["access-control-expose-headers"]

    run(web_app(auth), scenario)


def test_body_for_both(auth: App) -> None:
    """A handler and an override read the same body; Litestar's own request is there; streams go through."""

    async def scenario(client: httpx2.AsyncClient) -> None:
        response = await client.post("/both", json={"a": 1})
        assert response.json() == {"route": {"a": 1}, "override": {"a": 1}, "own": {"a": 1}}
        assert (await client.get("/stream")).text == "012"

    run(web_app(auth), scenario)


def test_cors(auth: App) -> None:
    """Litestar's own CORS layer stands outside of all of it."""
    origin = {"origin": "http://localhost:3000"}
    config = CORSConfig(allow_origins=["http://localhost:3000"], allow_credentials=True)

    async def scenario(client: httpx2.AsyncClient) -> None:
        asked = {"access-control-request-method": "POST", "access-control-request-headers": "rid"}
        assert (await client.options("/auth/signup", headers=origin | asked)).status_code == 204
        response = await client.post("/auth/signup", json=FORM, headers=origin)
        assert response.headers["access-control-allow-origin"] == origin["origin"]
        assert "front-token" in response.headers["access-control-expose-headers"]
        error = await client.get("/me", headers=origin)
        assert (error.status_code, error.headers["access-control-allow-origin"]) == (401, origin["origin"])

    run(web_app(auth, cors_config=config), scenario)


def test_tenants_and_paths(auth: App) -> None:
    """A path may name a tenant; Litestar's own routes below the base path stay."""

    @get("/auth/mine/{name:str}")
    async def mine(name: FromPath[str]) -> str:
        return name

    app = Litestar([mine], plugins=[AuthPlugin(auth)])

    async def scenario(client: httpx2.AsyncClient) -> None:
        assert (await client.post("/auth/public/signup", json=FORM)).json()["status"] == "OK"
        assert (await client.post("/auth/signin/", json=FORM)).json()["status"] == "OK"
        response = await client.post("/auth/unknown/signin", json=FORM)
        assert (response.status_code, "There is no tenant" in response.text) == (400, True)
        assert (await client.get("/auth/mine/a")).text == "a"

    run(app, scenario)


class Noting(ASGIMiddleware):
    """Notes whether requests come by with their context."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, bool]] = []

    @overriding_method
    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Note, and hand on."""
        self.seen.append((scope["path"], get_request_from_user_context() is not None))
        await next_app(scope, receive, send)


def test_other_middleware(auth: App) -> None:
    """Others stand inside, with the request's context."""
    inside = Noting()

    async def scenario(client: httpx2.AsyncClient) -> None:
        user, session = await signed_up(client)
        assert (await client.get("/me", headers=session)).json() == {"user": user}

    run(web_app(auth, middleware=[inside]), scenario)
    assert inside.seen == [("/me", True)]


def test_middleware_that_is_listed(auth: App) -> None:
    """It stands where it is listed, and once."""
    outside, inside = Noting(), Noting()

    async def scenario(client: httpx2.AsyncClient) -> None:
        user, session = await signed_up(client)
        assert (await client.get("/me", headers=session)).json() == {"user": user}

    run(web_app(auth, middleware=[outside, get_middleware(auth), inside]), scenario)
    assert outside.seen == [("/auth/signup", False), ("/me", False)]
    assert inside.seen == [("/me", True)]


def test_websockets(auth: App) -> None:
    """A WebSocket has its session; one without is refused with the library's code, unless a handler says another."""
    with TestClient(web_app(auth)) as client:
        response = client.post("/auth/signup", json=FORM, headers={"st-auth-mode": "header"})
        session = {"authorization": f"Bearer {response.headers['st-access-token']}"}
        with client.websocket_connect("/ws", headers=session) as connection:
            assert connection.receive_text() == response.json()["user"]["id"]
        for path, code, reason in (
            ("/ws", 4401, "unauthorised"),
            ("/late", 4401, "unauthorised"),
            ("/own-code", 4001, "mine"),
        ):
            with pytest.raises(WebSocketDisconnect) as caught, client.websocket_connect(path) as connection:
                connection.receive_text()
            assert (caught.value.code, caught.value.detail) == (code, reason)


def test_a_path_of_litestar(auth: App) -> None:
    """Routes that Litestar's path would hide are told of; below it they are served."""
    with pytest.raises(ConfigurationError, match="api_base_path='/api/auth'"):
        Litestar([me], path="/api", plugins=[AuthPlugin(auth)])
    below = init(
        InputAppInfo(
            "Test", "http://localhost:8000", website_domain="http://localhost:3000", api_base_path="/api/auth"
        ),
        [emailpassword.init(), session_recipe.init()],
        storage=MemoryStorage(),
        secret=b"s" * 32,
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        default=False,
    )

    async def scenario(client: httpx2.AsyncClient) -> None:
        assert (await client.post("/api/auth/signup", json=FORM)).json()["status"] == "OK"

    run(Litestar([me], path="/api", plugins=[AuthPlugin(below)]), scenario)
    below.close()


def test_two_applications(auth: App) -> None:
    """Each plugin brings the middleware of its application, so that the routes of both are answered."""
    other = init(
        InputAppInfo("Test", "http://localhost:8000", website_domain="http://localhost:3000", api_base_path="/staff"),
        [emailpassword.init(), session_recipe.init()],
        storage=MemoryStorage(),
        secret=b"s" * 32,
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        default=False,
    )

    async def scenario(client: httpx2.AsyncClient) -> None:
        for base in ("/auth", "/staff"):
            assert (await client.post(f"{base}/signup", json=FORM)).json()["status"] == "OK"

    run(Litestar([me], plugins=[AuthPlugin(auth), AuthPlugin(other)]), scenario)
    other.close()


def test_the_default_application(auth: App) -> None:
    """It is taken where none is given; without one the plugin says what to do."""
    with pytest.raises(ConfigurationError, match="init"):
        Litestar([me], plugins=[AuthPlugin()])
    set_default_app(auth)
    try:
        app = Litestar([me], plugins=[AuthPlugin()])
    finally:
        set_default_app(None)

    async def scenario(client: httpx2.AsyncClient) -> None:
        user, session = await signed_up(client)
        assert (await client.get("/me", headers=session)).json() == {"user": user}

    run(app, scenario)


def test_missing_plugin() -> None:
    """A dependency without the plugin says what to do."""

    async def scenario(client: httpx2.AsyncClient) -> None:
        response = await client.get("/me")
        assert (response.status_code, "plugins=[AuthPlugin()]" in response.text) == (500, True)

    run(Litestar([me], debug=True), scenario)


def test_a_guard_without_the_call(auth: App) -> None:
    """The error says what to write, and nobody passes."""

    @get("/me", guards=[session_guard], sync_to_thread=False)  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]  the mistake in question
    def guarded_wrongly() -> dict[str, str]:
        return {}

    async def scenario(client: httpx2.AsyncClient) -> None:
        response = await client.get("/me")
        assert (response.status_code, "write guards=[session_guard()]" in response.text) == (500, True)

    run(Litestar([guarded_wrongly], plugins=[AuthPlugin(auth)], debug=True), scenario)

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import Sequence
from contextlib import suppress
from typing import cast

import pytest
from starlette.requests import Request

from authweave.app import App, set_default_app
from authweave.errors import (
    BadInputError,
    BusyError,
    ConfigurationError,
    InvalidClaimsError,
    PasswordTooLongError,
    StorageError,
    TryRefreshTokenError,
    UnauthorisedError,
)
from authweave.framework import get_request_from_user_context
from authweave.framework._body import ASGIApp, Message, Receive, Scope, Send
from authweave.framework.asgi import Middleware
from authweave.framework.starlette import get_session
from authweave.http import Serving, serving_in
from authweave.kernel import UserContext, current_context
from authweave.recipe.session.types import ClaimValidationError
from authweave.types import BaseRequest


def http_scope(method: str = "GET", path: str = "/", **more: object) -> Scope:
    """Return the scope of a request."""
    return {"type": "http", "method": method, "path": path, "headers": [], "query_string": b"", **more}


def served(scope: Scope) -> Serving:
    """Return what the middleware left in a scope."""
    found = serving_in(scope)
    assert found is not None
    return found


async def exchange(app: ASGIApp, scope: Scope, messages: Sequence[Message] = ()) -> list[Message]:
    """Send a request and return the messages of the answer."""
    incoming = list(messages) or [{"type": "http.request", "body": b""}]
    answer: list[Message] = []

    async def receive() -> Message:
        return incoming.pop(0) if incoming else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        answer.append(message)

    await app(scope, receive, send)
    return answer


def headers_of(answer: Sequence[Message]) -> dict[bytes, bytes]:
    """Return the headers of an answer."""
    return dict(cast("Sequence[tuple[bytes, bytes]]", answer[0]["headers"]))  # ASGI: pairs of byte strings


def ok_app(headers: Sequence[tuple[bytes, bytes]] = ()) -> ASGIApp:
    """Return an application that answers 200."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": list(headers)})
        await send({"type": "http.response.body", "body": b"ok"})

    return app


@pytest.mark.parametrize("kind", ["lifespan", "something-new"])
def test_other_scopes_are_untouched(auth: App, kind: str) -> None:
    """What is neither HTTP nor a WebSocket reaches the application with the very objects that came from the server."""
    seen: list[object] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.extend((scope, receive, send))

    async def receive() -> Message:
        return {}

    async def send(message: Message) -> None: ...

    scope: Scope = {"type": kind}
    asyncio.run(Middleware(app, auth)(scope, receive, send))
    assert len(seen) == 3
    assert seen[0] is scope
    assert scope == {"type": kind}
    assert seen[1] is receive
    assert seen[2] is send


def test_routes_are_answered(auth: App) -> None:
    """A route of ours is answered without asking the application, with the length of the body."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        raise AssertionError

    answer = asyncio.run(exchange(Middleware(app, auth), http_scope("POST", "/auth/signin")))
    assert [message["type"] for message in answer] == ["http.response.start", "http.response.body"]
    assert answer[0]["status"] == 200
    body = answer[1]["body"]
    assert isinstance(body, bytes)
    assert headers_of(answer)[b"content-length"] == str(len(body)).encode()
    assert headers_of(answer)[b"content-type"] == b"application/json; charset=utf-8"


@pytest.mark.parametrize(
    ("path", "root_path", "ours"),
    [
        ("/auth/signin", "", True),
        ("/api/auth/signin", "/api", True),
        ("/auth/signin", "/api", True),
        ("/auth/signin", "api/v1", True),
        ("/api/v1/auth/signin", "api/v1/", True),
        ("/apix/auth/signin", "/api", False),
        ("/api/api/auth/signin", "/api", False),
        ("/api/v1/auth/signin", "/v1", False),
        ("/auth/signin", "/auth", True),
        ("/signin", "/auth", True),
        ("/auth/auth/signin", "/auth", True),
        ("/auth/signin", "/au", True),
        ("/auth/signin", "/", True),
        ("/signin", "/", False),
    ],
)
def test_mounted(auth: App, path: str, root_path: str, ours: bool) -> None:
    """The path counts without the root path, and with it, whichever of the two the server left in it (ASGI)."""
    scope = http_scope("POST", path, root_path=root_path)
    answer = asyncio.run(exchange(Middleware(ok_app(), auth), scope))
    assert (answer[1]["body"] != b"ok") is ours


def test_process_default(auth: App) -> None:
    """Without an application of its own the middleware serves the default one, looked up at each request."""
    middleware = Middleware(ok_app())
    set_default_app(None)
    with pytest.raises(ConfigurationError, match=r"authweave\.init"):
        asyncio.run(exchange(middleware, http_scope()))
    set_default_app(auth)
    try:
        answer = asyncio.run(exchange(middleware, http_scope("POST", "/auth/signin")))
    finally:
        set_default_app(None)
    assert answer[1]["body"] != b"ok"


def test_a_served_request_leaves_no_garbage(auth: App) -> None:
    """What a request took is free when it is answered, also where the server's callables know its scope."""
    seen: list[weakref.ref[BaseRequest]] = []

    class Cycle:
        """What servers make for each request: it knows the scope, and the scope's request knows its methods."""

        def __init__(self, scope: Scope) -> None:
            self.scope = scope

        async def receive(self) -> Message:
            return {"type": "http.request", "body": b""}

        async def send(self, message: Message) -> None: ...

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(weakref.ref(served(scope).request))
        await ok_app()(scope, receive, send)

    async def scenario() -> None:
        cycle = Cycle(http_scope())
        await Middleware(app, auth)(cycle.scope, cycle.receive, cycle.send)

    gc.disable()
    try:
        asyncio.run(scenario())
        assert [request() for request in seen] == [None]
    finally:
        gc.enable()


def test_headers_of_a_request(auth: App) -> None:
    """A request's headers are found by name, whatever the case, and listed in order, all of them as texts."""
    sent = [(b"x-one", b"1"), (b"cookie", b"a=1; b=2"), (b"cookie", b"a=3"), (b"x-name", "é".encode("latin-1"))]
    requests: list[BaseRequest] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        requests.append(served(scope).request)
        await ok_app()(scope, receive, send)

    asyncio.run(exchange(Middleware(app, auth), http_scope(headers=sent)))
    (request,) = requests
    assert list(request.headers) == [("x-one", "1"), ("cookie", "a=1; b=2"), ("cookie", "a=3"), ("x-name", "é")]
    assert (len(request.headers), request.headers[-1]) == (4, ("x-name", "é"))
    assert request.headers[:1] == [("x-one", "1")]
    assert request.get_header("X-One") == "1"
    assert request.get_header("x-name") == "é"
    assert request.get_header("é") is None
    assert request.get_headers("Cookie") == ["a=1; b=2", "a=3"]
    assert request.get_cookies("a") == ["1", "3"]
    assert request.get_cookies("c") == []


def test_fresh_context_for_each_request(auth: App) -> None:
    """A key set while one request is served is not there in the next, and none is current afterwards."""
    contexts: list[UserContext] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        context = current_context()
        assert set(context) == {"_default"}
        request = get_request_from_user_context()
        assert request is served(scope).request
        context["counter"] = 1  # type: ignore[typeddict-unknown-key]  # pyright: ignore[reportGeneralTypeIssues]  as untyped code does
        contexts.append(context)
        await ok_app()(scope, receive, send)

    async def scenario() -> None:
        for _ in range(3):
            await exchange(Middleware(app, auth), http_scope())
            assert get_request_from_user_context() is None
            assert current_context() == {}

    asyncio.run(scenario())
    assert len({id(context) for context in contexts}) == 3


def test_changes_join_the_answer(auth: App) -> None:
    """What a session noted is added to the application's headers; exposed names are appended to those there."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        changes = served(scope).request.changes
        changes.set("front-token", "x")
        changes.add("set-cookie", "a=1")
        changes.add("set-cookie", "b=2")
        changes.add("access-control-expose-headers", "front-token")
        changes.add("access-control-expose-headers", "anti-csrf, X-Total")
        await ok_app([(b"Access-Control-Expose-Headers", b"X-Total,X-Page"), (b"x-own", b"1")])(scope, receive, send)

    answer = asyncio.run(exchange(Middleware(app, auth), http_scope()))
    assert answer[0]["headers"] == [
        (b"x-own", b"1"),
        (b"front-token", b"x"),
        (b"set-cookie", b"a=1"),
        (b"set-cookie", b"b=2"),
        (b"cache-control", b"no-store"),
        (b"access-control-expose-headers", b"X-Total, X-Page, front-token, anti-csrf"),
    ]


def test_streaming_is_not_held_back(auth: App) -> None:
    """Each part of a streamed answer reaches the server before the application makes the next."""
    sent: list[Message] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200})
        for number in range(3):
            await send({"type": "http.response.body", "body": b"x", "more_body": number < 2})
            assert len(sent) == number + 2

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(Middleware(app, auth)(http_scope(), receive, send))
    assert len(sent) == 4


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (UnauthorisedError("none", clear_tokens=False), 401, b'{"message":"unauthorised"}'),
        (TryRefreshTokenError("old"), 401, b'{"message":"try refresh token"}'),
        (
            InvalidClaimsError("refused", [ClaimValidationError("st-ev")]),
            403,
            b'{"message":"invalid claim","claimValidationErrors":[{"id":"st-ev"}]}',
        ),
        (BadInputError("what was wrong"), 400, b'{"message":"what was wrong"}'),
        (PasswordTooLongError(9), 400, b'{"message":"The password is longer than the 9 bytes that are allowed."}'),
        (BusyError(7), 429, b'{"message":"too many requests, try again later"}'),
        (StorageError("the disk is full"), 503, b'{"message":"temporarily unavailable, try again later"}'),
    ],
)
def test_errors_of_routes(auth: App, error: Exception, status: int, message: bytes) -> None:
    """What a route lets through is answered; the answer forgets what was noted for the other one."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        served(scope).request.changes.add("x-noted", "1")
        raise error

    answer = asyncio.run(exchange(Middleware(app, auth), http_scope()))
    assert (answer[0]["status"], answer[1]["body"]) == (status, message)
    headers = headers_of(answer)
    assert b"x-noted" not in headers
    assert (b"retry-after" in headers) is (status in {429, 503})


def test_errors_after_the_start(auth: App) -> None:
    """An answer that has begun cannot be taken back: the error is the server's."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200})
        raise TryRefreshTokenError("old")

    with pytest.raises(TryRefreshTokenError):
        asyncio.run(exchange(Middleware(app, auth), http_scope()))


def test_faults_of_the_program(auth: App) -> None:
    """Any other error is raised to the server, unchanged."""
    error = RuntimeError("a bug")

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        raise error

    with pytest.raises(RuntimeError) as caught:
        asyncio.run(exchange(Middleware(app, auth), http_scope()))
    assert caught.value is error


def test_body_for_both(auth: App) -> None:
    """The library and the application read the same body."""
    chunks: list[Message] = [
        {"type": "http.request", "body": b'{"a"', "more_body": True},
        {"type": "http.request", "body": b":1}"},
    ]
    received: list[Message] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        assert await served(scope).request.json() == {"a": 1}
        received.append(await receive())
        assert await served(scope).request.json() == {"a": 1}
        await ok_app()(scope, receive, send)

    asyncio.run(exchange(Middleware(app, auth), http_scope("POST"), chunks))
    assert received == [{"type": "http.request", "body": b'{"a":1}', "more_body": False}]


def test_body_beyond_the_limit(auth: App) -> None:
    """A route of ours refuses a body beyond the limit without reading all of it."""
    chunks: list[Message] = [{"type": "http.request", "body": b"x" * 400, "more_body": n < 99} for n in range(100)]
    answer = asyncio.run(exchange(Middleware(ok_app(), auth), http_scope("POST", "/auth/signin"), chunks))
    assert answer[0]["status"] == 413


def test_client_goes_away(auth: App) -> None:
    """When the client has gone nothing is raised, and layers outside (BaseHTTPMiddleware, say) get their answer."""
    chunks: list[Message] = [{"type": "http.request", "body": b"{", "more_body": True}]
    answer = asyncio.run(exchange(Middleware(ok_app(), auth), http_scope("POST", "/auth/signin"), chunks))
    assert [message["type"] for message in answer] == ["http.response.start", "http.response.body"]


def test_missing_middleware() -> None:
    """Without the middleware the error says what to do."""
    with pytest.raises(ConfigurationError, match="add_middleware"):
        asyncio.run(get_session(Request(http_scope())))


def test_a_fault_leaves_no_garbage(auth: App) -> None:
    """A request whose route raises is gone when the server has been told, without the garbage collector."""
    seen: list[weakref.ref[BaseRequest]] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(weakref.ref(served(scope).request))
        raise ZeroDivisionError

    async def started(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(weakref.ref(served(scope).request))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise ZeroDivisionError

    async def fail(behind: ASGIApp) -> None:
        with suppress(ZeroDivisionError):  # as a server does; what pytest keeps of an error would keep the request
            await exchange(Middleware(behind, auth), http_scope())

    gc.collect()
    gc.disable()
    try:
        for behind in (app, started):
            asyncio.run(fail(behind))
        assert [each() for each in seen] == [None, None]
    finally:
        gc.enable()


def test_client_goes_away_when_the_answer_has_begun(auth: App) -> None:
    """Then nothing is raised either: the answer ends where it is."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"a", "more_body": True})
        await served(scope).request.body()

    incoming: list[Message] = [{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}]
    answer = asyncio.run(exchange(Middleware(app, auth), http_scope("POST"), incoming))
    assert [message["type"] for message in answer] == ["http.response.start", "http.response.body"]


def raise_again(error: Exception) -> None:
    """Hand an error on, as frameworks do that look for a handler: this frame and the error hold each other."""
    raise error


@pytest.mark.parametrize(("is_caught", "status"), [(False, 401), (True, 500)])
def test_the_garbage_collector_runs_before_the_answer(auth: App, is_caught: bool, status: int) -> None:
    """A framework's 500 gives way to the answer to its error, and not to one that a view had caught."""

    async def view(scope: Scope, receive: Receive) -> None:
        try:
            await get_session(Request(scope, receive))
        except UnauthorisedError:
            if not is_caught:
                raise
        raise ValueError

    async def answers_all(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            try:
                await view(scope, receive)
            except Exception as error:  # noqa: BLE001  all of them, as frameworks do
                raise_again(error)
        except (UnauthorisedError, ValueError):
            pass
        gc.collect()
        await send({"type": "http.response.start", "status": 500, "headers": []})
        await send({"type": "http.response.body", "body": b"sorry"})

    start = asyncio.run(exchange(Middleware(answers_all, auth), http_scope()))[0]
    assert start["status"] == status

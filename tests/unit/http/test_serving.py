"""Serving without a framework: what an adapter drives carries a synchronous server as well as an asynchronous one."""

from __future__ import annotations

import io
import json
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, MutableMapping
from typing import TypeAlias, cast

import pytest

from authweave.app import App, init
from authweave.errors import StorageError, UnauthorisedError
from authweave.extending import Application
from authweave.framework import get_request_from_user_context
from authweave.http import STATE, Serving, serving_in
from authweave.kernel import current_context
from authweave.recipe import emailpassword, session
from authweave.security import PasswordHasher
from authweave.storage.memory import MemoryStorage
from authweave.types import JSON, BaseRequest, InputAppInfo, Response

Environment: TypeAlias = MutableMapping[str, object]
StartResponse: TypeAlias = Callable[[str, list[tuple[str, str]]], object]
WSGIApp: TypeAlias = Callable[[Environment, StartResponse], Iterable[bytes]]

FORM: JSON = {"formFields": [{"id": "email", "value": "a@x.io"}, {"id": "password", "value": "correct horse 1"}]}


class WSGIMiddleware:
    """An adapter for WSGI: it reads the environment, asks `Serving`, and writes what that says."""

    def __init__(self, behind: WSGIApp, app: Application) -> None:
        self.behind, self.app = behind, app

    def __call__(self, environ: Environment, start_response: StartResponse) -> Iterable[bytes]:
        request = request_of(environ)
        with self.app.serve_context(request) as user_context:
            environ[STATE] = serving = Serving(self.app, request, user_context)
            return self.serve(serving, environ, start_response)

    def serve(self, serving: Serving, environ: Environment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]]) -> object:
            return start_response(status, serving.begin(headers))

        def send(response: Response) -> list[bytes]:
            start_response(str(response.status), list(response.headers))
            return [response.body]

        try:
            answering = serving.own_response()
            return list(self.behind(environ, start)) if answering is None else send(self.app.run_blocking(answering))
        except Exception as error:
            response = self.app.run_blocking(serving.response_to(error))
            if response is None:
                raise
            return send(response)


def request_of(environ: Environment) -> BaseRequest:
    """Return the request of an environment (PEP 3333)."""
    texts = {name: value for name, value in environ.items() if isinstance(value, str)}
    headers = [(name[5:].lower().replace("_", "-"), text) for name, text in texts.items() if name.startswith("HTTP_")]
    headers += [("content-type", texts["CONTENT_TYPE"])] if "CONTENT_TYPE" in texts else []
    body = cast("io.BytesIO", environ["wsgi.input"])  # PEP 3333: a file

    def read_body() -> Awaitable[bytes]:
        async def read() -> bytes:
            return body.getvalue()

        return read()

    return BaseRequest(
        texts["REQUEST_METHOD"].lower(),
        texts["PATH_INFO"],
        headers,
        texts["QUERY_STRING"],
        read_body,
        peer=texts.get("REMOTE_ADDR"),
    )


@pytest.fixture
def auth() -> Iterator[App]:
    """Build an application in memory, with cheap hashes."""
    app = init(
        InputAppInfo("WSGI", "http://localhost:8000", website_domain="http://localhost:8000"),
        [emailpassword.init(), session.init()],
        storage=MemoryStorage(),
        secret=b"s" * 32,
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        default=False,
    )
    yield app
    app.close()


def asked(
    middleware: WSGIMiddleware,
    method: str,
    path: str,
    body: JSON = None,
    server: Mapping[str, str] | None = None,
    **headers: str,
) -> tuple[int, dict[str, str], JSON]:
    """Send a request, with what the server adds of its own; return status, headers and content of the answer."""
    answer: list[tuple[str, list[tuple[str, str]]]] = []
    environ: Environment = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "CONTENT_TYPE": "application/json",
        "wsgi.input": io.BytesIO(json.dumps(body).encode()),
        **{f"HTTP_{name.upper()}": text for name, text in headers.items()},
        **(server or {}),
    }

    def start(status: str, sent: list[tuple[str, str]]) -> None:
        answer.append((status, sent))

    content = b"".join(middleware(environ, start))
    ((status, sent),) = answer
    return int(status[:3]), dict(sent), cast("JSON", json.loads(content))  # json.loads is typed Any


def mine(environ: Environment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer who is signed in, as an application behind the middleware."""
    serving = serving_in(environ)
    assert serving is not None
    assert get_request_from_user_context() is serving.request
    app = cast("App", serving.app)  # this test's
    found = app.run_blocking(
        app.recipe(session.SessionRecipe).requests.require_session(serving.request, user_context=current_context())
    )
    start_response("200 OK", [("content-type", "application/json"), ("access-control-expose-headers", "x-mine")])
    return [json.dumps({"user": found.get_user_id()}).encode()]


def failing(error: Exception) -> WSGIApp:
    """Return an application that raises, before it answers."""

    def behind(environ: Environment, start_response: StartResponse) -> Iterable[bytes]:
        raise error

    return behind


def test_a_synchronous_server(auth: App) -> None:
    """Signing up, a protected route, refreshing and signing out go through an adapter of some thirty lines."""
    middleware = WSGIMiddleware(mine, auth)
    status, headers, content = asked(middleware, "POST", "/auth/signup", FORM, st_auth_mode="header")
    assert (status, cast("dict[str, JSON]", content)["status"]) == (200, "OK")  # the shape of an answer
    token, refresh = headers["st-access-token"], headers["st-refresh-token"]
    assert asked(middleware, "GET", "/mine")[0] == 401
    status, headers, content = asked(middleware, "GET", "/mine", authorization=f"Bearer {token}")
    assert (status, set(cast("dict[str, JSON]", content))) == (200, {"user"})  # as above
    assert headers["access-control-expose-headers"] == "x-mine"
    status, headers, _ = asked(middleware, "POST", "/auth/session/refresh", authorization=f"Bearer {refresh}")
    assert (status, "st-access-token" in headers) == (200, True)
    assert asked(middleware, "POST", "/auth/signout", authorization=f"Bearer {token}")[2] == {"status": "OK"}
    assert "_default" not in current_context()


@pytest.mark.parametrize(("error", "status"), [(UnauthorisedError("None."), 401), (StorageError("Gone."), 503)])
def test_errors_of_the_application_behind(auth: App, error: Exception, status: int) -> None:
    """What the library knows how to answer is answered."""
    assert asked(WSGIMiddleware(failing(error), auth), "GET", "/")[0] == status


def test_a_fault_of_the_program_is_the_servers(auth: App) -> None:
    """It arrives unchanged, and so does an error that comes once an answer has begun."""
    with pytest.raises(ZeroDivisionError):
        asked(WSGIMiddleware(failing(ZeroDivisionError()), auth), "GET", "/")

    def late(environ: Environment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [])
        raise UnauthorisedError("Too late.")

    with pytest.raises(UnauthorisedError):
        asked(WSGIMiddleware(late, auth), "GET", "/")


def test_the_address_of_a_client(auth: App) -> None:
    """It comes from the server (PEP 3333, after RFC 3875)."""
    told: list[str | None] = []

    def behind(environ: Environment, start_response: StartResponse) -> Iterable[bytes]:
        request = get_request_from_user_context()
        assert request is not None
        told.append(request.client)
        start_response("200 OK", [])
        return [b"null"]

    middleware = WSGIMiddleware(behind, auth)
    asked(middleware, "GET", "/", x_forwarded_for="8.8.4.4")
    asked(middleware, "GET", "/", x_forwarded_for="8.8.4.4", server={"REMOTE_ADDR": "93.184.216.34"})
    assert told == [None, "93.184.216.34"]

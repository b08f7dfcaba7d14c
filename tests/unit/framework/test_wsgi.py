"""The middleware for WSGI applications."""

from __future__ import annotations

import asyncio
import json
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from io import BytesIO
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import pytest
from typing_extensions import override

from authweave.app import App, init
from authweave.errors import ClosedError, RunningLoopError
from authweave.framework import get_request_from_user_context
from authweave.framework.wsgi import Middleware
from authweave.http import STATE, serving_in, serving_of
from authweave.kernel import UserContext, current_context
from authweave.recipe import emailpassword, session
from authweave.recipe.emailpassword.interfaces import RecipeInterface
from authweave.recipe.session import SessionRecipe
from authweave.recipe.session.exceptions import UnauthorisedError
from authweave.storage import StorageError
from authweave.storage.memory import MemoryStorage
from authweave.types import BodyTooLargeError, ConfigurationError, InputAppInfo, RecipeUserId
from tests.patience import PATIENCE_S

Answer = tuple[str, dict[str, str], bytes]


def environ_of(method: str = "GET", path: str = "/", body: bytes = b"", **more: object) -> WSGIEnvironment:
    """Return an environment."""
    environ: dict[str, Any] = {"REQUEST_METHOD": method, "PATH_INFO": path, "SCRIPT_NAME": "", "QUERY_STRING": ""}
    setup_testing_defaults(environ)
    environ["wsgi.input"] = BytesIO(body)
    if body:
        environ["CONTENT_LENGTH"] = str(len(body))
    return environ | more


def exchange(app: WSGIApplication, environ: WSGIEnvironment) -> Answer:
    """Ask an application as a server does."""
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> Callable[..., object]:
        del exc_info
        started.append((status, headers))
        return lambda *_data: None

    result = app(environ, start_response)
    try:
        body = b"".join(result)
    finally:
        if (close := getattr(result, "close", None)) is not None:
            close()
    status, headers = started[-1]
    return status, dict(headers), body


def ok(_environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer."""
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"ok"]


def refusing(_environ: WSGIEnvironment, _start_response: StartResponse) -> Iterable[bytes]:
    """Let an error of a session through."""
    raise UnauthorisedError("no session")


def test_own_routes_and_others(auth: App) -> None:
    """The library's routes are answered; the others are the application's."""
    app = Middleware(ok, auth)
    status, _, body = exchange(app, environ_of("GET", "/auth/emailpassword/email/exists", QUERY_STRING="email=a@b.de"))
    assert status == "200 OK"
    assert json.loads(body) == {"status": "OK", "exists": False}
    assert exchange(app, environ_of()) == ("200 OK", {"Content-Type": "text/plain"}, b"ok")


def test_keeps_to_the_standard(auth: App) -> None:
    """The validator of wsgiref, on both sides of the middleware, finds nothing."""
    app = validator(Middleware(validator(ok), auth))
    assert exchange(app, environ_of())[2] == b"ok"
    _, _, body = exchange(app, environ_of("POST", "/auth/signin", b"{}", CONTENT_TYPE="application/json"))
    assert json.loads(body)["status"] == "FIELD_ERROR"


def test_head_has_no_body(auth: App) -> None:
    """Servers send what they are given: the answer to HEAD is empty."""
    app = Middleware(refusing, auth)
    got, headers, refusal = exchange(app, environ_of("GET"))
    assert got.startswith("401 ")
    assert int(headers["content-length"]) == len(refusal) > 0
    status, of_head, body = exchange(app, environ_of("HEAD"))
    assert (status, of_head["content-length"], body) == (got, headers["content-length"], b"")


def test_context_in_every_part(auth: App) -> None:
    """The user context is current in the application, in each part of its answer and at its end; then no more."""
    seen: list[UserContext] = []

    class Parts:
        def __iter__(self) -> Iterator[bytes]:
            for part in (b"a", b"b"):
                seen.append(current_context())
                yield part

        def close(self) -> None:
            seen.append(current_context())
            assert get_request_from_user_context() is not None

    def app(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        seen.append(current_context())
        start_response("200 OK", [])
        return Parts()

    before = current_context()
    environ = environ_of()
    assert exchange(Middleware(app, auth), environ)[2] == b"ab"
    assert len(seen) == 4
    assert all(each is seen[0] for each in seen)
    assert get_request_from_user_context(seen[0]) is None
    assert STATE not in environ
    assert current_context() == before


def test_answers_that_take_turns(auth: App) -> None:
    """Answers that one thread goes through in turns have their own contexts."""

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
        start_response("200 OK", [])
        for _ in range(3):
            served = get_request_from_user_context()
            assert served is not None
            yield str(served.get_query_param("n")).encode()

    def start_response(*_: object) -> Callable[[bytes], object]:
        return lambda _data: None

    served = Middleware(app, auth)
    first, second = (iter(served(environ_of(QUERY_STRING=f"n={n}"), start_response)) for n in (1, 2))
    assert [next(first), next(second), next(first), next(second)] == [b"1", b"2", b"1", b"2"]


def test_changes_join_the_answer(auth: App) -> None:
    """What a session adds joins the headers; it is not stored."""

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        serving = serving_in(environ)
        assert serving is not None
        serving.request.changes.add("Set-Cookie", "a=b")
        return ok(environ, start_response)

    _, headers, _ = exchange(Middleware(app, auth), environ_of())
    assert headers == {"Content-Type": "text/plain", "set-cookie": "a=b", "cache-control": "no-store"}


@pytest.mark.parametrize("late", [False, True])
def test_errors_are_answered(auth: App, late: bool) -> None:
    """An error of a session is answered, also one that a generator raises before its first part."""

    def app(_environ: WSGIEnvironment, _start: StartResponse) -> Iterable[bytes]:
        raise UnauthorisedError("no session")

    def generates(_environ: WSGIEnvironment, _start: StartResponse) -> Iterable[bytes]:
        raise UnauthorisedError("no session")
        yield b""

    status, _, body = exchange(Middleware(generates if late else app, auth), environ_of())
    assert (status, json.loads(body)) == ("401 Unauthorized", {"message": "unauthorised"})


def test_faults_of_the_program(auth: App) -> None:
    """What is no error of ours goes to the server, and the context ends."""
    environ = environ_of()

    def app(_environ: WSGIEnvironment, _start: StartResponse) -> Iterable[bytes]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        exchange(Middleware(app, auth), environ)
    assert STATE not in environ


class Unready:
    """An answer that cannot be gone through."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.closed = False

    def __iter__(self) -> Iterator[bytes]:
        raise self.error

    def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize("error", [UnauthorisedError("no session"), ZeroDivisionError()])
def test_answers_that_cannot_be_gone_through(auth: App, error: Exception) -> None:
    """What fails before the first part is answered, or the server's; the answer is closed, and the context ends."""
    environ, unready = environ_of(), Unready(error)

    def app(_environ: WSGIEnvironment, _start: StartResponse) -> Iterable[bytes]:
        return unready

    served = Middleware(app, auth)
    if isinstance(error, UnauthorisedError):
        assert exchange(served, environ)[0] == "401 Unauthorized"
    else:
        with pytest.raises(ZeroDivisionError):
            exchange(served, environ)
    assert unready.closed
    assert STATE not in environ


@pytest.mark.parametrize("first", ["library", "application", "half"])
@pytest.mark.parametrize("streamed", [False, True])
def test_bodies_are_read_by_both(auth: App, first: str, streamed: bool) -> None:
    """Library and application read the whole body, whoever comes first, with and without a length."""
    body = b"first line\nsecond line\n" + b"x" * 500

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        serving = serving_in(environ)
        assert serving is not None
        read = environ["wsgi.input"]
        if first == "library":
            assert auth.run_blocking(serving.request.body()) == body
        got = read.readline() if first == "half" else b""
        if first == "half":
            assert auth.run_blocking(serving.request.body()) == body
            got += read.readline(4) + read.readline()
        got += read.read(10) + read.read()
        assert got == body
        assert read.read() == b""
        assert auth.run_blocking(serving.request.body()) == body
        return ok(environ, start_response)

    more: dict[str, object] = {}
    if streamed:
        more = {"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
    assert exchange(Middleware(app, auth), environ_of("POST", "/", body, **more))[2] == b"ok"


def test_an_answer_in_place_of_another(auth: App) -> None:
    """What an application answers instead of what it began (``exc_info``) has the tokens of the session, too."""

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        serving = serving_in(environ)
        assert serving is not None
        requests = auth.recipe(SessionRecipe).requests
        who = RecipeUserId("a")
        auth.run_blocking(
            requests.create_new_session(serving.request, user_id="a", recipe_user_id=who, tenant_id="public")
        )
        start_response("200 OK", [])
        try:
            int("no number")
        except ValueError:
            start_response("500 Oh", [("X-Mine", "1")], sys.exc_info())
        return [b""]

    status, headers, _ = exchange(Middleware(app, auth), environ_of())
    assert (status, headers["X-Mine"]) == ("500 Oh", "1")
    assert headers["st-access-token"]


def test_a_body_of_http2(auth: App) -> None:
    """A body that ends with its stream is read, though no header tells of it; where there is none, nothing is."""
    ended = {"SERVER_PROTOCOL": "HTTP/2", "wsgi.input_terminated": True, "CONTENT_TYPE": "application/json"}
    form = {"formFields": [{"id": "email", "value": "a@x.io"}, {"id": "password", "value": "correct horse 1"}]}
    app = Middleware(ok, auth)
    environ = environ_of("POST", "/auth/signup") | ended | {"wsgi.input": BytesIO(json.dumps(form).encode())}
    assert json.loads(exchange(app, environ)[2])["status"] == "OK"
    assert exchange(app, environ_of() | ended)[2] == b"ok"


class SlowInput(BytesIO):
    """The input of a client that sends its body when it is told to."""

    def __init__(self, body: bytes, may_go_on: threading.Event) -> None:
        super().__init__(body)
        self.may_go_on = may_go_on
        self.begun = threading.Event()

    @override
    def read(self, size: int | None = -1, /) -> bytes:
        self.begun.set()
        self.may_go_on.wait()
        return super().read(size)


def test_slow_clients_hold_up_nobody(auth: App) -> None:
    """While many send their bodies slowly, which overrides read, others are answered, and the application is closed."""
    may_go_on, at_once = threading.Event(), threading.Event()
    at_once.set()
    slow = [SlowInput(b"slow", may_go_on) for _ in range(40)]

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        serving = serving_in(environ)
        assert serving is not None
        start_response("200 OK", [])
        return [auth.run_blocking(serving.request.body())]

    def ask(body: BytesIO) -> bytes:
        return exchange(Middleware(app, auth), environ_of("POST") | {"CONTENT_LENGTH": "4", "wsgi.input": body})[2]

    with ThreadPoolExecutor(41) as pool:
        waiting = [pool.submit(ask, each) for each in slow]
        try:
            assert pool.submit(ask, SlowInput(b"fast", at_once)).result(PATIENCE_S) == b"fast"
            assert all(each.begun.wait(PATIENCE_S) for each in slow)
            pool.submit(auth.close).result(PATIENCE_S)
        finally:
            may_go_on.set()
        assert {type(each.exception(PATIENCE_S)) for each in waiting} == {StorageError}


class CountedReads(BytesIO):
    """The input of a server, which counts how often it is asked."""

    asked = 0
    gives_whole_lines = False

    @override
    def read(self, size: int | None = -1, /) -> bytes:
        self.asked += 1
        return super().read(size)

    @override
    def readline(self, size: int | None = -1, /) -> bytes:
        self.asked += 1
        return super().readline(-1 if self.gives_whole_lines else size)


@pytest.mark.parametrize("whole_lines", [False, True])
@pytest.mark.parametrize("streamed", [False, True])
def test_lines(auth: App, streamed: bool, whole_lines: bool) -> None:
    """An application that goes through the lines of a body asks the server for lines, and not for each byte."""
    lines = [b"%d\n" % number for number in range(1000)] + [b"x" * 400]
    server = CountedReads(b"".join(lines))
    server.gives_whole_lines = whole_lines  # as granian, whatever size it is asked for
    found: list[bytes] = []

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        found.append(environ["wsgi.input"].readline(1) + environ["wsgi.input"].readline())
        found.extend(environ["wsgi.input"])
        return ok(environ, start_response)

    more: dict[str, object] = {"CONTENT_LENGTH": str(len(server.getvalue()))}
    if streamed:
        more = {"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
    exchange(Middleware(app, auth), environ_of("POST") | more | {"wsgi.input": server})
    assert found == lines
    assert server.asked < len(lines) + 10


@pytest.mark.parametrize("streamed", [False, True])
def test_long_bodies_pass(auth: App, streamed: bool) -> None:
    """A body beyond the limit is refused to the library, and whole for the application."""
    body = b"x" * 1500

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        serving = serving_in(environ)
        assert serving is not None
        with pytest.raises(BodyTooLargeError):
            auth.run_blocking(serving.request.body())
        assert environ["wsgi.input"].read() == body
        return ok(environ, start_response)

    more: dict[str, object] = {}
    if streamed:
        more = {"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
    assert exchange(Middleware(app, auth), environ_of("POST", "/", body, **more))[2] == b"ok"
    status, _, _ = exchange(Middleware(ok, auth), environ_of("POST", "/auth/signin", body, **more))
    assert status.startswith("413")


class Unsigned(BytesIO):
    """A body as granian has it, which takes no negative size."""

    @override
    def read(self, size: int | None = None, /) -> bytes:
        if size is not None and size < 0:
            raise OverflowError(size)
        return super().read(size)


def test_all_is_read_without_a_size(auth: App) -> None:
    """PEP 3333 leaves it out where all is meant: it knows no negative one."""

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        assert environ["wsgi.input"].read() == b"all"
        return ok(environ, start_response)

    streamed: dict[str, object] = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
    environ = environ_of("POST") | streamed | {"wsgi.input": Unsigned(b"all")}
    assert exchange(Middleware(app, auth), environ)[2] == b"ok"


class Broken(BytesIO):
    """A body that a server fails to read, in a way of its own."""

    reads = 0

    @override
    def read(self, size: int | None = None, /) -> bytes:
        self.reads += 1
        raise ValueError("no chunk begins here")


def test_body_that_cannot_be_read(auth: App) -> None:
    """Only a route that asks for the body is told, with what its server raised; and the server is asked once."""
    served, body = Middleware(ok, auth), Broken()
    environ = environ_of("POST", "/auth/session/refresh", b"{}") | {"wsgi.input": body}
    assert exchange(served, environ)[0] == "401 Unauthorized"
    assert body.reads == 1
    environ = environ_of("POST", "/auth/signin", b"{}") | {"wsgi.input": Broken()}
    with pytest.raises(ValueError, match="no chunk begins here"):
        exchange(served, environ)
    assert STATE not in environ


@pytest.mark.parametrize("streamed", [False, True])
def test_servers_that_give_less_than_is_asked_for(auth: App, streamed: bool) -> None:
    """A body that comes in short reads is read to its end, by the library and by the application."""
    body = b"a line\n" * 20

    class Short(BytesIO):
        @override
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(7 if size is None or size < 0 else min(size, 7))

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        serving = serving_in(environ)
        assert serving is not None
        first = environ["wsgi.input"].read(10)
        assert auth.run_blocking(serving.request.body()) == body
        assert first + b"".join(environ["wsgi.input"]) == body
        return ok(environ, start_response)

    more: dict[str, object] = {}
    if streamed:
        more = {"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
    environ = environ_of("POST", "/", body, **more) | {"wsgi.input": Short(body)}
    assert exchange(Middleware(app, auth), environ)[2] == b"ok"


def test_body_that_ends_early(auth: App) -> None:
    """A client that goes away is no fault of the program."""
    environ = environ_of("POST", "/auth/signin", b"{}", CONTENT_LENGTH="10")
    assert exchange(Middleware(ok, auth), environ)[0].startswith("400")


@pytest.mark.parametrize(("script_name", "path"), [("/mounted", "/auth/jwt/jwks.json"), ("", "/auth/jwt/jwks.json")])
def test_mounted(auth: App, script_name: str, path: str) -> None:
    """Routes are found below a mount, too."""
    status, _, body = exchange(Middleware(ok, auth), environ_of("GET", path, SCRIPT_NAME=script_name))
    assert status == "200 OK"
    assert b"keys" in body


def test_paths_are_decoded(auth: App) -> None:
    """Servers hand over the bytes of a path as latin-1 (PEP 3333)."""
    paths: list[str] = []

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        serving = serving_of(environ)
        assert serving is not None
        paths.append(serving.request.path)
        return ok(environ, start_response)

    exchange(Middleware(app, auth), environ_of(path="/für/é".encode().decode("latin-1")))
    assert paths == ["/für/é"]


def test_two_layers(auth: App) -> None:
    """The middleware in front of an application twice says so."""
    with pytest.raises(ConfigurationError, match="stands twice in front of GET /"):
        exchange(Middleware(Middleware(ok, auth), auth), environ_of())


def test_closed_while_a_view_runs(auth: App) -> None:
    """A view that returns after the application was closed is answered; later requests are refused."""

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        auth.close()
        return ok(environ, start_response)

    served = Middleware(app, auth)
    assert exchange(served, environ_of())[2] == b"ok"
    with pytest.raises(ClosedError):
        exchange(served, environ_of())


def test_closed_on_its_own_loop(auth: App) -> None:
    """It would wait for itself: it is refused, nothing is closed, and a thread of its own can do it."""

    async def close() -> None:
        auth.close()

    with pytest.raises(RunningLoopError, match="'Test' cannot be closed from its own loop"):
        auth.run_blocking(close())
    assert exchange(Middleware(ok, auth), environ_of())[2] == b"ok"

    async def have_it_closed() -> None:
        threading.Thread(target=auth.close).start()
        await asyncio.get_running_loop().create_future()

    with pytest.raises(StorageError, match="closed meanwhile"):
        auth.run_blocking(have_it_closed())
    assert auth.is_closed


def test_closed_while_it_answers() -> None:
    """A request of the library's own that is under way when the application is closed is told to come again."""

    def closing(original: RecipeInterface[UserContext]) -> RecipeInterface[UserContext]:
        async def sign_in(*_: object, **__: object) -> None:
            threading.Thread(target=auth.close).start()
            await asyncio.get_running_loop().create_future()

        setattr(original, "sign_in", sign_in)  # noqa: B010  as the seeds do; checkers see no assignment
        return original

    auth = init(
        InputAppInfo("Test", "http://localhost:8000", website_domain="http://localhost:3000"),
        [emailpassword.init(override=emailpassword.InputOverrideConfig(functions=closing)), session.init()],
        storage=MemoryStorage(),
        secret=b"s" * 32,
        default=False,
    )
    form = {"formFields": [{"id": "email", "value": "a@x.io"}, {"id": "password", "value": "correct horse 1"}]}
    environ = environ_of("POST", "/auth/signin", json.dumps(form).encode(), CONTENT_TYPE="application/json")
    status, headers, _ = exchange(Middleware(ok, auth), environ)
    assert status.startswith("503 ")
    assert headers["retry-after"]


def test_variables_come_back(auth: App) -> None:
    """What a coroutine sets of context variables is set for a caller without a loop, as after an await."""
    variable: ContextVar[str] = ContextVar("variable", default="")

    async def sets() -> str:
        variable.set("set")
        await asyncio.sleep(0)
        return threading.current_thread().name

    assert auth.run_blocking(sets()) == "authweave-loop"
    assert variable.get() == "set"


def test_begun_here(auth: App) -> None:
    """A coroutine begins on the caller's thread, goes on upon the loop where it needs one, and is one all along."""
    from authweave.extending import on_loop
    from authweave.kernel import use_context

    async def moves() -> list[str]:
        names = [threading.current_thread().name]
        context: UserContext = {}
        with use_context(context):
            await on_loop()
            assert current_context() is context
            names.append(threading.current_thread().name)
            await asyncio.sleep(0)
        return names

    async def stays() -> str:
        return threading.current_thread().name

    here = threading.current_thread().name
    assert auth.run_blocking(moves(), begins_here=True) == [here, "authweave-loop"]
    assert auth.run_blocking(stays(), begins_here=True) == here


def test_refused_under_a_loop(auth: App) -> None:
    """Where a loop runs it says what to call."""

    async def work() -> None: ...

    async def caller() -> None:
        auth.run_blocking(work())

    with pytest.raises(RunningLoopError, match=r"work would block the running loop: await it"):
        asyncio.run(caller())

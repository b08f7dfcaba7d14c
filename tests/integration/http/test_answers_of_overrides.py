"""What an override can say of an answer, and who answers what it raises, over a real socket."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Generator, Sequence
from contextlib import closing, contextmanager
from typing import Annotated, Any, Never, ParamSpec, TypeVar, get_args

import httpx2
import pytest
from fastapi import Depends, FastAPI, HTTPException
from fastapi.responses import JSONResponse
from starlette.applications import Starlette
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.types import ASGIApp

import apikeys
from authweave import InputAppInfo, UserContext, get_request_from_user_context, init
from authweave.app import App
from authweave.errors import UnauthorisedError
from authweave.framework.asgi import Middleware
from authweave.framework.fastapi import get_middleware, get_session, verify_session
from authweave.kernel import Interface, Override, wrap_all
from authweave.recipe import emailpassword, session
from authweave.recipe.emailpassword import (
    EmailExistsGet,
    EmailExistsGetResult,
    SignIn,
    SignInPost,
    SignInPostResult,
    SignInResult,
    SignUp,
    SignUpPost,
    SignUpPostResult,
    SignUpResult,
)
from authweave.recipe.session import (
    EmptySession,
    GetSession,
    RefreshPost,
    RefreshSession,
    SessionContainer,
    SignoutPost,
    SignOutPostResult,
    VerifySession,
)
from authweave.security import PasswordHasher
from authweave.types import BaseResponse, GeneralErrorResponse, LinkingFailure, LinkingToSessionUserFailedError
from tests.patience import PATIENCE_S

from .serving import HEADERS, bearer, form, serving, set_cookies, sign_up

P = ParamSpec("P")
R = TypeVar("R")

AnyOverride = Override[Interface[UserContext]]


class QuotaError(Exception):
    """Is the application's own."""


def application(*overrides: AnyOverride) -> App:
    """Build an application with overrides."""
    return init(
        InputAppInfo("Test", "http://localhost:8000", website_domain="http://localhost:3000"),
        [emailpassword.init(), session.init(), apikeys.init(scopes=["read"])],
        storage="sqlite://",
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        overrides=overrides,
        default=False,
    )


def fastapi_app(auth: App) -> FastAPI:
    """Return an application with exception handlers, and a route that needs a session."""
    app = FastAPI()
    app.add_middleware(get_middleware(), app=auth)

    @app.exception_handler(QuotaError)
    async def quota(request: Request, error: QuotaError) -> JSONResponse:
        return JSONResponse({"quota": request.url.path}, 402, {"x-quota": "0"})

    @app.get("/me")
    async def me(session: Annotated[SessionContainer, Depends(verify_session())]) -> dict[str, str]:
        return {"user": session.get_user_id()}

    return app


@contextmanager
def served(*overrides: AnyOverride, web_app: Callable[[App], ASGIApp] = fastapi_app) -> Generator[httpx2.Client]:
    """Serve an application with overrides, and open a client of it."""
    with (
        closing(application(*overrides)) as auth,
        serving(web_app(auth)) as address,
        httpx2.Client(base_url=address, verify=False, timeout=PATIENCE_S) as client,
    ):
        yield client


def raising(error: Exception) -> AnyOverride:
    """Return an override of sign-in that raises, once all is done."""

    @SignInPost[UserContext].override
    async def raise_after(call: SignInPost[UserContext]) -> SignInPostResult:
        call.response.set_header("x-lost", "1")
        call.response.set_status_code(201)
        call.response.set_cookie("lost", "1")
        result = await call.original()
        call.response.set_json_content({"lost": 1})
        if isinstance(result, emailpassword.SignInPostOkResult):
            raise error
        return result

    return raise_after


@pytest.mark.parametrize("mode", ["header", "cookie"])
def test_what_an_override_raises_is_answered_by_the_application(mode: str) -> None:
    """FastAPI's own handler answers its exception; neither tokens nor what overrides said go out with that."""
    with served(raising(HTTPException(429, "Slowly!", {"retry-after": "7"}))) as client:
        sign_up(client, "ada@example.com")
        answer = client.post("/auth/signin", json=form(), headers={"st-auth-mode": mode})
    assert (answer.status_code, answer.json()) == (429, {"detail": "Slowly!"})
    assert answer.headers["retry-after"] == "7"
    assert set_cookies(answer) == {}
    assert not {"st-access-token", "st-refresh-token", "front-token", "x-lost"} & set(answer.headers)


def test_an_exception_of_the_applications_own() -> None:
    """Its handler gets the request."""
    with served(raising(QuotaError())) as client:
        sign_up(client, "ada@example.com")
        answer = client.post("/auth/signin", json=form())
    assert (answer.status_code, answer.json(), answer.headers["x-quota"]) == (402, {"quota": "/auth/signin"}, "0")


def test_an_exception_that_a_function_raises() -> None:
    """A function's override is answered like an API's."""

    @SignIn[UserContext].override
    async def refuse(call: SignIn[UserContext]) -> SignInResult:
        raise HTTPException(403, "Not today.")

    with served(refuse) as client:
        answer = client.post("/auth/signin", json=form())
    assert (answer.status_code, answer.json()) == (403, {"detail": "Not today."})


ROUTES = [
    ("POST", "/auth/signup"),
    ("POST", "/auth/signin"),
    ("GET", "/auth/emailpassword/email/exists?email=a%40x.io"),
    ("POST", "/auth/session/refresh"),
    ("POST", "/auth/signout"),
    ("GET", "/me"),
]


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_every_api(method: str, path: str) -> None:
    """Whatever function fails, whosever route it is."""

    def failing(function: str, original: Callable[P, Coroutine[Any, Any, R]]) -> Callable[P, Coroutine[Any, Any, R]]:
        async def fail(*args: P.args, **kwargs: P.kwargs) -> R:
            raise HTTPException(418, function)

        return fail

    with served(wrap_all(failing)) as client:
        answer = client.request(method, path, json=form() if method == "POST" else None)
    assert answer.status_code == 418, answer.text


def starlette_app(auth: App) -> Starlette:
    """Return an application of Starlette, with a handler of a status."""
    app = Starlette(exception_handlers={429: handle})
    app.add_middleware(get_middleware(), app=auth)
    return app


async def handle(request: Request, error: Exception) -> JSONResponse:
    """Answer an error as this application does."""
    return JSONResponse({"handled": type(error).__name__}, 430)


def wrapped_app(auth: App) -> ASGIApp:
    """Return an application with the middleware around it, and another one between."""
    return Middleware(CORSMiddleware(Starlette(exception_handlers={HTTPException: handle})), auth)


@pytest.mark.parametrize("web_app", [starlette_app, wrapped_app])
def test_starlette(web_app: Callable[[App], ASGIApp]) -> None:
    """Its handlers answer too, of statuses and of classes, wherever the middleware stands."""
    with served(raising(HTTPException(429)), web_app=web_app) as client:
        sign_up(client, "ada@example.com")
        answer = client.post("/auth/signin", json=form())
    assert (answer.status_code, answer.json()) == (430, {"handled": "HTTPException"})


def any_handler_app(auth: App) -> Starlette:
    """Return an application with a handler of every exception."""
    app = Starlette(exception_handlers={Exception: handle})
    app.add_middleware(get_middleware(), app=auth)
    return app


def wrapped_any_handler_app(auth: App) -> ASGIApp:
    """Return such an application with the middleware around it."""
    return Middleware(Starlette(exception_handlers={500: handle}), auth)


def wrapped_plain_app(auth: App) -> ASGIApp:
    """Return an application of no framework with the middleware around it."""

    async def plain_app(*_: object) -> None:
        raise AssertionError

    return Middleware(plain_app, auth)


@pytest.mark.parametrize(
    ("web_app", "answered"),
    [
        (any_handler_app, (430, '{"handled":"ZeroDivisionError"}')),
        (wrapped_any_handler_app, (430, '{"handled":"ZeroDivisionError"}')),
        (fastapi_app, (500, "Internal Server Error")),
        (wrapped_plain_app, (500, "Internal Server Error")),
    ],
)
def test_a_fault_of_an_override(web_app: Callable[[App], ASGIApp], answered: tuple[int, str]) -> None:
    """What no handler of its own takes is the server's, or that of the handler for everything."""
    with served(raising(ZeroDivisionError()), web_app=web_app) as client:
        sign_up(client, "ada@example.com")
        answer = client.post("/auth/signin", json=form())
    assert (answer.status_code, answer.text) == answered


def test_a_handler_that_asks_for_the_session() -> None:
    """Its answer arrives, also where it has kept what the session said."""

    async def whose(request: Request, error: Exception) -> JSONResponse:
        try:
            await get_session(request)
        except UnauthorisedError as none:
            request.state.none = none
        return JSONResponse({"whose": "nobody's"}, 430)

    def app_of(auth: App) -> Starlette:
        app = Starlette(exception_handlers={HTTPException: whose})
        app.add_middleware(get_middleware(), app=auth)
        return app

    with served(raising(HTTPException(429)), web_app=app_of) as client:
        sign_up(client, "ada@example.com")
        answer = client.post("/auth/signin", json=form())
    assert (answer.status_code, answer.text) == (430, '{"whose":"nobody\'s"}')


def test_a_handler_that_fails() -> None:
    """It is a fault of the program."""

    def app_of(auth: App) -> Starlette:
        def fail(request: Request, error: Exception) -> Never:
            raise KeyError

        app = Starlette(exception_handlers={HTTPException: fail})
        app.add_middleware(get_middleware(), app=auth)
        return app

    with served(raising(HTTPException(429)), web_app=app_of) as client:
        sign_up(client, "ada@example.com")
        assert client.post("/auth/signin", json=form()).status_code == 500


def say_much(response: BaseResponse) -> None:
    """Say of an answer all that can be said."""
    response.set_status_code(202)
    response.set_header("X-Mine", "lost")
    response.set_header("x-mine", "kept")
    response.set_header("x-gone", "1")
    response.remove_header("X-Gone")
    response.set_header("cache-control", "max-age=1")
    response.set_header("vary", "x-mine")
    response.set_cookie("a", "1", max_age_s=60, httponly=True)
    response.set_cookie("b", "2", expires=0, path="/b", domain="example.com", secure=True, samesite="none")
    response.set_json_content({"mine": [1, "ü"]})


@SignUpPost[UserContext].override
async def at_sign_up(call: SignUpPost[UserContext]) -> SignUpPostResult:
    """Say it before going on."""
    say_much(call.response)
    return await call.original()


@SignInPost[UserContext].override
async def at_sign_in(call: SignInPost[UserContext]) -> SignInPostResult:
    """Say it afterwards, by the options."""
    result = await call.original()
    say_much(call.api_options.response)
    return result


@EmailExistsGet[UserContext].override
async def at_email_exists(call: EmailExistsGet[UserContext]) -> EmailExistsGetResult:
    """Say it in place of the work."""
    say_much(call.response)
    return GeneralErrorResponse("Not seen.")


@RefreshPost[UserContext].override
async def at_refresh(call: RefreshPost[UserContext]) -> SessionContainer:
    """Say it afterwards."""
    refreshed = await call.original()
    say_much(call.response)
    return refreshed


@SignoutPost[UserContext].override
async def at_sign_out(call: SignoutPost[UserContext]) -> SignOutPostResult:
    """Say it first."""
    say_much(call.response)
    return await call.original()


@VerifySession[UserContext].override
async def at_verify(call: VerifySession[UserContext]) -> SessionContainer | None:
    """Say it of a route of the application."""
    say_much(call.response)
    return await call.original()


ALL: Sequence[AnyOverride] = (at_sign_up, at_sign_in, at_email_exists, at_refresh, at_sign_out, at_verify)


def own(answer: httpx2.Response) -> tuple[list[str], str, str]:
    """Return what an override said of headers."""
    cookies = {name: text for name, text in set_cookies(answer).items() if name in {"a", "b"}}
    assert "x-gone" not in answer.headers
    return list(cookies.values()), answer.headers["x-mine"], answer.headers["vary"].partition(",")[0]


SAID = (
    [
        "a=1; Max-Age=60; Path=/; HttpOnly; SameSite=Lax",
        "b=2; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Domain=example.com; Path=/b; Secure; SameSite=None",
    ],
    "kept",
    "x-mine",
)


@pytest.mark.parametrize("mode", ["header", "cookie"])
def test_all_that_can_be_said(mode: str) -> None:
    """Status, headers, cookies and content of every API of the forms and of sessions, beside the session's own."""
    with served(*ALL) as client:
        sent = {"st-auth-mode": mode}
        answers = {
            "signup": client.post("/auth/signup", json=form(), headers=sent),
            "signin": client.post("/auth/signin", json=form(), headers=sent),
            "exists": client.get("/auth/emailpassword/email/exists?email=a%40x.io"),
        }
        tokens = [answers["signin"].headers.get(f"st-{kind}-token", "") for kind in ("access", "refresh")]
        access, refresh = ({} if mode == "cookie" else {"authorization": f"Bearer {token}"} for token in tokens)
        answers["refresh"] = client.post("/auth/session/refresh", headers={**sent, **refresh})
        me = client.get("/me", headers={**sent, **access})
        answers["signout"] = client.post("/auth/signout", headers={**sent, **access})
    for name, answer in answers.items():
        assert (answer.status_code, answer.json()) == (202, {"mine": [1, "ü"]}), name
        assert answer.headers["content-type"] == "application/json; charset=utf-8"
        assert answer.headers["content-length"] == str(len(answer.content))
        assert own(answer) == SAID, name
    for name in ("signup", "signin", "refresh"):
        if mode == "cookie":
            assert {"sAccessToken", "sRefreshToken"} <= set(set_cookies(answers[name]))
        else:
            assert answers[name].headers["st-access-token"]
        assert answers[name].headers["front-token"]
    assert answers["signout"].headers["front-token"] == "remove"
    assert (me.status_code, set(me.json())) == (200, {"user"})
    assert own(me) == SAID


@pytest.mark.parametrize("status", [204, 205, 304])
def test_an_answer_without_content(status: int) -> None:
    """The server does not see a body where there may be none; the connection goes on."""

    @EmailExistsGet[UserContext].override
    async def nothing(call: EmailExistsGet[UserContext]) -> EmailExistsGetResult:
        call.response.set_status_code(status)
        return await call.original()

    with served(nothing) as client:
        for _ in range(2):
            answer = client.get("/auth/emailpassword/email/exists?email=a%40x.io")
            assert (answer.status_code, answer.content) == (status, b"")
            assert "content-type" not in answer.headers


def test_an_error_of_ours_undoes_what_was_said() -> None:
    """A refusal looks as it always does."""
    with served(*ALL) as client:
        refused = client.post("/auth/session/refresh", headers=HEADERS)
        not_signed_in = client.get("/me")
    for answer in (refused, not_signed_in):
        assert (answer.status_code, list(answer.json())) == (401, ["message"])
        assert "x-mine" not in answer.headers
        assert not {"a", "b"} & set(set_cookies(answer))


def test_the_frameworks_own_request() -> None:
    """An override reads it, its body too, and takes nothing from the library or the application."""
    seen: list[object] = []

    @SignInPost[UserContext].override
    async def look(call: SignInPost[UserContext]) -> SignInPostResult:
        request = call.api_options.request
        assert request is get_request_from_user_context(call.user_context)
        own_request = request.request
        assert isinstance(own_request, Request)
        assert own_request is request.request
        assert await own_request.is_disconnected() is False
        seen.extend([own_request.url.path, await own_request.json(), request.client])
        return await call.original()

    @VerifySession[UserContext].override
    async def look_too(call: VerifySession[UserContext]) -> SessionContainer | None:
        own_request = call.api_options.request.request
        assert isinstance(own_request, Request)
        seen.append(await own_request.body())
        return await call.original()

    def app_of(auth: App) -> FastAPI:
        app = fastapi_app(auth)

        @app.post("/echo", dependencies=[Depends(verify_session(app=auth))])
        async def echo(request: Request) -> int:
            return len(await request.body())

        return app

    with served(look, look_too, web_app=app_of) as client:
        sign_up(client, "ada@example.com")
        answer = client.post("/auth/signin", json=form(), headers=HEADERS)
        assert answer.json()["status"] == "OK"
        echoed = client.post("/echo", content=b"x" * 100_000, headers=bearer(answer))
    assert seen == ["/auth/signin", form(), "127.0.0.1", b"x" * 100_000]
    assert echoed.json() == 100_000


@apikeys.CreateKeyPost[UserContext].override
async def at_create_key(call: apikeys.CreateKeyPost[UserContext]) -> apikeys.CreateKeyPostResult:
    """Say it in a recipe that is not the library's."""
    result = await call.original()
    say_much(call.response)
    return result


@apikeys.ListKeysGet[UserContext].override
async def at_list_keys(call: apikeys.ListKeysGet[UserContext]) -> apikeys.ListKeysGetResult:
    """Raise in a recipe that is not the library's."""
    raise QuotaError


def test_a_recipe_of_somebody_else() -> None:
    """Its overrides say as much, and what they raise is answered likewise, without a line of its own for that."""
    with served(at_create_key, at_list_keys) as client:
        access = bearer(sign_up(client, "ada@example.com"))
        made = client.post("/auth/apikeys", json={"name": "ci", "scopes": ["read"]}, headers=access)
        listed = client.get("/auth/apikeys", headers=access)
    assert (made.status_code, made.json(), own(made)) == (202, {"mine": [1, "ü"]}, SAID)
    assert (listed.status_code, listed.json()) == (402, {"quota": "/auth/apikeys"})


@pytest.mark.parametrize("none", [None, EmptySession()], ids=["None", "EmptySession"])
@pytest.mark.parametrize("function", ["get_session", "verify_session"])
def test_an_override_that_says_that_there_is_no_session_is_heard(function: str, none: EmptySession | None) -> None:
    """A route that is for who has one does not run; one that is for others too has none."""

    @GetSession[UserContext].override
    async def get_none(call: GetSession[UserContext]) -> SessionContainer | None:
        return none if function == "get_session" else await call.original()

    @VerifySession[UserContext].override
    async def verify_none(call: VerifySession[UserContext]) -> SessionContainer | None:
        return none if function == "verify_session" else await call.original()

    def app_of(auth: App) -> FastAPI:
        app = fastapi_app(auth)

        @app.get("/guarded", dependencies=[Depends(verify_session())])
        async def guarded() -> None:
            """Let nobody in without a session."""

        @app.get("/open")
        async def for_all(
            session: Annotated[SessionContainer | None, Depends(verify_session(session_required=False))],
        ) -> bool:
            return session is None

        return app

    with served(get_none, verify_none, web_app=app_of) as client:
        access = bearer(sign_up(client, "ada@example.com"))
        for path in ("/me", "/guarded"):
            answer = client.get(path, headers=access)
            assert (answer.status_code, answer.json()) == (401, {"message": "unauthorised"})
            assert "front-token" not in answer.headers
        assert client.get("/open", headers=access).json() is True


def test_a_refresh_that_an_override_refuses_is_no_success() -> None:
    """The client is told to forget its tokens, in place of a success without new ones."""

    @RefreshSession[UserContext].override
    async def refuse(call: RefreshSession[UserContext]) -> SessionContainer:
        del call
        return EmptySession()

    with served(refuse) as client:
        token = sign_up(client, "ada@example.com").headers["st-refresh-token"]
        answer = client.post("/auth/session/refresh", headers={**HEADERS, "authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.headers["front-token"]) == (401, "remove")


@pytest.mark.parametrize("index", range(4))
def test_linking_that_an_override_could_not_do(index: int) -> None:
    """It says why; the frontend shows a code."""
    reason: LinkingFailure = get_args(LinkingFailure)[index]

    @SignUp[UserContext].override
    async def at_sign_up(_: SignUp[UserContext]) -> SignUpResult:
        return LinkingToSessionUserFailedError(reason)

    @SignIn[UserContext].override
    async def at_sign_in(_: SignIn[UserContext]) -> SignInResult:
        return LinkingToSessionUserFailedError(reason)

    with served(at_sign_up, at_sign_in) as client:
        answers = [client.post(f"/auth/{path}", json=form(), headers=HEADERS).json() for path in ("signup", "signin")]
    assert [answer["status"] for answer in answers] == ["SIGN_UP_NOT_ALLOWED", "SIGN_IN_NOT_ALLOWED"]
    assert [answer["reason"][-13:-1] for answer in answers] == [f"ERR_CODE_{13 + index:03}", f"ERR_CODE_{9 + index:03}"]

"""Errors of sessions that tasks of a route raise, in groups."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

import anyio
import httpx2
import pytest
from starlette.applications import Starlette
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from authweave.app import App
from authweave.errors import (
    BadInputError,
    InvalidClaimsError,
    SessionError,
    StorageError,
    TokenTheftError,
    TryRefreshTokenError,
    UnauthorisedError,
)
from authweave.framework.starlette import get_middleware, get_session
from authweave.recipe.session.types import ClaimValidationError
from authweave.types import RecipeUserId
from tests.patience import PATIENCE_S

from .serving import bearer, serving, sign_up

THEFT = TokenTheftError("user", RecipeUserId("user"), "handle")
GONE = UnauthorisedError("Gone.")
NONE = UnauthorisedError("None.", clear_tokens=False)
OLD = TryRefreshTokenError("Old.")
ONE_CLAIM = InvalidClaimsError("refused", [ClaimValidationError("a")])
TWO_CLAIMS = InvalidClaimsError("refused", [ClaimValidationError("b"), ClaimValidationError("c")])


async def pass_on(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Hand a request on, in another task."""
    return await call_next(request)


async def of_asyncio(request: Request) -> Response:
    """Ask for the session in a task of asyncio."""
    async with asyncio.TaskGroup() as group:
        session = group.create_task(get_session(request))
    return JSONResponse({"user": session.result().get_user_id()})


async def of_anyio(request: Request) -> Response:
    """Ask for it in two tasks of anyio, both of which fail where there is none."""
    found: list[str] = []

    async def ask() -> None:
        found.append((await get_session(request)).get_user_id())

    async with anyio.create_task_group() as group:
        group.start_soon(ask)
        group.start_soon(ask)
    return JSONResponse({"user": found[0]})


async def nested(request: Request) -> Response:
    """Ask for it in a group in a group."""
    async with asyncio.TaskGroup() as group:
        answer = group.create_task(of_anyio(request))
    return answer.result()


def raising(errors: Sequence[Exception]) -> Callable[[Request], Awaitable[Response]]:
    """Return a route that raises a group."""

    async def route(request: Request) -> Response:
        raise ExceptionGroup("several", list(errors))

    return route


def web_app(auth: App, *, base_http: bool = False, errors: Sequence[Exception] = ()) -> Starlette:
    """Return an application with tasks in its routes."""
    routes = [Route("/asyncio", of_asyncio), Route("/anyio", of_anyio), Route("/nested", nested)]
    app = Starlette(routes=[*routes, Route("/raising", raising(errors))])
    if base_http:
        app.add_middleware(BaseHTTPMiddleware, dispatch=pass_on)
    app.add_middleware(get_middleware(), app=auth)
    return app


@pytest.mark.parametrize("base_http", [False, True])
def test_tasks_of_a_route(auth: App, base_http: bool) -> None:
    """The group is answered as the error in it would be."""
    app = web_app(auth, base_http=base_http)
    with serving(app) as address, httpx2.Client(base_url=address, verify=False, timeout=PATIENCE_S) as client:
        proof = bearer(sign_up(client, f"groups-{base_http}@example.com"))
        forged = {"authorization": proof["authorization"][:-5] + "AAAAA"}
        for path in ("/asyncio", "/anyio", "/nested"):
            refused = client.get(path)
            assert (refused.status_code, refused.json()) == (401, {"message": "unauthorised"}), path
            assert client.get(path, headers=forged).json() == {"message": "try refresh token"}, path
            assert "user" in client.get(path, headers=proof).json(), path


@pytest.mark.parametrize(
    ("errors", "status", "message"),
    [
        ([OLD, THEFT, GONE], 401, "token theft detected"),
        ([OLD, GONE], 401, "unauthorised"),
        ([NONE, OLD], 401, "try refresh token"),
        ([TWO_CLAIMS, NONE], 401, "unauthorised"),
        ([StorageError("Gone."), ONE_CLAIM], 403, "invalid claim"),
        ([BadInputError("bad"), ExceptionGroup("in", [ExceptionGroup("in", [OLD])])], 401, "try refresh token"),
        ([StorageError("Gone."), BadInputError("bad")], 503, "temporarily unavailable, try again later"),
    ],
)
def test_of_several_the_one_that_says_most(auth: App, errors: list[Exception], status: int, message: str) -> None:
    """What ends a session comes before what a refresh mends, and that before claims; whatever the order."""
    for several in (errors, errors[::-1]) if any(isinstance(each, SessionError) for each in errors) else (errors,):
        with serving(web_app(auth, errors=several)) as address:
            answer = httpx2.get(f"{address}/raising", timeout=PATIENCE_S)
        assert (answer.status_code, answer.json()["message"]) == (status, message)
        cleared = message == "token theft detected" or (message == "unauthorised" and GONE in errors)
        assert (answer.headers.get("front-token") == "remove") is cleared


def test_of_two_refusals_the_longer(auth: App) -> None:
    """Of two that claims do not suffice, that with more claims is answered."""
    with serving(web_app(auth, errors=[ONE_CLAIM, TWO_CLAIMS])) as address:
        answer = httpx2.get(f"{address}/raising", timeout=PATIENCE_S)
    assert [each["id"] for each in answer.json()["claimValidationErrors"]] == ["b", "c"]


def test_a_fault_beside_a_refusal(auth: App, caplog: pytest.LogCaptureFixture) -> None:
    """The client is told the refusal, and the log has the fault, with its traceback."""
    with (
        caplog.at_level(logging.ERROR, "authweave.http"),
        serving(web_app(auth, errors=[KeyError("k"), OLD])) as address,
    ):
        assert httpx2.get(f"{address}/raising", timeout=PATIENCE_S).status_code == 401
    (record,) = caplog.records
    assert (getattr(record, "event", ""), record.exc_info and record.exc_info[0]) == ("fault_beside_refusal", KeyError)


def test_faults_alone(auth: App) -> None:
    """A group of faults is the server's to answer."""
    with serving(web_app(auth, errors=[KeyError("k"), ZeroDivisionError()])) as address:
        assert httpx2.get(f"{address}/raising", timeout=PATIENCE_S).status_code == 500

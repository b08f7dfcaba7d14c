"""FastAPI and Starlette without the middleware: a program that only verifies sessions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import httpx2
import pytest
from fastapi import Depends, FastAPI, Request

from authweave.app import App, init
from authweave.framework import BaseRequest, BaseResponse
from authweave.framework.fastapi import get_middleware
from authweave.kernel import AuthweaveError
from authweave.recipe import session
from authweave.recipe.session import InputErrorHandlers, SessionContainer
from authweave.recipe.session.asyncio import (
    create_new_session,
    create_new_session_without_request_response,
    get_session,
)
from authweave.recipe.session.framework.fastapi import session_exception_handler, verify_session
from authweave.storage.memory import MemoryStorage
from authweave.types import InputAppInfo, RecipeUserId
from tests.integration.http.serving import serving
from tests.patience import PATIENCE_S

Session = Annotated[SessionContainer, Depends(verify_session())]


async def unauthorised(request: BaseRequest, message: str, response: BaseResponse) -> BaseResponse:
    """Answer otherwise."""
    response.set_header("x-method", request.method())
    return response


@pytest.fixture
def auth() -> Iterator[App]:
    """Build the default application."""
    handlers = InputErrorHandlers(on_unauthorised=unauthorised)
    app = init(
        InputAppInfo("Test", "http://localhost:8000", website_domain="http://localhost:3000"),
        [session.init(error_handlers=handlers)],
        storage=MemoryStorage(),
        secret=b"s" * 32,
    )
    yield app
    app.close()


def web_app() -> FastAPI:
    """Return an application without the middleware."""
    app = FastAPI(openapi_url=None)

    @app.get("/me")
    async def me(session: Session) -> str:
        return session.get_user_id()

    @app.get("/who")
    async def who(request: Request) -> str | None:
        found = await get_session(request, session_required=False)
        return None if found is None else found.get_user_id()

    @app.get("/login")
    async def login(request: Request) -> str:
        return (await create_new_session(request, "public", RecipeUserId("u"))).get_user_id()

    return app


async def token() -> str:
    """Create a session elsewhere, and return its access token."""
    created = await create_new_session_without_request_response("public", RecipeUserId("u"))
    return created.get_access_token()


def test_a_handler_answers_for_the_middleware(auth: App) -> None:
    """With the handler registered, sessions are verified, and errors answered as the middleware would."""
    app = web_app()
    app.add_exception_handler(AuthweaveError, session_exception_handler)
    access = {"authorization": f"Bearer {auth.run_blocking(token())}"}
    with serving(app) as address, httpx2.Client(base_url=address, timeout=PATIENCE_S) as client:
        answer = client.get("/me")
        assert (answer.status_code, answer.json()) == (401, {"message": "unauthorised"})
        assert (answer.headers["x-method"], answer.headers["cache-control"]) == ("GET", "no-store")
        assert client.get("/me", headers=access).json() == "u"
        assert client.get("/who", headers=access).json() == "u"
        assert client.get("/who").json() is None
        assert client.get("/login").status_code == 500  # its tokens would reach nobody


def test_without_a_handler_the_middleware_is_asked_for(auth: App) -> None:
    """An application that has neither has forgotten something: it is told, and nobody passes."""
    with serving(web_app()) as address:
        for path in ("/me", "/who"):
            assert httpx2.get(f"{address}{path}", timeout=PATIENCE_S).status_code == 500


def test_a_handler_beside_the_middleware(auth: App) -> None:
    """It answers what the middleware would have, with the same headers, once."""
    handled, plain = web_app(), web_app()
    handled.add_exception_handler(AuthweaveError, session_exception_handler)
    answers: list[list[tuple[str, str]]] = []
    for app in (handled, plain):
        app.add_middleware(get_middleware())
        with serving(app) as address:
            answer = httpx2.get(f"{address}/me", timeout=PATIENCE_S)
            assert (answer.status_code, answer.json()) == (401, {"message": "unauthorised"})
            answers.append(sorted(each for each in answer.headers.multi_items() if each[0] != "date"))
    assert answers[0] == answers[1]
    assert ("x-method", "GET") in answers[0]

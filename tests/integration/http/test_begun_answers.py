"""Sessions that are changed when the head of the answer has been sent: the client cannot be told any more."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from queue import SimpleQueue
from typing import Annotated

import httpx2
import pytest
from fastapi import Depends, FastAPI
from starlette.background import BackgroundTask
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from authweave.app import App
from authweave.errors import AnswerBegunError
from authweave.framework import get_request_from_user_context
from authweave.framework.fastapi import get_middleware, verify_session
from authweave.kernel import UserContext
from authweave.recipe.session import SessionRecipe
from authweave.recipe.session.claims import BooleanClaim
from authweave.recipe.session.claims.base import SessionClaimValidator
from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import JSONObject, RecipeUserId
from tests.patience import PATIENCE_S

from .serving import bearer, jwt_part, serving, sign_up

Session = Annotated[SessionContainer, Depends(verify_session())]
Change = Callable[[SessionContainer], Awaitable[object]]


async def pass_on(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Hand a request on, in another task."""
    return await call_next(request)


class Changes:
    """The changes, as an application makes them, and what came of the last."""

    def __init__(self, auth: App) -> None:
        self.auth = auth
        self.raised: SimpleQueue[BaseException] = SimpleQueue()

    async def merge(self, session: SessionContainer) -> None:
        """Merge a claim."""
        await session.merge_into_access_token_payload({"colour": "red"})

    async def revoke(self, session: SessionContainer) -> None:
        """Revoke the session."""
        await session.revoke_session()

    async def create(self, session: SessionContainer) -> None:
        """Create a session for the client."""
        request = get_request_from_user_context()
        assert request is not None
        user = session.get_user_id()
        requests = self.auth.recipe(SessionRecipe).requests
        await requests.create_new_session(request, user_id=user, recipe_user_id=RecipeUserId(user), tenant_id="public")

    async def refresh(self, session: SessionContainer) -> None:
        """Refresh the session of the client."""
        request = get_request_from_user_context()
        assert request is not None
        await self.auth.recipe(SessionRecipe).requests.refresh_session(request)

    async def note(self, change: Change, session: SessionContainer) -> None:
        """Make a change, and note what the caller of it sees."""
        try:
            await change(session)
        except BaseException as error:
            self.raised.put(error)
            raise

    def of(self, name: str) -> Change:
        """Return a change by its name."""
        changes = {"merge": self.merge, "revoke": self.revoke, "create": self.create, "refresh": self.refresh}
        return changes[name]


def web_app(changes: Changes, *, base_http: bool) -> FastAPI:
    """Return an application that changes sessions too late."""
    app = FastAPI()
    if base_http:
        app.add_middleware(BaseHTTPMiddleware, dispatch=pass_on)
    app.add_middleware(get_middleware(), app=changes.auth)
    if base_http:
        app.add_middleware(BaseHTTPMiddleware, dispatch=pass_on)

    @app.get("/streamed/{change}")
    async def streamed(change: str, session: Session) -> StreamingResponse:
        async def parts() -> AsyncIterator[bytes]:
            yield b"first"
            await changes.note(changes.of(change), session)

        return StreamingResponse(parts())

    @app.get("/background/{change}")
    async def background(change: str, session: Session) -> PlainTextResponse:
        return PlainTextResponse("done", background=BackgroundTask(changes.note, changes.of(change), session))

    @app.get("/before")
    async def before(session: Session) -> StreamingResponse:
        await session.merge_into_access_token_payload({"colour": "blue"})

        async def parts() -> AsyncIterator[bytes]:
            yield b"first"

        return StreamingResponse(parts())

    return app


def all_of(client: httpx2.Client, path: str, headers: dict[str, str]) -> httpx2.Response | None:
    """Read an answer; None where the server broke off in it. It ends the connection, so the next has another."""
    try:
        return client.get(path, headers={**headers, "connection": "close"})
    except httpx2.TransportError:
        return None


@pytest.mark.parametrize("base_http", [False, True])
def test_each_change_that_is_too_late(auth: App, base_http: bool, caplog: pytest.LogCaptureFixture) -> None:
    """The log names the route, who made the change gets an exception, and the store has what it should."""
    changes = Changes(auth)
    app = web_app(changes, base_http=base_http)
    functions = auth.recipe(SessionRecipe).functions
    with serving(app) as address, httpx2.Client(base_url=address, verify=False, timeout=PATIENCE_S) as client:
        for number, path in enumerate(f"/{kind}/{name}" for kind in ("streamed", "background") for name in NAMES):
            signed_up = sign_up(client, f"late-{base_http}-{number}@example.com")
            proof = bearer(signed_up)
            user = signed_up.json()["user"]["id"]
            caplog.clear()
            answer = all_of(client, path, proof)
            if answer is not None:
                assert "front-token" not in answer.headers, path
            raised = changes.raised.get(timeout=PATIENCE_S)  # a background task may be at it still
            assert isinstance(raised, AnswerBegunError), path
            assert raised.route == f"GET {path}"
            assert [getattr(each, "route", "") for each in caplog.records if each.name == "authweave.http"] == [
                f"GET {path}"
            ]
            handles = asyncio.run(functions.get_all_session_handles_for_user(user, True, "public", True, {}))
            assert len(handles) == (0 if path.endswith("/revoke") else 1), path
            if path.endswith("/merge"):
                refreshed = client.post("/auth/session/refresh", headers=bearer(signed_up, "st-refresh-token"))
                assert jwt_part(refreshed.headers["st-access-token"], 1)["colour"] == "red"
        in_time = client.get("/before", headers=bearer(sign_up(client, f"in-time-{base_http}@example.com")))
        assert jwt_part(in_time.headers["st-access-token"], 1)["colour"] == "blue"


NAMES = ("merge", "revoke", "create", "refresh")


def fetch(_user: str, _recipe_user: RecipeUserId, _tenant: str, _payload: JSONObject, _context: UserContext) -> bool:
    """Return that everybody is one."""
    return True


MEMBER = BooleanClaim("member", fetch)


def members(
    validators: list[SessionClaimValidator], session: SessionContainer, user_context: UserContext
) -> list[SessionClaimValidator]:
    """Ask for a claim that no session has yet."""
    return [*validators, MEMBER.validators.is_true()]


def test_asking_for_a_session_is_no_change(auth: App, caplog: pytest.LogCaptureFixture) -> None:
    """Who verifies a session in a stream gets it, also where a claim had to be fetched again; the log has a line."""
    app = FastAPI()
    app.add_middleware(get_middleware(), app=auth)

    @app.get("/events")
    async def events(request: Request) -> StreamingResponse:
        async def parts() -> AsyncIterator[str]:
            yield "user: "
            session = await verify_session(override_global_claim_validators=members)(request)
            yield session.get_user_id()

        return StreamingResponse(parts())

    with serving(app) as address, httpx2.Client(base_url=address, verify=False, timeout=PATIENCE_S) as client:
        signed_up = sign_up(client, "events@example.com")
        caplog.clear()
        with caplog.at_level(logging.WARNING, "authweave.http"):
            answer = client.get("/events", headers=bearer(signed_up))
        assert answer.text == f"user: {signed_up.json()['user']['id']}"
        assert [getattr(each, "event", "") for each in caplog.records] == ["answer_begun"]

"""Applications that list recipes which sign people in, and no sessions (docs/how-to/from-supertokens.md, M18)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from authweave import App, InputAppInfo, UserContext, init
from authweave.errors import ConfigurationError
from authweave.extending import RecipeEntry
from authweave.framework.fastapi import get_middleware
from authweave.recipe import emailpassword, emailverification, session, thirdparty, userroles
from authweave.recipe.emailpassword import EmailPasswordRecipe
from authweave.recipe.emailpassword.types import CreateResetPasswordOkResult, SignInOkResult, SignUpOkResult
from authweave.recipe.session import SessionRecipe
from authweave.security import PasswordHasher

INFO: Final = InputAppInfo("worker", "https://api.example.com", website_domain="https://example.org")
FRONTEND: Final = {"fdi-version": "4.1", "rid": "any"}
PASSWORD: Final = "correct horse 1"
HASHER: Final = PasswordHasher(memory_kib=8, time_cost=1)
"""One for all: whoever gives one closes it, and its thread."""


def built(storage: str, *entries: RecipeEntry) -> App:
    """Build an application."""
    return init(INFO, entries, storage=storage, passwords=HASHER, default=False)


@pytest.fixture
def worker() -> Iterator[App]:
    """Build one without sessions."""
    entries = (emailpassword.init(), emailverification.init("REQUIRED"), thirdparty.init(), userroles.init())
    with closing(built("sqlite://", *entries)) as app:
        yield app


def test_functions_work(worker: App) -> None:
    """A worker creates users, checks passwords and hands out links."""
    functions = worker.recipe(EmailPasswordRecipe).functions

    async def work() -> None:
        context = UserContext()
        made = await functions.sign_up("ada@example.com", PASSWORD, "public", None, None, context)
        assert isinstance(made, SignUpOkResult)
        signed_in = await functions.sign_in("ada@example.com", PASSWORD, "public", None, None, context)
        assert isinstance(signed_in, SignInOkResult)
        token = await functions.create_reset_password_token(made.user.id, "ada@example.com", "public", context)
        assert isinstance(token, CreateResetPasswordOkResult)

    asyncio.run(work())


def test_sessions_are_nobody_s(worker: App) -> None:
    """The application has no sessions: they are not found, not listed, not explained and not looked at."""
    with pytest.raises(ConfigurationError, match=r"add session\.init\(\)"):
        worker.recipe(SessionRecipe)
    assert "session" not in worker.loaded
    assert "session" not in str(worker)
    assert not [name for name in worker.explain() if name.startswith("session")]
    assert not [name for name, _ in worker.checks() if name.startswith("session")]


def test_routes_that_need_sessions_are_not_served(caplog: pytest.LogCaptureFixture) -> None:
    """The log names them when the application is built; nothing is said of risks that sessions would have."""
    with caplog.at_level(logging.INFO), closing(built("sqlite://", emailpassword.init(), thirdparty.init())) as app:
        served = {route.title for route in app.endpoints.routes.routes}
    assert "POST /user/password/reset" in served
    assert not served & {"POST /signin", "POST /signup", "POST /signinup", "POST /session/refresh", "POST /signout"}
    (said,) = [record for record in caplog.records if vars(record).get("event") == "routes_left_out"]
    assert said.levelno == logging.WARNING
    for title in ("POST /signin", "POST /signup", "POST /signinup", "session.init()"):
        assert title in said.getMessage()
    assert "risky_setting" not in {vars(record).get("event") for record in caplog.records}


def test_what_frontends_are_told(worker: App) -> None:
    """Pages of the frontends say that nobody can sign in; others get what the application behind says."""
    app = FastAPI()
    app.add_middleware(get_middleware(), app=worker)
    with TestClient(app) as client:
        answer: httpx2.Response | object = client.post("/auth/signin", json={}, headers=FRONTEND).json()
        assert answer == {
            "status": "GENERAL_ERROR",
            "message": "Signing in with a password is not available here. Please sign in another way.",
        }
        assert client.post("/auth/signin", json={}).status_code == 404
        assert client.post("/auth/session/refresh").status_code == 404
        methods = client.get("/auth/loginmethods").json()
        assert not any(methods[name]["enabled"] for name in ("emailPassword", "thirdParty"))
        assert methods["firstFactors"] == []


def test_the_hint_names_what_is_missing() -> None:
    """In debug mode the developer reads that it is the sessions, and not the recipe that he lists."""
    app = FastAPI()
    auth = init(INFO, [emailpassword.init()], storage="sqlite://", debug=True, default=False)
    app.add_middleware(get_middleware(), app=auth)
    with closing(auth), TestClient(app) as client:
        said = str(client.post("/auth/signin", json={}, headers=FRONTEND).json()["debug"])
    assert "Add session" in said


def test_a_reset_ends_sessions_that_another_process_created(tmp_path: Path) -> None:
    """Whoever has a session may be the reason for the reset: that it runs in a worker is no reason to keep it."""
    storage = f"sqlite:///{tmp_path}/auth.db"
    context = UserContext()
    entries = (emailpassword.init(), session.init(accept_risks={"no_anti_csrf_across_sites"}))
    with closing(built(storage, *entries)) as web, closing(built(storage, emailpassword.init())) as worker:
        functions = worker.recipe(EmailPasswordRecipe)

        async def work() -> list[str]:
            made = await functions.functions.sign_up("ada@example.com", PASSWORD, "public", None, None, context)
            assert isinstance(made, SignUpOkResult)
            sessions = web.recipe(SessionRecipe).functions
            await sessions.create_new_session(made.user.id, made.recipe_user_id, {}, {}, True, "public", context)
            token = await functions.functions.create_reset_password_token(
                made.user.id, "ada@example.com", "public", context
            )
            assert isinstance(token, CreateResetPasswordOkResult)
            app = FastAPI()
            app.add_middleware(get_middleware(), app=worker)
            fields = [{"id": "password", "value": "another horse 2"}]
            body = {"formFields": fields, "token": token.token, "method": "token"}
            with TestClient(app) as client:
                answer = await asyncio.to_thread(client.post, "/auth/user/password/reset", json=body)
            assert answer.json()["status"] == "OK"
            return await sessions.get_all_session_handles_for_user(made.user.id, True, "public", True, context)

        assert asyncio.run(work()) == []

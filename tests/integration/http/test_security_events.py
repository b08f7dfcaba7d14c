"""Security events of requests over a real socket, and of direct calls."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager

import httpx2
import pytest

from authweave import InputAppInfo, UserContext, init
from authweave.app import App
from authweave.events import SecurityEvent
from authweave.recipe import emailpassword, session
from authweave.recipe.emailpassword import EmailPasswordRecipe, SignUpOkResult
from authweave.recipe.session import SessionRecipe
from authweave.security import PasswordHasher
from authweave.types import RecipeUserId
from tests.patience import PATIENCE_S

from .conftest import web_app
from .serving import HEADERS, PASSWORD, bearer, form, serving

CLIENT = "93.184.216.34"


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now_ms = 1_700_000_000_000

    def __call__(self) -> int:
        return self.now_ms


@contextmanager
def application(hook: Callable[[SecurityEvent], None], clock: Clock | None = None) -> Generator[App]:
    """Build an application with a hook."""
    auth = init(
        InputAppInfo("Test", "http://localhost:8000", website_domain="http://localhost:3000"),
        [emailpassword.init(), session.init()],
        storage="sqlite://",
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        on_event=hook,
        trusted_proxies=["127.0.0.1"],
        clock=clock or Clock(),
        default=False,
    )
    with closing(auth):
        yield auth


@contextmanager
def served(auth: App) -> Generator[httpx2.Client]:
    """Serve it, and open a client behind a proxy."""
    with (
        serving(web_app(auth), proxy_headers=False) as address,
        httpx2.Client(base_url=address, timeout=PATIENCE_S, headers={"x-forwarded-for": CLIENT, **HEADERS}) as client,
    ):
        yield client


def test_every_event_of_a_story(caplog: pytest.LogCaptureFixture) -> None:
    """Each has user, tenant and address, and neither events nor lines have anything secret in them."""
    caplog.set_level(logging.INFO, "authweave")
    heard: list[SecurityEvent] = []
    clock = Clock()
    with application(heard.append, clock) as auth, served(auth) as client:
        signed_up = client.post("/auth/signup", json=form())
        user_id = signed_up.json()["user"]["id"]
        client.post("/auth/signin", json=form(password="wrong password 1"))
        client.post("/auth/signin", json=form("nobody@example.com"))
        signed_in = client.post("/auth/signin", json=form())
        once = client.post("/auth/session/refresh", headers=bearer(signed_in, "st-refresh-token"))
        clock.now_ms += 60_000
        twice = client.post("/auth/session/refresh", headers=bearer(once, "st-refresh-token"))
        clock.now_ms += 60_000
        theft = client.post("/auth/session/refresh", headers=bearer(signed_in, "st-refresh-token"))
        assert theft.json() == {"message": "token theft detected"}
        other = client.post("/auth/signin", json=form())
        assert client.post("/auth/signout", headers=bearer(other)).json() == {"status": "OK"}
    assert [(event.kind, event.user_id) for event in heard] == [
        ("sign_up", user_id),
        ("sign_in_failed", user_id),
        ("sign_in_failed", None),
        ("sign_in", user_id),
        ("session_refreshed", user_id),
        ("session_refreshed", user_id),
        ("token_theft", user_id),
        ("session_revoked", user_id),
        ("sign_in", user_id),
        ("session_revoked", user_id),
        ("sign_out", user_id),
    ]
    assert {(event.tenant_id, event.client) for event in heard} == {("public", CLIENT)}
    stolen = {event.session_handle for event in heard[4:8]}
    assert len(stolen) == 1
    assert None not in stolen
    lines = [record for record in caplog.records if record.name == "authweave.events"]
    assert [vars(record)["event"] for record in lines] == [event.kind for event in heard]
    everything = json.dumps([vars(record) for record in caplog.records], default=str) + repr(heard)
    secrets = [
        answer.headers[f"st-{kind}-token"] for answer in (signed_up, once, twice) for kind in ("access", "refresh")
    ]
    for secret in (*secrets, PASSWORD, "wrong password 1", "ada@example.com", "nobody@example.com"):
        assert secret not in everything


def test_events_of_direct_calls() -> None:
    """What the application does by itself is seen as well; there is no address."""
    heard: list[SecurityEvent] = []

    async def story(auth: App) -> None:
        functions = auth.recipe(EmailPasswordRecipe).functions
        sessions = auth.recipe(SessionRecipe).functions
        context = UserContext()
        made = await functions.sign_up("a@x.io", PASSWORD, "public", None, None, context)
        assert isinstance(made, SignUpOkResult)
        await functions.sign_in("a@x.io", PASSWORD, "public", None, None, context)
        await functions.sign_in("a@x.io", "wrong", "public", None, None, context)
        await functions.update_email_or_password(
            made.recipe_user_id, "b@x.io", "correct horse 2", None, "public", context
        )
        await functions.update_email_or_password(RecipeUserId("nobody"), "c@x.io", None, None, "public", context)
        created = [
            await sessions.create_new_session(made.user.id, made.recipe_user_id, None, None, None, "public", context)
            for _ in range(3)
        ]
        for _ in range(2):
            await sessions.revoke_session(created[0].get_handle(), context)
        await sessions.revoke_all_sessions_for_user(made.user.id, True, "public", True, context)
        await sessions.revoke_all_sessions_for_user(made.user.id, True, "public", True, context)

    with application(heard.append) as auth:
        asyncio.run(story(auth))
    assert [(event.kind, event.tenant_id, dict(event.details)) for event in heard] == [
        ("sign_up", "public", {}),
        ("sign_in", "public", {}),
        ("sign_in_failed", "public", {}),
        ("password_changed", "public", {}),
        ("email_changed", "public", {}),
        ("session_revoked", "public", {}),
        ("session_revoked", None, {"sessions": "2"}),
    ]
    assert {event.client for event in heard} == {None}
    assert len({event.user_id for event in heard}) == 1


def test_a_hook_that_fails_breaks_no_request() -> None:
    """Whatever it raises, the answers are what they would be."""

    def failing(event: SecurityEvent) -> None:
        raise ZeroDivisionError

    with application(failing) as auth, served(auth) as client:
        signed_up = client.post("/auth/signup", json=form())
        assert signed_up.json()["status"] == "OK"
        assert client.post("/auth/signin", json=form()).json()["status"] == "OK"
        assert client.post("/auth/session/refresh", headers=bearer(signed_up, "st-refresh-token")).status_code == 200

"""How long sessions last, and how many a user has, over real HTTP (OWASP ASVS 5.0, 7.1.2 and 7.3)."""

from __future__ import annotations

import logging
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from authweave.app import App, init
from authweave.recipe import emailpassword, session
from authweave.recipe.session.store import SESSIONS
from authweave.recipe.session.transport._cookies import http_date
from authweave.security import PasswordHasher
from authweave.types import InputAppInfo
from tests.patience import PATIENCE_S
from tests.unit.recipe.session.serving import DAY_MS, HOUR_MS, HandClock

from .conftest import web_app
from .serving import COOKIES, HEADERS, bearer, form, front_token, serving, set_cookies, sign_up

DAY_S = 86_400
NO_REUSE = httpx2.Limits(max_keepalive_connections=0)


@contextmanager
def served(folder: Path, clock: HandClock, recipe: session.SessionSetup) -> Generator[tuple[App, httpx2.Client]]:
    """Serve an application for a block."""
    auth = init(
        InputAppInfo("Bounds", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
        [emailpassword.init(), recipe],
        storage=f"sqlite:///{folder / 'auth.db'}",
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        clock=clock,
        default=False,
    )
    with serving(web_app(auth)) as address, httpx2.Client(base_url=address, verify=False, timeout=PATIENCE_S) as client:
        yield auth, client
    auth.close()


def refreshed(client: httpx2.Client, last: httpx2.Response) -> httpx2.Response:
    """Refresh by header."""
    return client.post("/auth/session/refresh", headers=bearer(last, "st-refresh-token"))


def days_refreshed(client: httpx2.Client, clock: HandClock, last: httpx2.Response, days: int) -> httpx2.Response:
    """Refresh once a day, for as long as that works and at most for some days; return the last answer."""
    for _ in range(days):
        clock.now_ms += DAY_MS
        answer = refreshed(client, last)
        if answer.status_code != 200:
            return answer
        last = answer
    return last


def test_a_session_that_is_used_ends(tmp_path: Path) -> None:
    """With a lifetime it is over then, to the millisecond, however often it was refreshed; so is its access token."""
    clock = HandClock()
    with served(tmp_path, clock, session.init(session_lifetime_s=30 * DAY_S)) as (_, client):
        first = sign_up(client, "ada@example.com")
        began_ms = clock.now_ms
        last = days_refreshed(client, clock, first, 29)
        clock.now_ms = began_ms + 30 * DAY_MS - HOUR_MS // 2
        last = refreshed(client, last)
        assert last.status_code == 200
        assert front_token(last)["ate"] == (began_ms + 30 * DAY_MS) // 1000 * 1000
        clock.now_ms = began_ms + 30 * DAY_MS - 1
        assert refreshed(client, last).status_code == 200
        clock.now_ms += 1
        assert client.get("/me", headers=bearer(last)).status_code == 401
        over = refreshed(client, last)
        assert (over.status_code, over.json()) == (401, {"message": "unauthorised"})
        assert over.headers["front-token"] == "remove"


def test_cookies_end_with_the_session(tmp_path: Path) -> None:
    """The refresh cookie expires with the session, not 100 days after its last use."""
    clock = HandClock(int(time.time()) * 1000)  # the client's jar forgets what has expired
    with served(tmp_path, clock, session.init(session_lifetime_s=2 * DAY_S)) as (_, client):
        end = f"Expires={http_date(clock.now_ms + 2 * DAY_MS)}"
        sign_up(client, "ada@example.com", COOKIES)
        for _ in range(2):
            clock.now_ms += 20 * HOUR_MS
            answer = client.post("/auth/session/refresh")
            assert end in set_cookies(answer)["sRefreshToken"]


def test_without_a_lifetime_a_session_goes_on(tmp_path: Path) -> None:
    """By default a session lives for as long as it is used once in 100 days."""
    clock = HandClock()
    one_key = session.init(use_dynamic_access_token_signing_key=False)  # to make one a week for 20 years takes long
    with served(tmp_path, clock, one_key) as (_, client):
        last = sign_up(client, "ada@example.com")
        for _ in range(75):
            clock.now_ms += 99 * DAY_MS
            last = refreshed(client, last)
            assert last.status_code == 200
        clock.now_ms += 100 * DAY_MS
        assert refreshed(client, last).status_code == 401


def test_a_lifetime_holds_for_sessions_from_before(tmp_path: Path) -> None:
    """A session that was created before the lifetime was set ends as one that was created after."""
    clock = HandClock()
    with served(tmp_path, clock, session.init()) as (_, client):
        last = days_refreshed(client, clock, sign_up(client, "ada@example.com"), 40)
        assert last.status_code == 200
    with served(tmp_path, clock, session.init(session_lifetime_s=30 * DAY_S)) as (_, client):
        assert refreshed(client, last).status_code == 401
        assert client.post("/auth/signin", json=form(), headers=HEADERS).status_code == 200


def test_the_oldest_session_goes(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """With a bound a new session ends the oldest, which the log says; a refresh does not, and nobody else's ends."""
    caplog.set_level(logging.INFO, "authweave.session")
    clock = HandClock()
    with served(tmp_path, clock, session.init(max_sessions_per_user=2)) as (auth, client):
        sessions = [sign_up(client, "ada@example.com")]
        other = sign_up(client, "grace@example.com")
        for _ in range(3):
            clock.now_ms += HOUR_MS
            sessions.append(client.post("/auth/signin", json=form(), headers=HEADERS))
        user_id = str(front_token(other)["uid"])
        assert [refreshed(client, each).status_code for each in sessions] == [401, 401, 200, 200]
        assert refreshed(client, other).status_code == 200
        assert len(auth.services.storage.part(SESSIONS).session_handles_of_user(user_id, None, 0)) == 1
    told = [vars(each) for each in caplog.records if vars(each).get("event") == "sessions_ended"]
    assert [each["user_id"] for each in told] == [front_token(sessions[0])["uid"]] * 2
    assert all(len(each["session_handles"]) == 1 for each in told)


def test_a_bound_holds_for_sessions_from_before(tmp_path: Path) -> None:
    """Who has more sessions than a bound that is set later allows keeps the newest with the next sign-in."""
    clock = HandClock()
    with served(tmp_path, clock, session.init()) as (_, client):
        sessions = [sign_up(client, "ada@example.com")]
        for _ in range(4):
            clock.now_ms += 1
            sessions.append(client.post("/auth/signin", json=form(), headers=HEADERS))
    with served(tmp_path, clock, session.init(max_sessions_per_user=3)) as (_, client):
        assert refreshed(client, sessions[0]).status_code == 200
        clock.now_ms += 1
        sessions.append(client.post("/auth/signin", json=form(), headers=HEADERS))
        assert [refreshed(client, each).status_code for each in sessions] == [401] * 3 + [200] * 3

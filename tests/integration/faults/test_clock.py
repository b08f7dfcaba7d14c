"""The machine's clock is wrong, is turned back, and is put right."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest

from tests.integration.http.serving import bearer
from tests.unit.recipe.session.serving import DAY_MS, HOUR_MS, HandClock

from .application import assert_ok, built, enter, refresh, served


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of a new database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/auth.db"
    new: Callable[[], str] = request.getfixturevalue("new_postgresql_url")
    return new()


def refreshed(client: httpx2.Client, entered: httpx2.Response) -> httpx2.Response:
    """Refresh, which must work."""
    answer = refresh(client, entered)
    assert answer.status_code == 200, answer.text
    return answer


@pytest.mark.parametrize("back_ms", [1, HOUR_MS, 30 * DAY_MS, 5 * 365 * DAY_MS])
def test_turned_back(url: str, back_ms: int) -> None:
    """Whoever was signed in stays so, whoever comes can sign up and in, and it is the same when it is put right."""
    clock = HandClock()
    with served(built(url, clock=clock)) as client:
        held = enter(client, "signup")
        assert_ok(held)
        held = refreshed(client, held)
        clock.now_ms -= back_ms
        assert client.get("/me", headers=bearer(held)).status_code == 200
        held = refreshed(client, held)
        held = refreshed(client, held)
        assert client.get("/me", headers=bearer(held)).status_code == 200
        assert_ok(enter(client, "signin"))
        then = enter(client, "signup", "eve@example.com")
        assert_ok(then)
        then = refreshed(client, then)
        assert client.get("/auth/jwt/jwks.json").json()["keys"]
        clock.now_ms += back_ms
        assert_ok(enter(client, "signin"))
        for each in (held, then):
            if back_ms < 100 * DAY_MS:
                refreshed(client, each)
            else:  # what was used five years ago for the last time has expired
                assert refresh(client, each).status_code == 401


def test_a_session_that_was_signed_out_stays_so(url: str) -> None:
    """No clock brings it back."""
    clock = HandClock()
    with served(built(url, clock=clock)) as client:
        held = enter(client, "signup")
        assert client.post("/auth/signout", headers=bearer(held)).json() == {"status": "OK"}
        for change_ms in (-DAY_MS, 2 * DAY_MS, -365 * DAY_MS):
            clock.now_ms += change_ms
            assert refresh(client, held).status_code == 401


def test_far_ahead_and_back(url: str) -> None:
    """A clock that was an hour ahead for a while leaves sessions and keys that work when it is put right."""
    clock = HandClock()
    with served(built(url, clock=clock)) as client:
        before = enter(client, "signup")
        clock.now_ms += HOUR_MS
        ahead = refreshed(client, enter(client, "signin"))
        before = refreshed(client, before)
        clock.now_ms -= HOUR_MS
        for held in (before, ahead):
            assert client.get("/me", headers=bearer(held)).status_code == 200
            refreshed(client, held)

"""The clocks of two processes differ."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx2
import pytest

from tests.integration.http.serving import bearer
from tests.integration.kills.processes import server
from tests.patience import PATIENCE_S
from tests.unit.recipe.session.serving import HandClock

from .application import assert_ok, built, enter, refresh, served

HOUR_S = 3600
DAY_S = 24 * HOUR_S


@contextmanager
def two_processes(url: str, *, ahead_s: float, grace_s: int) -> Generator[tuple[httpx2.Client, httpx2.Client]]:
    """Have two servers on a store for a block, for the second of which the machine's clock is wrong."""
    with ExitStack() as stack:
        processes = [stack.enter_context(server(url, ahead_s=each, grace_s=grace_s)) for each in (0, ahead_s)]
        for process in processes:
            process.start()
        for process in processes:
            asyncio.run(process.until_ready())
        right, wrong = (
            stack.enter_context(httpx2.Client(base_url=process.origin, timeout=PATIENCE_S)) for process in processes
        )
        yield right, wrong


@pytest.mark.slow
def test_an_honest_retry_is_no_theft(postgresql_url: str) -> None:
    """A clock that is days ahead takes nobody's grace away, and ends no session, token or key before its time."""
    with two_processes(postgresql_url, ahead_s=200 * DAY_S, grace_s=HOUR_S) as (right, wrong):
        first = enter(right, "signup")
        second = refresh(right, first)
        third = refresh(right, second)  # from here on the second counts, and the first is late
        assert third.status_code == 200
        retried = refresh(wrong, first)
        assert retried.status_code == 200, retried.text
        assert retried.headers["st-refresh-token"] == second.headers["st-refresh-token"]
        assert refresh(wrong, third).status_code == 200
        assert wrong.get("/me", headers=bearer(third)).status_code == 200
        there = enter(wrong, "signin")
        assert right.get("/me", headers=bearer(there)).status_code == 200
        assert refresh(right, there).status_code == 200
        keys = [client.get("/auth/jwt/jwks.json").json() for client in (right, wrong)]
        assert keys[0] == keys[1]


@contextmanager
def wrong_by(seconds: float, monkeypatch: pytest.MonkeyPatch) -> Generator[None]:
    """Have the machine's clock be wrong for a block."""
    right_ns = time.time_ns
    with monkeypatch.context() as patch:
        patch.setattr("authweave.types._clock.time.time_ns", lambda: right_ns() + round(seconds * 1e9))
        yield


def test_a_theft_is_one(postgresql_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that is a day behind gives a thief no more time than there is."""
    with served(built(postgresql_url, grace_s=1)) as right, served(built(postgresql_url, grace_s=1)) as wrong:
        first = enter(right, "signup")
        third = refresh(right, refresh(right, first))
        latest_s = time.monotonic() + PATIENCE_S
        with wrong_by(-DAY_S, monkeypatch):
            while refresh(wrong, first).status_code != 401:
                assert time.monotonic() < latest_s, "the theft is not noticed"
        assert refresh(right, third).status_code == 401


@pytest.mark.parametrize("wrong_s", [-DAY_S, 200 * DAY_S])
def test_a_clock_that_is_set_meanwhile(postgresql_url: str, monkeypatch: pytest.MonkeyPatch, wrong_s: int) -> None:
    """Nothing changes: who is signed in stays so, who comes can sign up and in, and no key is made."""
    with served(built(postgresql_url)) as client:
        held = refresh(client, enter(client, "signup"))
        keys = client.get("/auth/jwt/jwks.json").json()
        with wrong_by(wrong_s, monkeypatch):
            assert client.get("/me", headers=bearer(held)).status_code == 200
            held = refresh(client, held)
            assert held.status_code == 200
            there = enter(client, "signin")
            assert_ok(enter(client, "signup", "eve@example.com"))
            assert client.get("/auth/jwt/jwks.json").json() == keys
        for each in (held, there):
            assert client.get("/me", headers=bearer(each)).status_code == 200
            assert refresh(client, each).status_code == 200


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_clocks_of_ones_own_are_told_of(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> None:
    """Where the database does not tell the time, a clock that is behind by more than half of the grace is logged."""
    if kind == "sqlite":
        url = f"sqlite:///{tmp_path}/auth.db"
    else:
        new: Callable[[], str] = request.getfixturevalue("new_postgresql_url")
        url = new()
    ahead, behind = HandClock(), HandClock()

    def told() -> list[object]:
        return [vars(record)["skew_ms"] for record in caplog.records if vars(record).get("event") == "clock_skew"]

    with (
        caplog.at_level(logging.WARNING, "authweave.session"),
        served(built(url, clock=ahead)) as one,
        served(built(url, clock=behind)) as other,
    ):
        held = enter(one, "signup")
        assert_ok(held)
        ahead.now_ms += 5_000
        held = refresh(one, refresh(one, held))
        held = refresh(other, held)
        assert told() == []
        ahead.now_ms += 1_000
        held = refresh(one, refresh(one, held))
        for _ in range(3):
            held = refresh(other, held)
            assert held.status_code == 200
    assert told() == [-6_000]

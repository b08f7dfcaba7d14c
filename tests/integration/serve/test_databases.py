"""The real command on each of the databases, with several workers: what they know of each other, and how they end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import httpx2
import pytest
from sqlalchemy import create_engine, text

from tests.databases import KINDS, new_database
from tests.patience import PATIENCE_S

from .running import pids_of, send_form, serving, sign_up, wait_until, write_config

pytestmark = [pytest.mark.processes, pytest.mark.sockets]


@pytest.fixture(params=KINDS)
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return the URL of an empty database."""
    with new_database(request, tmp_path, has_tables=True) as made:
        yield made


def users_in(storage: str) -> int:
    """Return how many users a database has."""
    engine = create_engine(storage.replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.connect() as connection:
        count: int = connection.execute(text("SELECT count(*) FROM authweave_users")).scalar_one()
    engine.dispose()
    return count


def test_workers_know_the_same_users_and_sessions(tmp_path: Path, storage: str, port: int) -> None:
    """
    Signing up, in and out, refreshing, and what a program does with a key: each request may meet another worker.

    Each has a connection of its own, and three are asked for far more often than one alone could answer.
    """
    write_config(tmp_path, port, workers=3, storage=storage)
    with serving(tmp_path, port, "serve.toml") as server:
        wait_until(lambda: len(pids_of(server)) == 3)
        signed_up = sign_up(server.url, "ada@example.com")
        user_id = signed_up.json()["user"]["id"]
        tokens = send_form(server.url, "signin", "ada@example.com").headers
        token: dict[str, str | bool] = {}
        for _ in range(6):
            refresh = {"authorization": f"Bearer {tokens['st-refresh-token']}", "st-auth-mode": "header"}
            answer = httpx2.post(f"{server.url}/auth/session/refresh", headers=refresh, timeout=PATIENCE_S)
            assert answer.status_code == 200
            tokens = answer.headers
            with server.client() as program:
                token |= {"accessToken": tokens["st-access-token"], "checkDatabase": True}
                verified = program.post("/session/verify", json=token).json()
            assert (verified["status"], verified["session"]["userId"]) == ("OK", user_id)
        bearer = {"authorization": f"Bearer {tokens['st-access-token']}", "st-auth-mode": "header"}
        assert httpx2.post(f"{server.url}/auth/signout", headers=bearer, timeout=PATIENCE_S).status_code == 200
        for _ in range(6):
            with server.client() as program:
                assert program.post("/session/verify", json=token).json()["status"] == "UNAUTHORISED"
                handles = program.get("/sessions", params={"userId": user_id}).json()["sessionHandles"]
                assert len(handles) == 1  # the one of signing up
        assert len(pids_of(server)) == 3
        assert server.stop() == 0


def test_a_program_looks_after_sessions_and_users(tmp_path: Path, storage: str, port: int) -> None:
    """A user who signed up is found, given a role and a session; revoked, disabled and deleted, with what belongs."""
    write_config(tmp_path, port, storage=storage)
    with serving(tmp_path, port, "serve.toml") as server, server.client() as client:
        user_id = sign_up(server.url, "grace@example.com").json()["user"]["id"]
        found = client.get("/users", params={"email": "grace@example.com"}).json()
        assert [each["id"] for each in found["users"]] == [user_id]
        assert client.post("/role/create", json={"role": "editor", "permissions": ["write"]}).json()["status"] == "OK"
        assert client.post("/user/roles/add", json={"userId": user_id, "role": "editor"}).json() == {
            "status": "OK",
            "didUserAlreadyHaveRole": False,
        }
        made = client.post("/session/create", json={"userId": user_id, "sessionData": {"device": "phone"}}).json()
        assert made["session"]["accessTokenPayload"]["st-role"]["v"] == ["editor"]
        tokens, handle = made["tokens"], made["session"]["sessionHandle"]
        verified = client.post("/session/verify", json={"accessToken": tokens["accessToken"]}).json()
        assert (verified["status"], verified["session"]["userId"]) == ("OK", user_id)
        known = client.get("/session", params={"sessionHandle": handle}).json()
        assert known["session"]["sessionData"] == {"device": "phone"}
        renewed = client.post("/session/refresh", json={"refreshToken": tokens["refreshToken"]}).json()
        assert (renewed["status"], renewed["session"]["sessionHandle"]) == ("OK", handle)
        assert handle in client.get("/sessions", params={"userId": user_id}).json()["sessionHandles"]
        assert client.post("/session/revoke", json={"sessionHandles": [handle]}).json()["revoked"] == [handle]
        token = {"accessToken": renewed["tokens"]["accessToken"], "checkDatabase": True}
        assert client.post("/session/verify", json=token).json()["status"] == "UNAUTHORISED"
        update = {"userId": user_id, "metadata": {"plan": "free"}}
        assert client.post("/user/metadata", json=update).json()["metadata"] == {"plan": "free"}
        assert client.post("/user/disable", json={"userId": user_id}).json() == {"status": "OK"}
        assert client.post("/session/create", json={"userId": user_id}).json()["status"] == "SESSION_REFUSED"
        assert client.post("/user/enable", json={"userId": user_id}).json() == {"status": "OK"}
        assert client.post("/user/delete", json={"userId": user_id}).json() == {"status": "OK"}
        assert client.get("/user", params={"userId": user_id}).json() == {"status": "UNKNOWN_USER_ERROR"}


def load(url: str, stopped: Event, number: int) -> Counter[str]:
    """Sign people up, one after the other, until the server takes no more; return what came of them."""
    seen: Counter[str] = Counter()
    while not stopped.is_set():
        try:
            answer = sign_up(url, f"{number}-{seen.total()}@example.com")
        except httpx2.ConnectError:
            return seen
        except httpx2.TransportError as error:
            seen[type(error).__name__] += 1
            return seen
        seen[str(answer.status_code)] += 1
    return seen


@pytest.mark.parametrize("workers", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_sigterm_under_load_answers_what_has_begun_and_ends_with_0(
    tmp_path: Path, storage: str, port: int, workers: int
) -> None:
    """Who was being signed up is told so, and nobody else is in the database."""
    write_config(tmp_path, port, workers=workers, storage=storage)
    with serving(tmp_path, port, "serve.toml") as running:
        stopped = Event()
        with ThreadPoolExecutor(4) as clients:
            loads = [clients.submit(load, running.url, stopped, number) for number in range(4)]
            with running.client() as client:
                while client.get("/users/count").json()["count"] < 4:
                    pass
            status = running.stop()
            stopped.set()
        seen = sum((each.result() for each in loads), Counter[str]())
    assert status == 0
    # A connection that was accepted by the system and not yet by the server is closed without an answer.
    assert set(seen) <= {"200", "ReadError", "RemoteProtocolError"}
    ended = [each for each in running.records() if each.get("event") == "ended"]
    assert len(ended) == 1
    answered = seen["200"]
    logged = [each for each in running.records() if each.get("path") == "/auth/signup"]
    assert [each["status"] for each in logged] == [200] * answered
    assert users_in(storage) == answered

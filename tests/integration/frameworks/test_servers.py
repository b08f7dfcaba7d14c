"""What a server may do its own way, on each of those that run in processes of their own."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest

from tests.integration.http.serving import AS_JSON, COOKIES, bearer, sign_up
from tests.patience import PATIENCE_S

from .processes import SERVERS, Running, Server, running

pytestmark = [pytest.mark.slow, pytest.mark.processes, pytest.mark.sockets]

MIB = 1024 * 1024
REFUSED = {"message": "unauthorised"}


@pytest.fixture(scope="module", params=SERVERS, ids=lambda server: server.name)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Run the server; it ends in silence."""
    asked: Server = request.param
    with running(asked, tmp_path_factory.mktemp(asked.name)) as up:
        yield up
    log = up.log.read_text()
    assert "destroyed" not in log, log
    assert "never awaited" not in log, log


@pytest.fixture
def client(server: Running) -> Iterator[httpx2.Client]:
    """Open a client with a cookie jar of its own."""
    with httpx2.Client(base_url=server.address, timeout=PATIENCE_S) as client:
        yield client


def test_a_session_in_headers(client: httpx2.Client) -> None:
    """It is known, refreshed and signed out."""
    signed_up = sign_up(client, "headers@example.com")
    assert client.get("/in/me", headers=bearer(signed_up)).json() == {"user": signed_up.json()["user"]["id"]}
    refreshed = client.post("/auth/session/refresh", headers=bearer(signed_up, "st-refresh-token"))
    assert client.get("/in/me", headers=bearer(refreshed)).status_code == 200
    assert client.post("/auth/signout", headers=bearer(refreshed)).json() == {"status": "OK"}
    gone = client.post("/auth/session/refresh", headers=bearer(refreshed, "st-refresh-token"))
    assert (gone.status_code, gone.json()) == (401, REFUSED)


def test_a_session_in_cookies(client: httpx2.Client) -> None:
    """Each cookie of an answer arrives as a header of its own."""
    user = sign_up(client, "cookies@example.com", COOKIES).json()["user"]["id"]
    assert {"sAccessToken", "sRefreshToken"} <= {*client.cookies}
    assert client.get("/in/me").json() == {"user": user}
    assert client.post("/auth/session/refresh").status_code == 200
    assert client.get("/in/me").json() == {"user": user}


def test_a_stolen_token(client: httpx2.Client) -> None:
    """Who comes with a token whose successor is in use ends the session."""
    signed_up = sign_up(client, "stolen@example.com")
    refreshed = client.post("/auth/session/refresh", headers=bearer(signed_up, "st-refresh-token"))
    again = client.post("/auth/session/refresh", headers=bearer(refreshed, "st-refresh-token"))
    assert again.status_code == 200
    stolen = client.post("/auth/session/refresh", headers=bearer(signed_up, "st-refresh-token"))
    assert (stolen.status_code, stolen.json()["message"]) == (401, "token theft detected")


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é"])
def test_no_session(client: httpx2.Client, token: str) -> None:
    """It is refused, and other middleware has marked the answer."""
    answer = client.get("/in/me", headers={b"authorization": f"Bearer {token}".strip().encode()})
    assert answer.status_code == 401
    assert answer.headers["x-outer"] == "1"


def test_keys(client: httpx2.Client) -> None:
    """Anybody gets them."""
    assert client.get("/auth/jwt/jwks.json").json()["keys"]


def test_a_route_of_nobody(client: httpx2.Client) -> None:
    """The framework says that there is none."""
    assert client.get("/auth/nothing").status_code == client.get("/nowhere").status_code == 404


def test_a_form_of_another_shape(client: httpx2.Client) -> None:
    """It is refused."""
    assert client.post("/auth/signin", content=b'{"formFields": 5}', headers=AS_JSON).status_code == 400


def test_a_body_in_chunks(server: Running, client: httpx2.Client) -> None:
    """It is read whole by the library, and by the application; Django reads none without a length under WSGI."""
    answer = client.post("/auth/signin", content=iter([b'{"form', b'Fields": []}']), headers=AS_JSON)
    assert answer.json()["status"] == "FIELD_ERROR"
    length = 0 if server.framework == "django-wsgi" else 50_000
    assert client.post("/echo", content=iter([b"x" * 1000] * 50)).json() == {"bytes": length}


def test_a_body_that_is_too_long(server: Running) -> None:
    """
    The library refuses it, the application reads it.

    Each comes over a connection of its own: after an answer to a body that nobody read hypercorn neither closes the
    connection nor serves the next request on it, whoever answers.
    """
    content = b"x" * (MIB + 1)
    refused = httpx2.post(f"{server.address}/auth/signin", content=content, headers=AS_JSON, timeout=PATIENCE_S)
    assert refused.status_code == 413
    read = httpx2.post(f"{server.address}/echo", content=content, timeout=PATIENCE_S)
    assert read.json() == {"bytes": MIB + 1}


def test_a_stream(client: httpx2.Client) -> None:
    """It goes to whoever has a session."""
    assert client.get("/stream").status_code == 401
    proof = bearer(sign_up(client, "stream@example.com"))
    assert client.get("/stream", headers=proof).text == "onetwothree"


def test_errors(client: httpx2.Client) -> None:
    """Ours is answered by us, the application's by the framework."""
    refused = client.get("/refuse")
    assert (refused.status_code, refused.json()) == (401, REFUSED)
    assert client.get("/raise").status_code == 500


@pytest.mark.parametrize("hop", ["view", "thread", "signal"])
def test_the_context_comes_along(client: httpx2.Client, hop: str) -> None:
    """The view and what it calls have one, each request another."""
    for _ in range(2):
        assert client.get(f"/context/{hop}").json() == {"path": f"/context/{hop}", "times": 2}


def test_clients_at_once(server: Running) -> None:
    """Each has a session of its own, and no context is shared."""

    def use(number: int) -> str:
        with httpx2.Client(base_url=server.address, timeout=PATIENCE_S) as client:
            signed_up = sign_up(client, f"user{number}@example.com")
            user: str = signed_up.json()["user"]["id"]
            for _ in range(5):
                assert client.get("/in/me", headers=bearer(signed_up)).json() == {"user": user}
                assert client.get("/context/view").json()["times"] == 2
        return user

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(use, range(8)))) == 8

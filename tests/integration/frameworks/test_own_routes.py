"""What an application's own routes see, on every framework: contexts, bodies, errors, streams, what is mounted."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest

from tests.integration.http.serving import COOKIES, HEADERS, bearer, form, sign_up
from tests.patience import PATIENCE_S

from .routes import HOPS
from .serving import Framework

pytestmark = pytest.mark.everywhere

COMES_ALONG = [hop for hop in HOPS if hop not in {"bare-thread", "background"}]
MIB = 1024 * 1024


@pytest.mark.parametrize("hop", COMES_ALONG)
def test_the_context_comes_along(client: httpx2.Client, hop: str) -> None:
    """The view and what it calls have one context (C5), and each request another."""
    for _ in range(2):
        assert client.get(f"/context/{hop}").json() == {"path": f"/context/{hop}", "times": 2}


def test_a_bare_thread_has_no_context_of_a_request(client: httpx2.Client) -> None:
    """A thread of one's own begins anew."""
    assert client.get("/context/bare-thread").json() == {"path": None, "times": 1}


def test_the_context_after_the_answer(client: httpx2.Client, framework: Framework) -> None:
    """What runs when the answer has been sent has what its request wrote; Django's request is over by then."""
    assert client.get("/context/background").status_code == 200
    deadline = time.monotonic() + PATIENCE_S
    while "nothing" in (noted := client.get("/context/noted")).text:
        assert time.monotonic() < deadline
    path = None if framework.program == "django" else "/context/background"
    assert noted.json() == {"path": path, "times": 2}


@pytest.mark.parametrize("hop", COMES_ALONG)
def test_contexts_of_requests_at_once(address: str, hop: str) -> None:
    """None sees what another wrote."""
    with httpx2.Client(base_url=address, timeout=PATIENCE_S) as client, ThreadPoolExecutor(8) as pool:
        answers = [answer.json() for answer in pool.map(client.get, [f"/context/{hop}"] * 24)]
    assert answers == [{"path": f"/context/{hop}", "times": 2}] * 24


@pytest.mark.parametrize("path", ["/me", "/in/me", "/auth/jwt/jwks.json", "/refuse", "/stream"])
def test_other_middleware_sees_every_answer(client: httpx2.Client, path: str) -> None:
    """One that stands outside marks ours too."""
    assert client.get(path).headers["x-outer"] == "1"


@pytest.mark.parametrize("mode", [COOKIES, HEADERS], ids=["cookie", "header"])
def test_a_mounted_application(client: httpx2.Client, mode: dict[str, str]) -> None:
    """Its sessions are verified, and its refusals are ours to answer."""
    refused = client.get("/in/me")
    assert (refused.status_code, refused.json()) == (401, {"message": "unauthorised"})
    signed_up = sign_up(client, f"mounted-{mode['st-auth-mode']}@example.com", mode)
    proof = bearer(signed_up) if mode is HEADERS else {}
    assert client.get("/in/me", headers=proof).json() == {"user": signed_up.json()["user"]["id"]}


def test_an_error_of_the_application(client: httpx2.Client) -> None:
    """What is no error of ours is the framework's to answer."""
    answer = client.get("/raise")
    assert (answer.status_code, "message" in answer.text) == (500, False)


def test_an_error_of_sessions_that_a_view_raises(client: httpx2.Client) -> None:
    """It is answered, and the client forgets its session."""
    answer = client.get("/refuse")
    assert (answer.status_code, answer.json()) == (401, {"message": "unauthorised"})
    assert answer.headers["front-token"] == "remove"


def test_a_stream(client: httpx2.Client) -> None:
    """It goes to whoever has a session, whole."""
    assert client.get("/stream").status_code == 401
    proof = bearer(sign_up(client, "stream@example.com"))
    with client.stream("GET", "/stream", headers=proof) as answer:
        assert answer.read() == b"onetwothree"


@pytest.mark.parametrize("length", [0, 1, 4096, MIB, MIB + 1])
def test_bodies_of_the_application(client: httpx2.Client, length: int) -> None:
    """Its own routes read what was sent, also what is too long for ours."""
    assert client.post("/echo", content=b"x" * length).json() == {"bytes": length}


def test_a_form_of_the_application(client: httpx2.Client) -> None:
    """The framework's own parser reads it."""
    assert client.post("/form", data={"b": "1", "a": "2"}).json() == {"names": ["a", "b"]}


@pytest.mark.parametrize("path", ["/auth/signin", "/auth/signup"])
def test_a_body_that_is_too_long(client: httpx2.Client, path: str) -> None:
    """Ours refuse it, and the connection is good for the next request."""
    answer = client.post(path, content=b"x" * (MIB + 1), headers={"content-type": "application/json"})
    assert (answer.status_code, "1048576 bytes" in answer.text) == (413, True)
    assert client.post("/auth/signin", json=form("nobody@example.com")).status_code == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_another_media_type(client: httpx2.Client, kind: str) -> None:
    """A form of a page is no form of ours; the answer is the same on each framework."""
    answer = client.post("/auth/signin", content=b"email=a", headers={"content-type": kind})
    assert answer.status_code < 500
    assert not answer.headers.get_list("set-cookie")

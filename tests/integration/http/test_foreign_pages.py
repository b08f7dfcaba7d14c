"""What a page of somebody else can send of itself changes nothing (docs/reference/http.md, Bodies)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import count
from typing import Final
from urllib.parse import urlencode

import httpx2
import pytest

from tests.integration.thirdparty.openid_server import OpenIDServer, openid_server
from tests.patience import PATIENCE_S

from .conftest import web_app
from .serving import AS_JSON, COOKIES, form, serving, set_cookies, sign_up
from .thirdparty_app import begin, came_back, provider, third_party_app

EVIL: Final = {"origin": "https://evil.example"}
TEXT: Final = {"content-type": "text/plain"}
URLENCODED: Final = {"content-type": "application/x-www-form-urlencoded"}

AS_BODY = pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "TEXT/Plain; charset=UTF-8",
        "text/plain; application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/json",
        "application/json5",
        "application/json, text/plain",
        "application/jsonx; charset=utf-8",
        "",
        None,
    ],
)


numbers = count()


def new_address() -> str:
    """Return an address that nobody has."""
    return f"visitor-{next(numbers)}@example.com"


def typed(content_type: str | None) -> dict[str, str]:
    """Return the header that says of which type a body is, or none."""
    return {} if content_type is None else {"content-type": content_type}


@AS_BODY
@pytest.mark.parametrize("path", ["/auth/signin", "/auth/t1/signin", "/auth/signup"])
def test_a_body_of_another_type_is_not_read(client: httpx2.Client, path: str, content_type: str | None) -> None:
    """What forms can send, and what has no type at all, is refused, whoever sends it; the answer says what is read."""
    address = new_address()  # a wrong password is tried below, which is counted by account
    response = client.post(path, content=json.dumps(form(address)), headers=COOKIES | typed(content_type))
    assert (response.status_code, response.headers["accept"]) == (415, "application/json")
    assert "application/json" in response.json()["message"]
    assert not set_cookies(response)
    again = client.post("/auth/signin", json=form(address))
    assert again.json() == {"status": "WRONG_CREDENTIALS_ERROR"}  # nobody signed up


@pytest.mark.parametrize("content_type", ["application/json", "Application/JSON", "application/json ; charset=utf-8"])
def test_json_is_read_as_everybody_writes_it(client: httpx2.Client, content_type: str) -> None:
    """Case and parameters of the type do not count."""
    body = json.dumps(form("nobody@example.com"))
    response = client.post("/auth/signin", content=body, headers={"content-type": content_type})
    assert response.json() == {"status": "WRONG_CREDENTIALS_ERROR"}


def test_two_types_are_none(client: httpx2.Client) -> None:
    """Where a header comes twice, nobody can say which of them the browser checked."""
    both = [("content-type", "text/plain"), ("content-type", "application/json")]
    response = client.post("/auth/signin", content=json.dumps(form()), headers=both)
    assert response.status_code == 415


def test_a_body_in_pieces_has_a_type_too(client: httpx2.Client) -> None:
    """A body without a length is one."""
    response = client.post("/auth/signin", content=iter([json.dumps(form()).encode()]))
    assert response.status_code == 415


@pytest.mark.parametrize("headers", [{}, TEXT, AS_JSON], ids=["no type", "text", "json"])
def test_no_body_needs_no_type(client: httpx2.Client, headers: dict[str, str]) -> None:
    """An empty body is that of a form without fields; the frontends say JSON of it, others may say nothing."""
    assert client.post("/auth/signin", headers=headers).json()["status"] == "FIELD_ERROR"


@pytest.mark.parametrize("headers", [{}, TEXT, AS_JSON, URLENCODED], ids=["no type", "text", "json", "form"])
def test_routes_that_read_nothing_ask_for_no_type(client: httpx2.Client, headers: dict[str, str]) -> None:
    """Refreshing and signing out take whatever body comes, of whatever type, and no body."""
    sign_up(client, new_address(), COOKIES)
    assert client.post("/auth/session/refresh", headers=headers, content=b"{").status_code == 200
    assert client.post("/auth/session/refresh", headers=headers).status_code == 200
    assert client.get("/auth/emailpassword/email/exists?email=a@x.io", headers=headers).status_code == 200
    assert client.post("/auth/signout", headers=headers, content=b"{").json() == {"status": "OK"}


@pytest.mark.parametrize(
    "sender",
    [
        EVIL,
        EVIL | {"sec-fetch-site": "cross-site"},
        {"origin": "null"},
        {"origin": "http://localhost:4000"},
        {"origin": "https://localhost:3000"},
        {"origin": "http://localhost:3000.evil.example"},
        {"origin": "http://xn--bcher-kva.example"},
        {"origin": "http://bücher.example"},
        {"sec-fetch-site": "cross-site"},
    ],
    ids=str,
)
@pytest.mark.parametrize(
    "headers",
    [
        URLENCODED,
        TEXT,
        {"content-type": "multipart/form-data; boundary=x"},
        {"sec-fetch-mode": "no-cors"},
        {},
        {"content-type": ""},
        {"sec-fetch-mode": "cors"},
    ],
    ids=str,
)
def test_a_page_of_somebody_else_can_do_nothing(
    client: httpx2.Client, sender: dict[str, str], headers: dict[str, str]
) -> None:
    """Its form, and its script that asks nobody, neither refresh a session, nor end it, nor begin one."""
    user_id = sign_up(client, new_address(), COOKIES).json()["user"]["id"]
    raw = [(name.encode(), value.encode()) for name, value in (sender | headers).items()]
    for path in ("/auth/session/refresh", "/auth/signout", "/auth/signin", "/auth/t1/signup"):
        for body in (b"x=1", b""):
            response = client.post(path, headers=raw, content=body)
            assert response.status_code == 403, path
            assert "website_domain" in response.json()["message"]
            assert not set_cookies(response)
    assert client.get("/me").json() == {"user": user_id}
    assert client.post("/auth/session/refresh").status_code == 200


@pytest.mark.parametrize(
    "sender",
    [
        {},
        {"origin": "http://localhost:3000"},
        {"origin": "http://localhost:8000"},
        {"origin": "null", "sec-fetch-site": "same-origin"},
        {"origin": "http://localhost:3000", "sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "none"},
        EVIL | {"rid": "anti-csrf"},  # which CORS has let through
        EVIL | {"st-auth-mode": "cookie"} | TEXT,
    ],
    ids=str,
)
def test_pages_of_ours_and_programs_can(client: httpx2.Client, sender: dict[str, str]) -> None:
    """The website, also where it is another site, the API's own pages, and programs: with a form or without."""
    sign_up(client, new_address(), COOKIES)
    assert client.post("/auth/session/refresh", headers=sender).status_code == 200
    assert client.post("/auth/signout", headers=URLENCODED | sender, content=b"").json() == {"status": "OK"}


def test_a_page_under_another_name_of_the_api(client: httpx2.Client, address: str) -> None:
    """A page that the API serves itself is its own, by whatever name it was opened."""
    sign_up(client, "by-number@example.com", COOKIES)
    assert client.post("/auth/session/refresh", headers=URLENCODED | {"origin": address}).status_code == 200


@pytest.fixture(scope="module")
def with_provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[httpx2.Client, OpenIDServer]]:
    """Serve an application whose users sign in at a provider."""
    with (
        openid_server() as server,
        third_party_app(tmp_path_factory.mktemp("auth"), provider("corp", server)) as auth,
        serving(web_app(auth)) as address,
        httpx2.Client(base_url=address, verify=False, timeout=PATIENCE_S) as client,
    ):
        yield client, server


@AS_BODY
def test_a_code_in_a_form_signs_nobody_in(
    with_provider: tuple[httpx2.Client, OpenIDServer], content_type: str | None
) -> None:
    """The code of an attacker's own sign-in, posted by his page, is not even redeemed: it is still good afterwards."""
    client, server = with_provider
    body = json.dumps(came_back(begin(client), server, "ada"))
    response = client.post("/auth/signinup", content=body, headers=COOKIES | typed(content_type))
    assert response.status_code == 415
    assert not set_cookies(response)
    assert client.post("/auth/signinup", content=body, headers=AS_JSON).json()["status"] == "OK"


def test_apples_form_comes_from_apples_page(with_provider: tuple[httpx2.Client, OpenIDServer]) -> None:
    """It is of another site by its nature, and is read; as anything else than a form it is not."""
    client, _ = with_provider
    path, apple = "/auth/callback/apple", {"origin": "https://appleid.apple.com", "sec-fetch-site": "cross-site"}
    content = urlencode({"state": "e30", "code": "c"})
    read = client.post(path, content=content, headers=apple | URLENCODED)
    assert (read.status_code, "state" in read.json()["message"]) == (400, True)
    other = client.post(path, content=content, headers=apple | TEXT)
    assert (other.status_code, other.headers["accept"]) == (415, "application/x-www-form-urlencoded")

from __future__ import annotations

import httpx2
import pytest

from tests.patience import PATIENCE_S

from .serving import COOKIES, HEADERS, bearer, exposed, form, front_token, set_cookies, sign_up

pytestmark = pytest.mark.everywhere

CLEARED = "thu, 01 jan 1970 00:00:00 gmt"


def signed_in(client: httpx2.Client, headers: dict[str, str]) -> httpx2.Response:
    """Sign somebody in, up before where need be."""
    client.post("/auth/signup", json=form())
    response = client.post("/auth/signin", json=form(), headers=headers)
    assert response.json()["status"] == "OK"
    return response


def test_first_call_of_a_browser(client: httpx2.Client) -> None:
    """A refresh with nothing is a clean 401: the frontend is to forget its session, and there is no cookie to clear."""
    response = client.post("/auth/session/refresh", headers=COOKIES)
    assert (response.status_code, response.json()) == (401, {"message": "unauthorised"})
    assert response.headers["front-token"] == "remove"
    assert response.headers["st-access-token"] == response.headers["st-refresh-token"] == ""
    assert {"front-token", "st-access-token", "st-refresh-token"} <= exposed(response)
    assert not set_cookies(response)


@pytest.mark.parametrize("cookie", ["sAccessToken=x", "sRefreshToken=x", "sAccessToken=", "a=b; sRefreshToken=x; c=d"])
@pytest.mark.parametrize(
    "sender",
    [
        {},
        {"origin": "http://localhost:3000"},
        {"origin": "http://localhost:3000", "sec-fetch-site": "cross-site"},
        {"origin": "http://localhost:8000"},
        {"origin": "null", "sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "cross-site"},
    ],
    ids=str,
)
def test_a_dead_session_is_forgotten(client: httpx2.Client, cookie: str, sender: dict[str, str]) -> None:
    """Where one cookie came, both are cleared: from programs, the API's pages and the website's, wherever that is."""
    response = client.post("/auth/session/refresh", headers={"cookie": cookie, "rid": "session"} | sender)
    assert (response.status_code, response.json()) == (401, {"message": "unauthorised"})
    assert response.headers["front-token"] == "remove"
    cookies = set_cookies(response)
    assert set(cookies) == {"sAccessToken", "sRefreshToken"}
    assert all(CLEARED in each.lower() for each in cookies.values())


@pytest.mark.parametrize("cookie", ["sAccessToken=x; sRefreshToken=x", "sIdRefreshToken=x; sRefreshToken=x", "a=b"])
@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "http://localhost:4000", "http://localhost", "https://localhost:3000", ""],
)
def test_a_page_of_somebody_else_makes_nobody_forget(client: httpx2.Client, cookie: str, origin: str) -> None:
    """A refresh that somebody else's page was allowed to send, and that fails, leaves the visitor's cookies alone."""
    headers = {"cookie": cookie, "origin": origin, "rid": "session"}  # without it, it is refused: test_foreign_pages.py
    response = client.post("/auth/session/refresh", headers=headers)
    assert (response.status_code, response.json()) == (401, {"message": "unauthorised"})
    assert response.headers["front-token"] == "remove"
    assert not set_cookies(response)


@pytest.mark.parametrize(
    ("origin", "cleared"),
    [(None, True), ("http://localhost:3000", True), ("https://evil.example", False), ("http://localhost:4000", False)],
)
def test_a_session_that_is_gone(client: httpx2.Client, origin: str | None, cleared: bool) -> None:
    """A route of the application that finds its session gone clears the cookies for those that refreshing does."""
    signed_in(client, COOKIES)
    held = {"cookie": "; ".join(f"{name}={value}" for name, value in client.cookies.items())}
    assert client.post("/auth/signout").json() == {"status": "OK"}
    client.cookies.clear()
    sender = {} if origin is None else {"origin": origin}
    response = client.get("/me/now", headers=held | sender)
    assert (response.status_code, response.json()) == (401, {"message": "unauthorised"})
    assert response.headers["front-token"] == "remove"
    assert set(set_cookies(response)) == ({"sAccessToken", "sRefreshToken"} if cleared else set())


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer garbage"}, {"authorization": "Basic x"}])
def test_no_session(client: httpx2.Client, headers: dict[str, str]) -> None:
    """Without a token of ours there is a 401 that clears nothing; an optional session is none."""
    response = client.get("/me", headers=headers)
    assert (response.status_code, response.json()) == (401, {"message": "unauthorised"})
    assert "front-token" not in response.headers
    assert "set-cookie" not in response.headers
    assert client.get("/maybe", headers=headers).json() == {"user": None}


@pytest.mark.parametrize("path", ["/me", "/maybe"])
def test_tampered_token(client: httpx2.Client, path: str) -> None:
    """A forged token has to be refreshed, also where the session is optional."""
    head, payload, signature = signed_in(client, HEADERS).headers["st-access-token"].split(".")
    forged = {"authorization": f"Bearer {head}.{payload}.{'A' * len(signature)}"}
    response = client.get(path, headers=forged)
    assert (response.status_code, response.json()) == (401, {"message": "try refresh token"})
    assert "front-token" not in response.headers


def test_refresh_by_header(client: httpx2.Client) -> None:
    """A refresh gives new tokens, and the old access token still verifies until it expires."""
    first = signed_in(client, HEADERS)
    second = client.post("/auth/session/refresh", headers=HEADERS | bearer(first, "st-refresh-token"))
    assert (second.status_code, second.json()) == (200, {})
    assert "front-token" in exposed(second)
    assert front_token(second)["uid"] == front_token(first)["uid"]
    assert second.headers["st-refresh-token"] != first.headers["st-refresh-token"]
    for response in (first, second):
        assert client.get("/me", headers=bearer(response)).status_code == 200


def test_refresh_by_cookie(client: httpx2.Client) -> None:
    """A browser's refresh sets both cookies anew."""
    signed_in(client, COOKIES)
    assert client.get("/me").status_code == 200
    before = client.cookies["sRefreshToken"]
    response = client.post("/auth/session/refresh", headers=COOKIES)
    assert (response.status_code, response.json()) == (200, {})
    assert client.cookies["sRefreshToken"] != before
    assert client.get("/me").status_code == 200


def test_access_token_is_no_refresh_token(client: httpx2.Client) -> None:
    """An access token presented for a refresh is unknown, like any other text."""
    for token in (bearer(signed_in(client, HEADERS)), {"authorization": "Bearer x"}):
        response = client.post("/auth/session/refresh", headers=token)
        assert (response.status_code, response.json()) == (401, {"message": "unauthorised"})
        assert response.headers["front-token"] == "remove"


@pytest.mark.parametrize("headers", [COOKIES, HEADERS])
def test_sign_out(client: httpx2.Client, headers: dict[str, str]) -> None:
    """Signing out revokes the session and clears the method that it used."""
    session = signed_in(client, headers)
    own = bearer(session) if headers is HEADERS else {}
    response = client.post("/auth/signout", headers=own)
    assert (response.status_code, response.json()) == (200, {"status": "OK"})
    assert response.headers["front-token"] == "remove"
    assert "front-token" in exposed(response)
    if headers is COOKIES:
        assert set(set_cookies(response)) == {"sAccessToken", "sRefreshToken"}
        assert "st-access-token" not in response.headers
        refreshed = client.post("/auth/session/refresh")
    else:
        assert response.headers["st-access-token"] == ""
        assert "set-cookie" not in response.headers
        refreshed = client.post("/auth/session/refresh", headers=bearer(session, "st-refresh-token"))
    assert (refreshed.status_code, refreshed.json()) == (401, {"message": "unauthorised"})


def test_sign_out_without_session(client: httpx2.Client) -> None:
    """Signing out needs a session."""
    response = client.post("/auth/signout")
    assert (response.status_code, response.json()) == (401, {"message": "unauthorised"})


def test_header_wins(client: httpx2.Client) -> None:
    """A valid header token wins over a valid cookie; beside a garbage one the cookie is used."""
    by_header = sign_up(client, "by-header@example.com", HEADERS)
    by_cookie = sign_up(client, "by-cookie@example.com", COOKIES)
    users = [response.json()["user"]["id"] for response in (by_header, by_cookie)]
    assert client.get("/me", headers=bearer(by_header)).json() == {"user": users[0]}
    assert client.get("/me", headers={"authorization": "Bearer garbage"}).json() == {"user": users[1]}


def test_change_of_method(client: httpx2.Client) -> None:
    """Signing in with cookies while presenting a header session clears the header tokens."""
    by_header = signed_in(client, HEADERS)
    response = client.post("/auth/signin", json=form(), headers=COOKIES | bearer(by_header))
    assert response.headers["st-access-token"] == ""
    assert set(set_cookies(response)) == {"sAccessToken", "sRefreshToken"}
    assert front_token(response)["uid"] == response.json()["user"]["id"]


def test_two_cookies_of_a_name(client: httpx2.Client, address: str) -> None:
    """A cookie that another host of the site has set beside ours is passed over, whichever comes first."""
    signed_in(client, COOKIES)
    access, refresh = client.cookies["sAccessToken"], client.cookies["sRefreshToken"]
    for cookie in (f"sAccessToken={access}; sAccessToken=x", f"sAccessToken=x; sAccessToken={access}"):
        assert httpx2.get(f"{address}/me", headers={"cookie": cookie}, timeout=PATIENCE_S).status_code == 200
    for cookie in (f"sRefreshToken={refresh}; sRefreshToken=x", f"sRefreshToken=x; sRefreshToken={refresh}"):
        route = f"{address}/auth/session/refresh"
        assert httpx2.post(route, headers={"cookie": cookie}, timeout=PATIENCE_S).status_code == 200


def test_two_generations_of_a_session(client: httpx2.Client, address: str) -> None:
    """Of two refresh tokens of a session the newer is used: the older one, whose use would be theft, never is."""
    signed_in(client, COOKIES)
    jars = [dict(client.cookies)]
    for _ in range(3):
        assert client.post("/auth/session/refresh").status_code == 200
        jars.append(dict(client.cookies))
    oldest, newest = (f"sRefreshToken={jar['sRefreshToken']}" for jar in (jars[0], jars[-1]))
    for cookie in (f"{oldest}; {newest}", f"{newest}; {oldest}"):
        answer = httpx2.post(f"{address}/auth/session/refresh", headers={"cookie": cookie}, timeout=PATIENCE_S)
        assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("path", ["/auth/t1/session/refresh", "/auth/session/refresh/"])
def test_refresh_with_tenant_or_slash(client: httpx2.Client, path: str) -> None:
    """The refresh route also answers with a tenant and with a trailing slash."""
    first = signed_in(client, HEADERS)
    assert client.post(path, headers=bearer(first, "st-refresh-token")).status_code == 200

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest

from authweave.types import JSON
from tests.patience import PATIENCE_S

from .serving import COOKIES, HEADERS, PASSWORD, bearer, exposed, form, front_token, jwt_part, set_cookies, sign_up

pytestmark = pytest.mark.everywhere


def test_sign_up_with_cookies(client: httpx2.Client) -> None:
    """There are two cookies with all of their attributes, and a front-token that mirrors the JWT."""
    response = client.post("/auth/signup", json=form("cookies@example.com"), headers=COOKIES)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    cookies = set_cookies(response)
    assert set(cookies) == {"sAccessToken", "sRefreshToken"}
    assert "path=/;" in cookies["sAccessToken"].lower() + ";"
    assert "path=/auth/session/refresh" in cookies["sRefreshToken"].lower()
    for cookie in cookies.values():
        assert "httponly" in cookie.lower()
        assert "samesite=lax" in cookie.lower()
        assert "secure" not in cookie.lower()
    payload = jwt_part(client.cookies["sAccessToken"], 1)
    shown = front_token(response)
    assert shown["up"] == payload
    assert shown["uid"] == payload["sub"] == response.json()["user"]["id"]
    assert isinstance(payload["exp"], int)
    assert shown["ate"] == payload["exp"] * 1000
    assert "front-token" in exposed(response)
    assert "st-access-token" not in response.headers


@pytest.mark.parametrize("wish", ["header", None, "HEADER", "nonsense"])
def test_sign_up_with_headers(client: httpx2.Client, wish: str | None) -> None:
    """By header, and with no wish, the tokens come in exposed headers and no cookie is set."""
    client.post("/auth/signup", json=form("headers@example.com"))
    headers = {} if wish is None else {"st-auth-mode": wish}
    response = client.post("/auth/signin", json=form("headers@example.com"), headers=headers)
    assert {"st-access-token", "st-refresh-token", "front-token"} <= exposed(response)
    assert set_cookies(response) == {}
    assert client.get("/me", headers=bearer(response)).json() == {"user": response.json()["user"]["id"]}


def test_user(client: httpx2.Client) -> None:
    """The address is stored trimmed and in lower case; nothing says ``createdNew...``."""
    body = client.post("/auth/signup", json=form(" Case@Example.com ")).json()
    assert set(body) == {"status", "user"}
    assert body["user"]["emails"] == ["case@example.com"]
    again = client.post("/auth/signin", json=form("CASE@example.com")).json()
    assert again == body


@pytest.mark.parametrize(
    ("version", "legacy"),
    [("1.16,1.17", True), ("2.0", True), ("1.18", False), ("3.0", False), ("x" * 9000, False)],
)
def test_shapes_by_version(client: httpx2.Client, version: str, legacy: bool) -> None:
    """The shape of the user follows the version that the client lists."""
    client.post("/auth/signup", json=form("versions@example.com"))
    body = client.post("/auth/signin", json=form("versions@example.com"), headers={"fdi-version": version}).json()
    assert body["status"] == "OK"
    assert ("loginMethods" in body["user"]) is not legacy
    if legacy:
        assert set(body["user"]) == {"id", "email", "timeJoined"}


def test_taken_address(client: httpx2.Client) -> None:
    """A second sign-up with an address is a FIELD_ERROR of the field, whatever the case of the address."""
    sign_up(client, "taken@example.com")
    response = client.post("/auth/signup", json=form("Taken@example.com"))
    assert response.status_code == 200
    assert response.json() == {
        "status": "FIELD_ERROR",
        "formFields": [{"id": "email", "error": "This email already exists. Please sign in instead."}],
    }
    assert "front-token" not in response.headers


def test_wrong_credentials(client: httpx2.Client) -> None:
    """An unknown address and a wrong password look the same."""
    sign_up(client, "known@example.com")
    wrong = client.post("/auth/signin", json=form("known@example.com", "not this 1"))
    unknown = client.post("/auth/signin", json=form("unknown@example.com", "not this 1"))
    assert wrong.json() == unknown.json() == {"status": "WRONG_CREDENTIALS_ERROR"}
    assert wrong.status_code == unknown.status_code == 200
    assert set(wrong.headers) == set(unknown.headers)


@pytest.mark.parametrize(
    "email", ["x@stfakeemail.supertokens.com", "x@STFakeEmail.supertokens.com", "a@x.fakeemail.com"]
)
def test_fake_address(client: httpx2.Client, email: str) -> None:
    """Nobody signs up or in with an address that stands in for none."""
    assert client.post("/auth/signup", json=form(email)).json()["status"] == "FIELD_ERROR"
    assert client.post("/auth/signin", json=form(email)).json() == {"status": "WRONG_CREDENTIALS_ERROR"}


@pytest.mark.parametrize("path", ["/auth/emailpassword/email/exists", "/auth/signup/email/exists"])
def test_email_exists(client: httpx2.Client, path: str) -> None:
    """The old and the new path say whether an address has a password on the tenant."""
    client.post("/auth/signup", json=form("exists@example.com"))

    def ask(path: str, **params: str) -> JSON:
        body: JSON = client.get(path, params=params).json()
        return body

    assert ask(path, email=" Exists@example.com") == {"status": "OK", "exists": True}
    assert ask(path, email="nobody@example.com") == {"status": "OK", "exists": False}
    assert ask(path, email="") == {"status": "OK", "exists": False}
    assert ask(path.replace("/auth", "/auth/t1"), email="exists@example.com") == {"status": "OK", "exists": False}
    missing = client.get(path)
    assert missing.status_code == 400
    assert missing.json() == {"message": "Please provide the email as a GET param"}


@pytest.mark.parametrize("query", ["email=a%00@x.io", "email=" + "a" * 400, "email=%e2%80%ae"])
def test_email_exists_with_no_address(client: httpx2.Client, query: str) -> None:
    """A parameter that no store could look for is a 400."""
    assert client.get(f"/auth/emailpassword/email/exists?{query}").status_code == 400


def test_tenants(client: httpx2.Client) -> None:
    """A user belongs to the tenant of the path, and may have the address of another tenant's user."""
    public = sign_up(client, "tenants@example.com").json()["user"]
    other = client.post("/auth/t1/signup", json=form("tenants@example.com")).json()["user"]
    assert public["tenantIds"] == ["public"]
    assert other["tenantIds"] == ["t1"]
    assert client.post("/auth/t1/signin", json=form("tenants@example.com")).json()["user"]["id"] == other["id"]
    assert client.post("/auth/public/signin", json=form("tenants@example.com")).json()["user"]["id"] == public["id"]


def test_unknown_tenant(client: httpx2.Client) -> None:
    """A tenant that does not exist is named in a 400."""
    for response in (
        client.post("/auth/nobody/signup", json=form()),
        client.post("/auth/nobody/signin", json=form()),
        client.get("/auth/nobody/emailpassword/email/exists?email=a@x.io"),
    ):
        assert response.status_code == 400
        assert "'nobody'" in response.json()["message"]


class TestLinkingFlag:
    """docs/reference/http.md, Linking."""

    def test_flag_needs_session(self, client: httpx2.Client) -> None:
        """A client that wants linking needs a session."""
        body = form("flag@example.com", shouldTryLinkingWithSessionUser=True)
        response = client.post("/auth/signup", json=body, headers={"fdi-version": "3.1"})
        assert response.status_code == 401
        assert response.json() == {"message": "unauthorised"}

    def test_flag_with_session(self, client: httpx2.Client) -> None:
        """There is no account linking: who asks for it is told so."""
        session = bearer(sign_up(client, "flag1@example.com"))
        body = form("flag2@example.com", shouldTryLinkingWithSessionUser=True)
        response = client.post("/auth/signup", json=body, headers=session)
        assert response.status_code == 400
        assert "account linking" in response.json()["message"]

    @pytest.mark.parametrize("flag", [{}, {"shouldTryLinkingWithSessionUser": False}])
    def test_no_flag_ignores_session(self, client: httpx2.Client, flag: dict[str, JSON]) -> None:
        """Without the wish a session of the request is not even looked at."""
        client.post("/auth/signup", json=form("flag3@example.com"))
        broken = {"authorization": "Bearer " + sign_up_token_with_wrong_signature(client)}
        response = client.post("/auth/signin", json=form("flag3@example.com", **flag), headers=broken)
        assert response.json()["status"] == "OK"

    def test_older_clients(self, client: httpx2.Client) -> None:
        """Of older clients the session is taken where there is one, and a bad one has to be refreshed."""
        client.post("/auth/signup", json=form("flag3@example.com"))
        old = {"fdi-version": "3.0"}
        assert client.post("/auth/signin", json=form("flag3@example.com"), headers=old).json()["status"] == "OK"
        broken = old | {"authorization": "Bearer " + sign_up_token_with_wrong_signature(client)}
        response = client.post("/auth/signin", json=form("flag3@example.com"), headers=broken)
        assert (response.status_code, response.json()) == (401, {"message": "try refresh token"})


def sign_up_token_with_wrong_signature(client: httpx2.Client) -> str:
    """Return an access token that somebody changed."""
    client.post("/auth/signup", json=form("forger@example.com"))
    token = client.post("/auth/signin", json=form("forger@example.com"), headers=HEADERS).headers["st-access-token"]
    head, payload, signature = token.split(".")
    return f"{head}.{payload}.{'A' * len(signature)}"


def test_two_sign_ups_at_once(client: httpx2.Client, address: str) -> None:
    """Of several sign-ups for one address at once exactly one wins, and the others are told."""

    def attempt(number: int) -> str:
        body = httpx2.post(
            f"{address}/auth/signup", json=form("race@example.com", f"{PASSWORD}{number}"), timeout=PATIENCE_S
        ).json()
        return "OK" if body["status"] == "OK" else body["formFields"][0]["id"]

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(attempt, range(8)))
    assert sorted(outcomes) == ["OK", *["email"] * 7]
    winner = outcomes.index("OK")
    signed_in = client.post("/auth/signin", json=form("race@example.com", f"{PASSWORD}{winner}"))
    assert signed_in.json()["status"] == "OK"

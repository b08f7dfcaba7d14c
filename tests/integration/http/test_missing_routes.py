"""What the frontends ask of recipes that are not there (docs/reference/http.md, What no recipe serves)."""

from __future__ import annotations

import httpx2
import pytest

from .serving import form

pytestmark = pytest.mark.everywhere

FRONTEND = {"fdi-version": "3.1,4.0,4.1", "rid": "any"}


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("GET /auth/authorisationurl?thirdPartyId=github", "Signing in with this provider is not available here."),
        ("POST /auth/public/signinup", "Signing in with this provider is not available here."),
        ("POST /auth/t1/signinup/code", "Signing in with a code or a link is not available here."),
        ("GET /auth/public/passwordless/email/exists", "Signing in with a code or a link is not available here."),
        ("POST /auth/public/webauthn/options/register", "Signing in with a passkey is not available here."),
        ("POST /auth/webauthn/options/signin/", "Signing in with a passkey is not available here."),
        ("GET /auth/user/email/verify", "Addresses are not verified here."),
        ("PUT /auth/mfa/info", "A second factor is not asked for here."),
        ("POST /auth/totp/verify", "Codes of an authenticator app are not used here."),
        ("GET /auth/oauth/login/info", "Signing in to other applications is not possible here."),
    ],
)
def test_a_page_is_told(client: httpx2.Client, title: str, said: str) -> None:
    """A frontend gets a message for the person; who is none gets what the application behind says."""
    method, path = title.split(" ")
    answer = client.request(method, path, headers=FRONTEND)
    assert answer.status_code == 200
    assert answer.json()["status"] == "GENERAL_ERROR"
    assert answer.json()["message"].startswith(said)
    assert answer.headers["cache-control"] == "no-store"
    assert client.request(method, path).status_code == 404


def test_what_is_there_comes_first(client: httpx2.Client) -> None:
    """A tenant may be called as a page of a recipe that is not there."""
    answer = client.post("/auth/webauthn/signup", json=form(), headers=FRONTEND)
    assert (answer.status_code, "There is no tenant 'webauthn'" in answer.text) == (400, True)

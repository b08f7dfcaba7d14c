"""Signing in at the demo with a certified provider, over HTTP, through the provider's forms."""

from __future__ import annotations

from collections.abc import Iterator

import httpx2
import pytest

from authweave.types import JSON
from tests.e2e.demo_process import started_demo
from tests.e2e.openid_provider import NODE, agreed
from tests.integration.http.serving import HEADERS, bearer, form
from tests.patience import PATIENCE_S
from tests.unit.cli.demo_journal import journal, lines

pytestmark = pytest.mark.node


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    """Run the demo, with a provider to sign in with."""
    data = tmp_path_factory.mktemp("demo") / "demo.db"
    with (
        started_demo(data, "--port=0", f"--provider={NODE}") as demo,
        httpx2.Client(base_url=demo.origin, headers=HEADERS, timeout=PATIENCE_S, trust_env=False) as client,
    ):
        yield client


def returned(client: httpx2.Client, name: str) -> dict[str, JSON]:
    """Go to the provider and back; return what the page sends then."""
    redirect_uri = f"{str(client.base_url).removesuffix('/')}/callback"
    query = {"thirdPartyId": "local", "redirectURIOnProviderDashboard": redirect_uri}
    begun = client.get("/auth/authorisationurl", params=query).json()
    assert begun["status"] == "OK"
    return {
        "redirectURIOnProviderDashboard": redirect_uri,
        "redirectURIQueryParams": {**agreed(begun["urlWithQueryParams"], name, redirect_uri)},
        "pkceCodeVerifier": begun["pkceCodeVerifier"],
    }


def sign_in_up(client: httpx2.Client, back: dict[str, JSON]) -> httpx2.Response:
    """Send what came back."""
    return client.post("/auth/signinup", json={"thirdPartyId": "local", "redirectURIInfo": back})


def test_the_first_time_and_the_second(client: httpx2.Client) -> None:
    """The first sign-in leaves no session, because of the key that an override set; the second gives one."""
    first = sign_in_up(client, returned(client, "ada"))
    assert first.json()["createdNewRecipeUser"] is True
    assert "front-token" not in first.headers
    assert list(lines(journal(client, first)))[-12:] == [
        "APIImplementation.sign_in_up_post",
        "  ProviderImplementation.exchange_auth_code_for_oauth_tokens",
        "  ProviderImplementation.get_user_info",
        "  RecipeImplementation.get_tenant",
        "  RecipeImplementation.list_users_by_account_info",
        "  note_first_sign_in +isSignUp",
        "    RecipeImplementation.sign_in_up",
        "      RecipeImplementation.manually_create_or_update_user",
        "        RecipeImplementation.list_users_by_account_info",
        "  RecipeImplementation.is_email_verified",
        "  no_session_after_sign_up",
        "    not RecipeImplementation.create_new_session",
    ]

    second = sign_in_up(client, returned(client, "ada"))
    assert second.json()["createdNewRecipeUser"] is False
    assert client.get("/demo/protected", headers=bearer(second)).json()["userId"] == first.json()["user"]["id"]
    assert list(lines(journal(client, second)))[-15:] == [
        "  note_first_sign_in",
        "    RecipeImplementation.sign_in_up",
        "      RecipeImplementation.manually_create_or_update_user",
        "        RecipeImplementation.list_users_by_account_info",
        "  RecipeImplementation.is_email_verified",
        "  no_session_after_sign_up",
        "    RecipeImplementation.create_new_session",
        "  RecipeImplementation.mark_factor_as_complete_in_session",
        "    RecipeImplementation.get_tenant",
        "    ask_who_has_an_app",
        "      RecipeImplementation.get_factors_setup_for_user",
        "      RecipeImplementation.get_mfa_requirements_for_auth",
        "        RecipeImplementation.get_required_secondary_factors_for_user",
        "          RecipeImplementation.get_user_metadata",
        "    RecipeImplementation.regenerate_access_token",
    ]


def test_a_code_that_was_changed_or_used(client: httpx2.Client) -> None:
    """The provider refuses such a code; the page is told that it did not work, and nobody is signed in."""
    back = returned(client, "alan")
    query = back["redirectURIQueryParams"]
    assert isinstance(query, dict)
    changed = {**back, "redirectURIQueryParams": {**query, "code": f"{query['code']}x"}}
    assert sign_in_up(client, changed).json() == {
        "status": "GENERAL_ERROR",
        "message": "Signing in with the provider did not work. Please try again.",
    }
    assert sign_in_up(client, back).json()["status"] == "OK"
    again = sign_in_up(client, back)
    assert again.json()["status"] == "GENERAL_ERROR"
    assert "front-token" not in again.headers


def test_an_address_that_somebody_here_has(client: httpx2.Client) -> None:
    """Who has an address at the provider, vouched for or not, is not who signed up with it here."""
    for name in ("unsure-grace", "grace"):
        here = client.post("/auth/signup", json=form(f"{name}@example.com")).json()["user"]
        there = sign_in_up(client, returned(client, name)).json()["user"]
        assert there["emails"] == here["emails"]
        assert there["id"] != here["id"]
        assert [each["verified"] for each in there["loginMethods"]] == [name == "grace"]

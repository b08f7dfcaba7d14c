"""Programs about users: pages of them, metadata, providers, scripts, and an application with tests of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from authweave.types import JSON
from tests.integration.http.serving import HEADERS, bearer, sign_up
from tests.integration.moved.running import Programs
from tests.integration.thirdparty.openid_server import REDIRECT_URI, OpenIDServer, openid_server


@pytest.fixture(scope="module")
def provider() -> Iterator[OpenIDServer]:
    """Run a provider on loopback."""
    with openid_server() as server:
        yield server


def begin(client: httpx2.Client, third_party_id: str, **query: str) -> httpx2.Response:
    """Ask where to send the user."""
    params = {"thirdPartyId": third_party_id, "redirectURIOnProviderDashboard": REDIRECT_URI, **query}
    return client.get("/auth/authorisationurl", params=params)


def come_back(client: httpx2.Client, provider: OpenIDServer, third_party_id: str) -> httpx2.Response:
    """Go to the provider and back, as a browser does."""
    begun = begin(client, third_party_id).json()
    body: dict[str, JSON] = {
        "thirdPartyId": third_party_id,
        "redirectURIInfo": {
            "redirectURIOnProviderDashboard": REDIRECT_URI,
            "redirectURIQueryParams": provider.authorise(begun["urlWithQueryParams"]),
            "pkceCodeVerifier": begun["pkceCodeVerifier"],
        },
    }
    return client.post("/auth/signinup", json=body, headers=HEADERS)


def test_openid_sign_in(programs: Programs, provider: OpenIDServer) -> None:
    """Overrides of function and APIs see what the provider said."""
    with programs.client("openid_sign_in", OPENID_ISSUER=provider.issuer) as client:
        closed = begin(client, "corp", closed="yes")
        assert closed.json() == {"status": "GENERAL_ERROR", "message": "corp is closed"}
        first = come_back(client, provider, "corp")
        assert (first.json()["status"], first.json()["createdNewRecipeUser"]) == ("OK", True)
        assert first.headers["x-welcome"] == "corp"
        assert client.get("/provider-data", headers=bearer(first)).json() == {
            "subject": "ada",
            "has_access_token": True,
            "new": True,
        }
        second = come_back(client, provider, "corp")
        assert second.json()["createdNewRecipeUser"] is False
        assert "x-welcome" not in second.headers
        assert client.get("/provider-data", headers=bearer(second)).json()["new"] is False


def test_own_provider(programs: Programs, provider: OpenIDServer) -> None:
    """A provider described by its endpoints works, with an override of what it says."""
    with programs.client("own_provider", OPENID_ISSUER=provider.issuer) as client:
        about = client.get("/about").json()
        assert (about["id"], about["name"], about["client"]) == ("own", "Our own", "web")
        asked = urlsplit(str(about["url"]))
        assert asked.path == "/authorise"
        assert parse_qs(asked.query)["prompt"] == ["login"]
        provider.users["unverified"] = {"email": "eve@example.com", "email_verified": False}
        signed_in = come_back(client, provider, "own").json()
        assert signed_in["user"]["loginMethods"][0]["verified"] is True
        assert signed_in["user"]["thirdParty"] == [{"id": "own", "userId": "ada"}]
        imported = client.post("/import", params={"third_party_user_id": "grace", "email": "grace@example.com"})
        assert imported.json() == {"new": True, "found": True, "third_party": [{"id": "own", "userId": "grace"}]}


def test_user_admin(programs: Programs) -> None:
    """Users are paged, counted, found, shown and deleted."""
    with programs.client("user_admin") as client:
        users = {name: sign_up(client, f"{name}@example.com") for name in ("ada", "bob", "cy")}
        page = client.get("/users").json()
        assert page["emails"] == ["cy@example.com", "bob@example.com"]
        rest = client.get("/users", params={"token": page["next"]}).json()
        assert rest == {"emails": ["ada@example.com"], "next": None}
        assert client.get("/oldest").json() == {"email": "ada@example.com", "count": 3}
        ada = users["ada"].json()["user"]["id"]
        shown = client.get(f"/users/{ada}").json()
        assert shown["emails"] == ["ada@example.com"]
        assert shown["loginMethods"][0]["recipeUserId"] == ada
        assert shown["loginMethods"][0]["recipeId"] == "emailpassword"
        assert client.get("/find", params={"email": "ada@example.com"}).json() == {
            "same_list": True,
            "same_login": True,
            "same_email": True,
            "same_phone": False,
            "roles": False,
            "passwords": True,
        }
        assert client.delete(f"/users/{ada}").json() == {"count": 2}
        assert client.get(f"/users/{ada}").status_code == 404


def test_metadata(programs: Programs) -> None:
    """Metadata is merged, by way of an override, and forgotten."""
    with programs.client("metadata") as client:
        user = bearer(sign_up(client, "ada@example.com"))
        assert client.get("/profile", headers=user).json() == {}
        first = client.patch("/profile", json={"name": "Ada", "tea": {"milk": True}}, headers=user).json()
        assert first == {"name": "Ada", "tea": {"milk": True}, "changes": 1}
        second = client.patch("/profile", json={"name": None, "age": 36}, headers=user).json()
        assert second == {"tea": {"milk": True}, "age": 36, "changes": 2}
        assert client.delete("/profile", headers=user).json() == {}


def test_users_script(programs: Programs) -> None:
    """A script does its work and says what came of it."""
    done = programs.command("users_script.py", "ada@example.com", "bob@example.com", "ada@example.com", name="script")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "new ada@example.com ['member']",
        "new bob@example.com ['member']",
        "taken ada@example.com",
        "before True after True",
        "session True True",
        "left 1",
    ]


def test_tested(programs: Programs) -> None:
    """An application's own tests pass."""
    done = programs.command("-m", "pytest", "-q", "-c", os.devnull, "tested.py", name="tested")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 passed" in done.stdout

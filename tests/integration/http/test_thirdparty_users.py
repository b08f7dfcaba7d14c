"""What is known of a user beside who she is: the name that Apple tells once, and an address that changes at Google."""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit

import attrs
import httpx2
import pytest

from authweave.app import App
from authweave.recipe.thirdparty import ProviderConfig, ProviderInput, SignInUp, SignInUpResult
from authweave.recipe.thirdparty.types import RawUserInfoFromProvider
from authweave.types import JSON
from tests.integration.thirdparty.openid_server import OpenIDServer

from .serving import sign_up
from .thirdparty_app import begin, came_back, client_of, sign_in_up, third_party_app

FORM = {"content-type": "application/x-www-form-urlencoded"}
ADA: JSON = {"name": {"firstName": "Ada", "lastName": "Łovelace"}, "email": "ada@example.com"}


@attrs.frozen
class World:
    """An application, and what its override of ``sign_in_up`` saw, newest last."""

    app: App
    seen: list[RawUserInfoFromProvider]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, server: OpenIDServer) -> Iterator[World]:
    """Build an application with the entries of Apple and Google, and one that the library does not know."""
    seen: list[RawUserInfoFromProvider] = []

    @SignInUp.override
    async def note(call: SignInUp) -> SignInUpResult:
        seen.append(call.raw_user_info_from_provider)
        return await call.original()

    providers = (
        ProviderInput(ProviderConfig(name, oidc_discovery_endpoint=server.issuer, clients=[client_of()]))
        for name in ("apple", "google", "corp")
    )
    with third_party_app(tmp_path_factory.mktemp("auth"), *providers, overrides=[note]) as app:
        yield World(app, seen)


@pytest.fixture(scope="module")
def auth(world: World) -> App:
    """Return the application that is served."""
    return world.app


@pytest.fixture
def user(server: OpenIDServer) -> str:
    """Make a user of the provider, whom nobody else knows."""
    name = uuid.uuid4().hex
    server.users[name] = {"email": f"{name}@example.com", "email_verified": "true"}
    return name


def back_from(
    client: httpx2.Client, server: OpenIDServer, user: str, said: JSON, third_party_id: str = "apple"
) -> httpx2.Response:
    """Sign in with what the provider said beside the code."""
    body = came_back(begin(client, third_party_id), server, user, third_party_id)
    redirect = body["redirectURIInfo"]
    assert isinstance(redirect, dict)
    query = redirect["redirectURIQueryParams"]
    assert isinstance(query, dict)
    return client.post(
        "/auth/signinup",
        json={**body, "redirectURIInfo": {**redirect, "redirectURIQueryParams": {**query, "user": said}}},
    )


class TestTheNameThatAppleTells:
    def test_from_form_to_override(self, client: httpx2.Client, server: OpenIDServer, world: World, user: str) -> None:
        """Apple posts it with the first code; by the browser's URL it gets to the application, and nowhere else."""
        begun = begin(client, "apple").json()
        state = base64.b64encode(json.dumps({"frontendRedirectURI": "http://localhost:3000/cb"}).encode()).decode()
        posted = {**server.authorise(begun["urlWithQueryParams"], user), "state": state, "user": json.dumps(ADA)}
        page = client.post("/auth/callback/apple", content=urlencode(posted), headers=FORM)
        info: JSON = {
            "redirectURIOnProviderDashboard": "http://localhost:3000/auth/callback",
            "redirectURIQueryParams": dict(parse_qsl(urlsplit(page.headers["location"]).query)),
            "pkceCodeVerifier": begun["pkceCodeVerifier"],
        }
        answer = client.post("/auth/signinup", json={"thirdPartyId": "apple", "redirectURIInfo": info})
        assert answer.json()["status"] == "OK"
        assert "Łovelace" not in answer.text
        claims = world.seen[-1].from_id_token_payload
        assert claims is not None
        assert claims["user"] == {"name": {"firstName": "Ada", "lastName": "Łovelace"}}
        assert claims["sub"] == user

        assert sign_in_up(client, server, user, "apple").json()["createdNewRecipeUser"] is False
        again = world.seen[-1].from_id_token_payload
        assert again is not None
        assert "user" not in again

    def test_nothing_in_it_is_believed(
        self, client: httpx2.Client, server: OpenIDServer, world: World, user: str
    ) -> None:
        """Who edits it changes neither who signs in nor an address: what Apple signed wins."""
        said = (
            {**ADA, "sub": "eve", "email": "eve@example.com", "email_verified": True} if isinstance(ADA, dict) else {}
        )
        method = back_from(client, server, user, json.dumps(said)).json()["user"]["loginMethods"][0]
        assert (method["email"], method["verified"]) == (f"{user}@example.com", True)
        assert method["thirdParty"] == {"id": "apple", "userId": user}
        server.users[user] = {}
        assert back_from(client, server, user, json.dumps(said)).json() == {"status": "NO_EMAIL_GIVEN_BY_PROVIDER"}
        server.users[user] = {"email": f"{user}@example.com", "user": "signed"}
        back_from(client, server, user, json.dumps(said))
        claims = world.seen[-1].from_id_token_payload
        assert claims is not None
        assert claims["user"] == "signed"

    @pytest.mark.parametrize(
        ("said", "kept"),
        [
            ({"name": {"firstName": "Ada", "middleName": "M", "lastName": 7}}, {"firstName": "Ada"}),
            ('{"name": {"lastName": "\\u0644\\u200c\\u0647"}}', {"lastName": "\u0644\u200c\u0647"}),
            ('{"name": {"firstName": "' + "a" * 256 + '", "lastName": "b"}}', {"lastName": "b"}),
            ('{"name": {"firstName": "\\u0000", "lastName": "\\ud800"}}', None),
            ('{"name": {"firstName": ""}}', None),
            ('{"name": "Ada"}', None),
            ('{"name": {"firstName": "Ada"}}' + " " * 5000, None),
            ("[" * 4000, None),
            ("Ada", None),
            ("", None),
            (7, None),
            ([], None),
            (None, None),
        ],
    )
    def test_of_any_shape(
        self, client: httpx2.Client, server: OpenIDServer, world: World, said: JSON, kept: JSON
    ) -> None:
        """What is no name, or too long for one, is left out; the sign-in goes on."""
        assert back_from(client, server, "ada", said).json()["status"] == "OK"
        claims = world.seen[-1].from_id_token_payload
        assert claims is not None
        assert claims.get("user") == (None if kept is None else {"name": kept})

    def test_beside_tokens(self, client: httpx2.Client, server: OpenIDServer, world: World) -> None:
        """A phone that has an ID token of Apple's may send the name beside it; elsewhere nobody looks at it."""
        for third_party_id, found in (("apple", {"name": {"firstName": "Ada"}}), ("corp", None)):
            tokens: JSON = {"id_token": server.id_token("web"), "user": {"name": {"firstName": "Ada"}}}
            body = {"thirdPartyId": third_party_id, "oAuthTokens": tokens}
            assert client.post("/auth/signinup", json=body).json()["status"] == "OK"
            claims = world.seen[-1].from_id_token_payload
            assert claims is not None
            assert claims.get("user") == found

    def test_elsewhere(self, client: httpx2.Client, server: OpenIDServer, world: World) -> None:
        """A parameter of this name that others send back is theirs."""
        assert back_from(client, server, "ada", json.dumps(ADA), "corp").json()["status"] == "OK"
        claims = world.seen[-1].from_id_token_payload
        assert claims is not None
        assert "user" not in claims


class TestAnAddressThatChangesAtGoogle:
    def test_it_follows(self, client: httpx2.Client, server: OpenIDServer, user: str) -> None:
        """The user stays who she is, by ``sub``; the address is the one of now, as verified as Google says now."""
        first = sign_in_up(client, server, user, "google").json()["user"]
        for email, verified in ((f"new-{user}@example.com", True), (f"other-{user}@example.com", False)):
            server.users[user] = {"email": email, "email_verified": verified}
            answer = sign_in_up(client, server, user, "google").json()
            assert (answer["user"]["id"], answer["createdNewRecipeUser"]) == (first["id"], False)
            assert answer["user"]["emails"] == [email]
            assert [(each["email"], each["verified"]) for each in answer["user"]["loginMethods"]] == [(email, verified)]

    def test_to_one_that_another_account_has(self, client: httpx2.Client, server: OpenIDServer, user: str) -> None:
        """It follows all the same: nobody is refused, merged or signed in as somebody else for an address's sake."""
        address = f"taken-{user}@example.com"
        with_password = sign_up(client, address).json()["user"]
        server.users[f"2-{user}"] = {"email": address, "email_verified": True}
        of_google = sign_in_up(client, server, f"2-{user}", "google").json()["user"]
        first = sign_in_up(client, server, user, "google").json()["user"]
        server.users[user] = {"email": address, "email_verified": True}
        moved = sign_in_up(client, server, user, "google").json()["user"]
        assert (moved["id"], moved["emails"]) == (first["id"], [address])
        assert len({with_password["id"], of_google["id"], moved["id"]}) == 3
        assert [each["recipeId"] for each in moved["loginMethods"]] == ["thirdparty"]
        again = sign_in_up(client, server, f"2-{user}", "google").json()["user"]
        assert (again["id"], again["emails"]) == (of_google["id"], [address])

    def test_the_former_one_is_free(self, client: httpx2.Client, server: OpenIDServer, user: str) -> None:
        """Who gets the address that she gave up is another user, and does not see her account."""
        former = str(server.users[user]["email"])
        first = sign_in_up(client, server, user, "google").json()["user"]
        server.users[user] = {"email": f"new-{user}@example.com", "email_verified": True}
        sign_in_up(client, server, user, "google")
        server.users[f"2-{user}"] = {"email": former, "email_verified": True}
        heir = sign_in_up(client, server, f"2-{user}", "google").json()
        assert heir["createdNewRecipeUser"] is True
        assert heir["user"]["id"] != first["id"]
        assert sign_in_up(client, server, user, "google").json()["user"]["id"] == first["id"]

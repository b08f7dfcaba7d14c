"""Signing in with a provider over HTTP (docs/reference/http.md, Providers and Users)."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from urllib.parse import parse_qsl, urlsplit

import httpx2
import pytest

from authweave.app import App
from authweave.recipe.thirdparty import ProviderConfig, ProviderInput, ThirdPartyRecipe
from authweave.types import JSON
from tests.integration.thirdparty.hostile_server import HostileServer, hostile_server
from tests.integration.thirdparty.openid_server import REDIRECT_URI, OpenIDServer
from tests.leaping import LeapingLoop
from tests.patience import PATIENCE_S

from .conftest import web_app
from .serving import COOKIES, HEADERS, bearer, exposed, front_token, serving, set_cookies, sign_up
from .thirdparty_app import begin, came_back, client_of, provider, sign_in_up, third_party_app

GENERAL_ERROR = "GENERAL_ERROR"
WELL_KNOWN = "/.well-known/openid-configuration"


@pytest.fixture(scope="module")
def hostile() -> Iterator[HostileServer]:
    """Serve what is no provider."""
    with hostile_server() as made:
        yield made


@pytest.fixture(scope="module")
def address(auth: App, hostile: HostileServer) -> Iterator[str]:
    """Serve it on a loop on which nobody waits for a timeout: time leaps when a provider is not going to answer."""
    loop = LeapingLoop()
    hostile.at_wait = partial(loop.leap, PATIENCE_S)
    with serving(web_app(auth), loop_factory=lambda: loop) as address:
        yield address


@pytest.fixture(scope="module")
def auth(tmp_path_factory: pytest.TempPathFactory, server: OpenIDServer, hostile: HostileServer) -> Iterator[App]:
    """Build an application with good providers and bad ones."""
    discovered_at = {how: f"{hostile.address}/{how}{WELL_KNOWN}" for how in ("html", "500", "slow", "big", "loop")}
    discovered_at["down"] = "http://127.0.0.1:1"
    bad = [
        ProviderInput(ProviderConfig(how, oidc_discovery_endpoint=where, clients=[client_of()]))
        for how, where in discovered_at.items()
    ]
    two = ProviderConfig("two", oidc_discovery_endpoint=server.issuer, clients=[client_of("web"), client_of("ios")])
    everywhere = ProviderInput(two, include_in_non_public_tenants_by_default=True)
    with third_party_app(
        tmp_path_factory.mktemp("auth"),
        provider("corp", server),
        provider("nomail", server, require_email=False),
        everywhere,
        *bad,
    ) as app:
        yield app


@pytest.fixture
def user(server: OpenIDServer) -> str:
    """Make a user of the provider, whom nobody else knows."""
    name = uuid.uuid4().hex
    server.users[name] = {"email": f"{name}@Example.com", "email_verified": True}
    return name


def test_authorisation_url(client: httpx2.Client, server: OpenIDServer) -> None:
    """The URL is the provider's, with PKCE and a nonce and without a state; what the frontend keeps is opaque."""
    answer = begin(client)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert set(answer.json()) == {"status", "urlWithQueryParams", "pkceCodeVerifier"}
    url = str(answer.json()["urlWithQueryParams"])
    assert url.startswith(f"{server.issuer}/authorize?theme=dark&")
    query = dict(parse_qsl(urlsplit(url).query))
    assert (query["client_id"], query["redirect_uri"], query["response_type"]) == ("web", REDIRECT_URI, "code")
    assert (query["code_challenge_method"], "state" in query) == ("S256", False)
    assert "openid" in query["scope"].split()
    assert query["nonce"] not in answer.json()["pkceCodeVerifier"]


def test_first_and_second_sign_in(client: httpx2.Client, server: OpenIDServer, user: str) -> None:
    """The first sign-in makes the user, the second finds it; both give a session."""
    first = sign_in_up(client, server, user, headers=HEADERS)
    assert (first.status_code, first.headers["content-type"]) == (200, "application/json; charset=utf-8")
    body = first.json()
    assert set(body) == {"status", "user", "createdNewRecipeUser"}
    assert (body["status"], body["createdNewRecipeUser"]) == ("OK", True)
    found = body["user"]
    email = f"{user}@example.com"
    assert (found["emails"], found["thirdParty"], found["tenantIds"], found["isPrimaryUser"]) == (
        [email], [{"id": "corp", "userId": user}], ["public"], False,
    )  # fmt: skip
    assert found["loginMethods"] == [
        {
            "recipeId": "thirdparty",
            "recipeUserId": found["id"],
            "tenantIds": ["public"],
            "timeJoined": found["timeJoined"],
            "verified": True,
            "email": email,
            "thirdParty": {"id": "corp", "userId": user},
        }
    ]
    assert front_token(first)["uid"] == found["id"]
    assert {"st-access-token", "st-refresh-token", "front-token"} <= exposed(first)
    assert client.get("/me", headers=bearer(first)).json() == {"user": found["id"]}

    second = sign_in_up(client, server, user, headers=COOKIES)
    assert second.json() == {**body, "createdNewRecipeUser": False}
    assert set(set_cookies(second)) == {"sAccessToken", "sRefreshToken"}


@pytest.mark.parametrize(
    ("version", "legacy"),
    [("1.16,1.17", True), ("2.0", True), ("1.18", False), ("3.0", False), ("3.1,4.2", False), (None, False)],
)
def test_shapes_by_version(
    client: httpx2.Client, server: OpenIDServer, user: str, version: str | None, legacy: bool
) -> None:
    """User and flag have the names and the shape of the version that the client lists."""
    headers = {} if version is None else {"fdi-version": version}
    for is_new in (True, False):
        body = sign_in_up(client, server, user, headers=headers).json()
        if legacy:
            assert set(body) == {"status", "user", "createdNewUser"}
            assert set(body["user"]) == {"id", "timeJoined", "email", "thirdParty"}
            assert body["user"]["thirdParty"] == {"id": "corp", "userId": user}
            assert body["createdNewUser"] is is_new
        else:
            assert "loginMethods" in body["user"]
            assert body["createdNewRecipeUser"] is is_new


def test_nobody_is_linked_by_an_address(client: httpx2.Client, server: OpenIDServer, user: str) -> None:
    """Who has the address of others is another user: of one with a password, of one of another provider."""
    address = f"{user}@example.com"
    victim = sign_up(client, address)
    other = f"other-{user}"
    server.users[other] = {"email": address, "email_verified": True}
    unverified = f"unverified-{user}"
    server.users[unverified] = {"email": address, "email_verified": False}
    answers = [
        sign_in_up(client, server, user),
        sign_in_up(client, server, other),
        sign_in_up(client, server, unverified),
        sign_in_up(client, server, user, third_party_id="nomail"),
    ]
    assert [answer.json()["createdNewRecipeUser"] for answer in answers] == [True] * 4
    assert len({victim.json()["user"]["id"], *(answer.json()["user"]["id"] for answer in answers)}) == 5
    methods = [answer.json()["user"]["loginMethods"] for answer in answers]
    assert [(len(each), each[0]["email"], each[0]["verified"]) for each in methods] == [
        (1, address, True), (1, address, True), (1, address, False), (1, address, True),
    ]  # fmt: skip


def test_an_address_that_changes(client: httpx2.Client, server: OpenIDServer, user: str) -> None:
    """The provider's new address takes the place of the old one, verified only if the provider vouches for it."""
    first = sign_in_up(client, server, user).json()["user"]
    taken = sign_up(client, f"taken-{user}@example.com").json()["user"]
    server.users[user] = {"email": f"taken-{user}@example.com", "email_verified": False}
    changed = sign_in_up(client, server, user).json()
    assert (changed["user"]["id"], changed["createdNewRecipeUser"]) == (first["id"], False)
    method = changed["user"]["loginMethods"][0]
    assert (method["email"], method["verified"]) == (f"taken-{user}@example.com", False)
    assert taken["id"] != first["id"]


def test_no_address(client: httpx2.Client, server: OpenIDServer, user: str, caplog: pytest.LogCaptureFixture) -> None:
    """
    Without an address nobody signs in, unless the configuration makes do with one that stands in.

    The log says where it was looked for.
    """
    server.users[user] = {}
    refused = sign_in_up(client, server, user)
    assert (refused.status_code, refused.json()) == (200, {"status": "NO_EMAIL_GIVEN_BY_PROVIDER"})
    assert "front-token" not in refused.headers
    assert "'corp' gave no address of a user ('email' in the ID token, 'email' in the user info)" in caplog.text
    stood_in = sign_in_up(client, server, user, third_party_id="nomail").json()
    method = stood_in["user"]["loginMethods"][0]
    assert (method["email"], method["verified"]) == (f"{user}.nomail@stfakeemail.supertokens.com", True)


def test_tokens_of_a_client(client: httpx2.Client, server: OpenIDServer, user: str) -> None:
    """An ID token that was issued to us is taken instead of a code, and means the same user; another's is not."""
    by_code = sign_in_up(client, server, user).json()["user"]
    ours, theirs = server.id_token("web", user), server.id_token("somebody", user)
    taken = client.post("/auth/signinup", json={"thirdPartyId": "corp", "oAuthTokens": {"id_token": ours}}).json()
    assert (taken["status"], taken["user"]["id"], taken["createdNewRecipeUser"]) == ("OK", by_code["id"], False)
    for tokens in ({"id_token": theirs}, {"access_token": server.access_token("web", user)}, {}, {"id_token": 5}):
        refused = client.post("/auth/signinup", json={"thirdPartyId": "corp", "oAuthTokens": tokens})
        assert (refused.status_code, refused.json()["status"]) == (200, GENERAL_ERROR)
        assert "front-token" not in refused.headers


def test_a_verifier_of_no_use(client: httpx2.Client, server: OpenIDServer, user: str) -> None:
    """Without the value that was handed out, or with another, the code is worth nothing, and the user is told so."""
    body = came_back(begin(client), server, user)
    redirect = body["redirectURIInfo"]
    assert isinstance(redirect, dict)
    asked = server.seen["token"]
    for verifier in (None, "", "x" * 139, begin(client, "nomail").json()["pkceCodeVerifier"], "x" * 10_000):
        wrong: JSON = {**body, "redirectURIInfo": {**redirect, "pkceCodeVerifier": verifier}}
        refused = client.post("/auth/signinup", json=wrong)
        assert (refused.status_code, refused.json()) == (
            200, {"status": GENERAL_ERROR, "message": "Signing in with the provider did not work. Please try again."},
        )  # fmt: skip
    assert server.seen["token"] == asked
    assert client.post("/auth/signinup", json=body).json()["status"] == "OK"
    assert client.post("/auth/signinup", json=body).json()["status"] == GENERAL_ERROR  # a code counts once


def test_a_callback_twice(client: httpx2.Client, server: OpenIDServer, user: str) -> None:
    """A page that is loaded again, at once or later, brings a code that is spent: the session of the first stays."""
    body = came_back(begin(client), server, user)

    def bring() -> httpx2.Response:
        return client.post("/auth/signinup", json=body, headers=HEADERS)

    with ThreadPoolExecutor(2) as pool:
        at_once = pool.submit(bring), pool.submit(bring)
        answers = [*(each.result() for each in at_once), bring()]
    first, *others = sorted(answers, key=lambda answer: answer.json()["status"], reverse=True)
    assert first.json()["status"] == "OK"
    for other in others:
        assert (other.status_code, other.json()) == (
            200, {"status": GENERAL_ERROR, "message": "Signing in with the provider did not work. Please try again."},
        )  # fmt: skip
        assert "front-token" not in other.headers
    assert client.get("/me", headers=bearer(first)).status_code == 200
    assert sign_in_up(client, server, user).json()["user"]["id"] == first.json()["user"]["id"]


def test_a_code_of_one_client_with_anothers_redirect(client: httpx2.Client, server: OpenIDServer, user: str) -> None:
    """A code is worth nothing with another client or redirect URI, whoever the sealed value beside it is for."""
    elsewhere = "http://localhost:3000/elsewhere"
    of_web = begin(client, "two", clientType="web")
    of_ios = begin(client, "two", clientType="ios", redirectURIOnProviderDashboard=elsewhere)
    sealed_elsewhere = begin(client, "two", clientType="web", redirectURIOnProviderDashboard=elsewhere)
    asked = server.seen["token"]
    for client_type, redirect_uri, begun, asks in (
        ("ios", elsewhere, of_ios, True),  # the provider knows whose the code is
        ("web", elsewhere, sealed_elsewhere, True),
        ("web", elsewhere, of_web, False),  # the sealed value tells before anybody is asked
        ("ios", REDIRECT_URI, of_web, False),
        ("web", elsewhere, of_ios, False),
    ):
        body = came_back(of_web, server, user, "two")
        redirect = body["redirectURIInfo"]
        assert isinstance(redirect, dict)
        sealed = begun.json()["pkceCodeVerifier"]
        wrong = {**redirect, "redirectURIOnProviderDashboard": redirect_uri, "pkceCodeVerifier": sealed}
        answer = client.post(
            "/auth/signinup", json={**body, "clientType": client_type, "redirectURIInfo": wrong}, headers=HEADERS
        )
        assert (answer.status_code, answer.json()["status"]) == (200, GENERAL_ERROR)
        assert "front-token" not in answer.headers
        assert server.seen["token"] - asked == asks
        asked = server.seen["token"]
    assert sign_in_up(client, server, user).json()["status"] == "OK"


@pytest.mark.parametrize("how", ["down", "html", "500", "slow", "big", "loop"])
def test_a_provider_at_fault(client: httpx2.Client, server: OpenIDServer, user: str, how: str) -> None:
    """Whatever the provider does, the frontend gets a message to show, and other providers are as they were."""
    message = "The provider does not answer as it should. Please try again, or sign in another way."
    body = came_back(begin(client), server, user)
    for answer in (begin(client, how), client.post("/auth/signinup", json={**body, "thirdPartyId": how})):
        assert (answer.status_code, answer.json()) == (200, {"status": GENERAL_ERROR, "message": message})
        assert "front-token" not in answer.headers
    assert client.post("/auth/signinup", json=body).json()["status"] == "OK"


def test_clients_of_a_provider(client: httpx2.Client, server: OpenIDServer, user: str) -> None:
    """The frontend names one of several clients; where it does not, or names no client of ours, it is told so."""
    for client_type in ("web", "ios"):
        begun = begin(client, "two", clientType=client_type)
        assert f"client_id={client_type}" in begun.json()["urlWithQueryParams"]
        body = {**came_back(begun, server, user, "two"), "clientType": client_type}
        assert client.post("/auth/signinup", json=body).json()["status"] == "OK"
    for query in ({}, {"clientType": "tv"}):
        wrong = {**body, "clientType": query.get("clientType")}
        answers = (begin(client, "two", **query), client.post("/auth/signinup", json=wrong))
        assert [answer.status_code for answer in answers] == [200, 200]
        assert all(answer.json().keys() == {"status", "message"} for answer in answers)
        assert {answer.json()["status"] for answer in answers} == {GENERAL_ERROR}  # which pages show


def test_a_session_in_the_request(client: httpx2.Client, server: OpenIDServer, user: str) -> None:
    """The wish to link decides whether a session is looked at (12.3); there is no linking, and that is said."""
    held = bearer(sign_in_up(client, server, user))
    other = f"other-{user}"
    server.users[other] = {"email": f"{other}@example.com", "email_verified": True}
    no_wishes: list[dict[str, JSON]] = [{}, {"shouldTryLinkingWithSessionUser": False}]
    for more in no_wishes:
        assert sign_in_up(client, server, other, headers=held, more=more).json()["status"] == "OK"
    garbage = {"authorization": "Bearer garbage"}
    assert sign_in_up(client, server, other, headers=garbage).json()["status"] == "OK"
    wish: dict[str, JSON] = {"shouldTryLinkingWithSessionUser": True}
    without = sign_in_up(client, server, other, more=wish)
    assert (without.status_code, without.json()) == (401, {"message": "unauthorised"})
    refused = sign_in_up(client, server, other, headers=held, more=wish)
    assert refused.status_code == 400
    assert "account linking" in refused.json()["message"]
    older = sign_in_up(client, server, other, headers={**held, "fdi-version": "3.0"}, more=wish).json()
    assert (older["status"], older["createdNewRecipeUser"]) == ("OK", False)


def test_tenants(
    client: httpx2.Client, auth: App, server: OpenIDServer, user: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A tenant without providers of its own has those that say so; users of different tenants are different users."""
    assert begin(client, "corp", "/auth/t1").json()["status"] == GENERAL_ERROR
    assert "'t1' has no provider 'corp': add it by create_or_update_third_party_config" in caplog.text
    public = sign_in_up(client, server, user, "corp").json()["user"]
    body = came_back(begin(client, "two", "/auth/t1", clientType="web"), server, user, "two")
    elsewhere = client.post("/auth/signinup", json={**body, "clientType": "web"}).json()
    assert elsewhere["status"] == GENERAL_ERROR  # what was handed out for one tenant is worth nothing in another
    assert "foreign: ask for a new authorisation URL" in caplog.text
    assert "is_native=True" in caplog.text
    body = came_back(begin(client, "two", "/auth/t1", clientType="web"), server, user, "two")
    of_t1 = client.post("/auth/t1/signinup", json={**body, "clientType": "web"}).json()["user"]
    assert of_t1["tenantIds"] == ["t1"]
    assert of_t1["id"] != public["id"]

    own = ProviderConfig("own", oidc_discovery_endpoint=server.issuer, clients=[client_of()])
    assert asyncio.run(auth.recipe(ThirdPartyRecipe).tenants.keep("t1", own))
    try:
        assert sign_in_up(client, server, user, "own", "/auth/t1").json()["user"]["tenantIds"] == ["t1"]
        assert begin(client, "two", "/auth/t1", clientType="web").json()["status"] == GENERAL_ERROR
        assert begin(client, "own").json()["status"] == GENERAL_ERROR
    finally:
        assert asyncio.run(auth.recipe(ThirdPartyRecipe).tenants.remove("t1", "own"))
    assert begin(client, "two", "/auth/t1", clientType="web").json()["status"] == "OK"
    assert begin(client, "corp", "/auth/t2").status_code == 400

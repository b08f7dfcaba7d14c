"""Programs on phones and desktops, which ask a provider for codes themselves (docs/how-to/mobile.md)."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from urllib.parse import urlencode

import httpx2
import pytest

from authweave.app import App
from authweave.recipe.thirdparty import ProviderClientConfig, ProviderConfig, ProviderInput
from authweave.types import JSON
from tests.integration.thirdparty.openid_server import Grant, OpenIDServer, s256

from .thirdparty_app import begin, came_back, client_of, third_party_app

BACK_IN_THE_APP = "com.example.app:/callback"
NO_REDIRECT_URI = {"message": "Please provide the redirectURIOnProviderDashboard in request body"}
REFUSED = {"status": "GENERAL_ERROR", "message": "Signing in with the provider did not work. Please try again."}
NOT_OFFERED = "Signing in with this provider is not available here. Please sign in another way."


@pytest.fixture(scope="module")
def auth(tmp_path_factory: pytest.TempPathFactory, server: OpenIDServer) -> Iterator[App]:
    """Build an application of a website and two kinds of phones, one of which has the client of the website."""
    clients = [
        client_of("web"),
        ProviderClientConfig("ios", "ios-secret", "ios", is_native=True),
        ProviderClientConfig("web", "web-secret", "android", is_native=True),
    ]
    config = ProviderConfig("corp", oidc_discovery_endpoint=server.issuer, clients=clients)
    with third_party_app(tmp_path_factory.mktemp("auth"), ProviderInput(config)) as app:
        yield app


def asked_by_the_app(server: OpenIDServer, verifier: str, redirect_uri: str = BACK_IN_THE_APP) -> str:
    """Do what an application does without us: send its user to the provider, and take the code."""
    query = {
        "client_id": "ios",
        "redirect_uri": redirect_uri,
        "code_challenge": s256(verifier),
        "nonce": "the app's own",
    }
    return str(server.authorise(f"{server.issuer}/authorize?{urlencode(query)}")["code"])


def handed_over(server: OpenIDServer, client_id: str = "web") -> str:
    """Do what a provider's SDK does on a phone: get a code that belongs to no redirect URI and no challenge."""
    code = secrets.token_urlsafe()
    server.codes[code] = Grant(client_id, "", s256(""), None, "ada")
    return code


def bring(
    client: httpx2.Client, client_type: str | None, redirect_uri: str, code: str, verifier: JSON = None, **more: JSON
) -> httpx2.Response:
    """Bring a code."""
    info: dict[str, JSON] = {"redirectURIOnProviderDashboard": redirect_uri, "redirectURIQueryParams": {"code": code}}
    if verifier is not None:
        info["pkceCodeVerifier"] = verifier
    body = {"thirdPartyId": "corp", "clientType": client_type, "redirectURIInfo": info, **more}
    return client.post("/auth/signinup", json=body)


def test_a_code_that_an_sdk_handed_over(client: httpx2.Client, server: OpenIDServer) -> None:
    """A native client need not name a redirect URI, and then need not have a verifier; the code counts once."""
    code = handed_over(server)
    signed_in = bring(client, "android", "", code)
    assert signed_in.json()["status"] == "OK"
    assert "st-access-token" in signed_in.headers
    assert server.token_requests[-1].get("code_verifier") is None
    assert bring(client, "android", "", code).json() == REFUSED


def test_a_code_of_an_sdk_with_a_verifier(client: httpx2.Client, server: OpenIDServer) -> None:
    """Where the SDK was given a challenge, the verifier is sent on, and a wrong one refused by the provider."""
    verifier = secrets.token_urlsafe(32)
    for sent, status in ((verifier, "OK"), (secrets.token_urlsafe(32), "GENERAL_ERROR")):
        code = handed_over(server)
        server.codes[code] = Grant("web", "", s256(verifier), None, "ada")
        assert bring(client, "android", "", code, sent).json()["status"] == status


@pytest.mark.parametrize("client_type", ["web", "ios", "android", "tv", None])
def test_who_may_name_no_redirect_uri(client: httpx2.Client, server: OpenIDServer, client_type: str | None) -> None:
    """It is looked at when the client is known: one of ours that is native may, others still have to."""
    answer = bring(client, client_type, "", handed_over(server, "ios" if client_type == "ios" else "web"))
    match client_type:
        case "web":
            assert (answer.status_code, answer.json()) == (400, NO_REDIRECT_URI)
        case "tv" | None:
            assert (answer.status_code, answer.json()["message"]) == (200, NOT_OFFERED)
        case _:
            assert answer.json()["status"] == "OK"


def test_a_provider_that_is_not_ours_without_a_redirect_uri(client: httpx2.Client) -> None:
    """Whether it may be left out is asked of no client that there is not."""
    answer = bring(client, "ios", "", "c", thirdPartyId="nobody")
    assert (answer.status_code, answer.json()["message"]) == (200, NOT_OFFERED)


def test_an_application_with_pkce_of_its_own(client: httpx2.Client, server: OpenIDServer) -> None:
    """Its verifier goes to the provider as it is, of 43 to 128 characters; another one does not do."""
    for verifier in (secrets.token_urlsafe(32), "-._~" * 32):
        code = asked_by_the_app(server, verifier)
        assert bring(client, "ios", BACK_IN_THE_APP, code, verifier).json()["status"] == "OK"
    code = asked_by_the_app(server, secrets.token_urlsafe(32))
    assert bring(client, "ios", BACK_IN_THE_APP, code, secrets.token_urlsafe(32)).json() == REFUSED


@pytest.mark.parametrize("verifier", [None, "", "a" * 42, "a" * 42 + "+", "a" * 42 + "é", "a" * 42 + "\n", "a b" * 20])
def test_a_verifier_that_is_none(client: httpx2.Client, server: OpenIDServer, verifier: str | None) -> None:
    """With a redirect URI there has to be one, in the form that the standard says; the field is named."""
    asked = server.seen["token"]
    answer = bring(client, "ios", BACK_IN_THE_APP, "c", verifier)
    assert answer.status_code == 400
    assert "pkceCodeVerifier" in answer.json()["message"]
    if verifier:
        assert bring(client, "android", "", "c", verifier).status_code == 400
    assert server.seen["token"] == asked


def test_others_need_the_sealed_value(client: httpx2.Client, server: OpenIDServer) -> None:
    """A client that is not native has no verifier of its own; longer texts are sealed for all, or nothing."""
    asked = server.seen["token"]
    verifier = secrets.token_urlsafe(32)
    code = asked_by_the_app(server, verifier)
    for client_type, sent in (("web", verifier), ("web", None), ("ios", "x" * 139), ("ios", "x" * 10_000)):
        assert bring(client, client_type, BACK_IN_THE_APP, code, sent).json() == REFUSED
    assert server.seen["token"] == asked


def test_beginning_with_us(client: httpx2.Client, server: OpenIDServer) -> None:
    """A native client may ask us for the URL as well: then the value is sealed, and all that goes with it holds."""
    assert begin(client, clientType="ios", redirectURIOnProviderDashboard="").status_code == 400
    body = {**came_back(begin(client, clientType="ios"), server, "ada"), "clientType": "ios"}
    for wrong in ({"clientType": "android"}, {"clientType": "web"}):
        assert client.post("/auth/signinup", json={**body, **wrong}).json() == REFUSED
    assert client.post("/auth/signinup", json=body).json()["status"] == "OK"
    other = begin(client, clientType="ios").json()["urlWithQueryParams"]
    code = str(server.authorise(other)["code"])
    assert bring(client, "ios", "http://localhost:3000/auth/callback", code, "a" * 43).json() == REFUSED


def test_a_code_of_the_website(client: httpx2.Client, server: OpenIDServer) -> None:
    """What a browser brought back is worth nothing to the phones, which do not have its verifier."""
    code = str(server.authorise(begin(client, clientType="web").json()["urlWithQueryParams"])["code"])
    kept = server.codes[code]
    for redirect_uri, verifier in (("", None), (kept.redirect_uri, "a" * 43), (BACK_IN_THE_APP, "a" * 43)):
        server.codes[code] = kept  # as if the provider let one try again
        assert bring(client, "android", redirect_uri, code, verifier).json() == REFUSED


@pytest.mark.parametrize("redirect_uri", ["javascript:alert(1)", "callback", "com.app:/" + "x" * 2048, "com.app:/\n"])
def test_a_redirect_uri_of_no_use(client: httpx2.Client, redirect_uri: str) -> None:
    """It is bounded and absolute, here too."""
    answer = bring(client, "ios", redirect_uri, "c", "a" * 43)
    assert answer.status_code == 400
    assert "redirectURIOnProviderDashboard" in answer.json()["message"]

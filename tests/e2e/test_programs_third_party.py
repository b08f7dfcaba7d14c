"""The third-party part of the current document and of its twins, over real HTTP, with a provider on loopback."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import httpx2
import pytest

from tests.e2e.programs import PROGRAMS, Program, Running, running
from tests.integration.http.serving import COOKIES, HEADERS, bearer, form
from tests.integration.thirdparty.openid_server import REDIRECT_URI, OpenIDServer, openid_server
from tests.patience import PATIENCE_S

MODES = pytest.mark.parametrize("mode", [COOKIES, HEADERS, {}], ids=["cookie", "header", "no mode"])
SESSION_HEADERS = ("set-cookie", "front-token", "st-access-token", "st-refresh-token", "anti-csrf")
WITH_PROVIDER = [program for program in PROGRAMS if program.name.split()[0] in {"current", "node"}]


@pytest.fixture(scope="module")
def provider() -> Iterator[OpenIDServer]:
    """Serve an OpenID provider."""
    with openid_server() as provider:
        yield provider


@pytest.fixture(scope="module", params=WITH_PROVIDER, ids=[program.name for program in WITH_PROVIDER])
def served(
    request: pytest.FixtureRequest, provider: OpenIDServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """Serve one program after the other."""
    program: Program = request.param
    with running(program, tmp_path_factory.mktemp("program"), AUTHWEAVE_ISSUER=provider.issuer) as served:
        yield served


@pytest.fixture
def client(served: Running) -> Iterator[httpx2.Client]:
    """Open a client with a cookie jar of its own."""
    with httpx2.Client(base_url=served.url, timeout=PATIENCE_S) as client:
        yield client


@pytest.fixture
def user(provider: OpenIDServer) -> str:
    """Make a user of the provider, whom nobody else knows."""
    name = uuid.uuid4().hex
    provider.users[name] = {"email": f"{name}@example.com", "email_verified": True}
    return name


def sign_in_up(client: httpx2.Client, provider: OpenIDServer, user: str, mode: dict[str, str]) -> httpx2.Response:
    """Go to the provider and back."""
    query = {"thirdPartyId": "local", "redirectURIOnProviderDashboard": REDIRECT_URI}
    begun = client.get("/auth/authorisationurl", params=query).json()
    assert begun["status"] == "OK"
    returned = {
        "redirectURIOnProviderDashboard": REDIRECT_URI,
        "redirectURIQueryParams": provider.authorise(begun["urlWithQueryParams"], user),
        "pkceCodeVerifier": begun["pkceCodeVerifier"],
    }
    return client.post("/auth/signinup", json={"thirdPartyId": "local", "redirectURIInfo": returned}, headers=mode)


@MODES
def test_the_first_sign_in_leaves_no_session_and_the_second_gives_one(
    client: httpx2.Client, provider: OpenIDServer, user: str, mode: dict[str, str]
) -> None:
    """The function that signs in tells the session recipe that the user is new, through the context."""
    first = sign_in_up(client, provider, user, mode)
    assert (first.status_code, first.json()["status"], first.json()["createdNewRecipeUser"]) == (200, "OK", True)
    assert [name for name in SESSION_HEADERS if name in first.headers] == []
    assert client.get("/me").status_code == 401

    second = sign_in_up(client, provider, user, mode)
    assert (second.status_code, second.json()["createdNewRecipeUser"]) == (200, False)
    assert second.json()["user"] == first.json()["user"]
    assert ("set-cookie" in second.headers) == (mode == COOKIES)
    held = bearer(second) if "st-access-token" in second.headers else {}
    assert client.get("/me", headers=held).json() == {"userId": first.json()["user"]["id"]}


def test_the_email_part_runs_beside_it(client: httpx2.Client, provider: OpenIDServer, user: str) -> None:
    """One address, two users: neither has taken anything from the other, and both rules hold in one application."""
    address = f"{user}@example.com"
    by_provider = sign_in_up(client, provider, user, {}).json()["user"]
    signed_up = client.post("/auth/signup", json=form(address))
    assert [name for name in SESSION_HEADERS if name in signed_up.headers] == []
    by_password = client.post("/auth/signin", json=form(address))
    assert by_password.json()["user"]["emails"] == by_provider["emails"] == [address]
    assert by_password.json()["user"]["id"] != by_provider["id"]
    again = sign_in_up(client, provider, user, {})
    assert again.json()["user"] == by_provider
    for response, who in ((by_password, by_password.json()["user"]["id"]), (again, by_provider["id"])):
        assert client.get("/me", headers=bearer(response)).json() == {"userId": who}

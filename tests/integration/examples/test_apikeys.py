"""The recipe of `examples/apikeys`, over HTTP and on real databases, with nothing of it in the library."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, cast

import attrs
import httpx2
import pytest
from fastapi import Depends, FastAPI, Header

import apikeys
from apikeys.asyncio import require_key
from authweave.app import App, init, set_default_app
from authweave.framework.fastapi import get_middleware
from authweave.recipe import emailpassword, session
from authweave.security import PasswordHasher
from authweave.types import JSON, InputAppInfo
from tests.databases import KINDS, new_database
from tests.integration.http.serving import bearer, serving, sign_up
from tests.patience import PATIENCE_S, PATIENT

NOW_MS = 1_800_000_000_000


@attrs.define
class FakeClock:
    """A clock that is set by hand."""

    now_ms: int = NOW_MS

    def __call__(self) -> int:
        """Return milliseconds since the epoch."""
        return self.now_ms


@pytest.fixture(scope="module", params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return where a database without tables is to be."""
    with new_database(request, tmp_path_factory.mktemp("auth")) as made:
        yield made


@pytest.fixture(scope="module")
def clock() -> FakeClock:
    """Return the clock of the application."""
    return FakeClock()


@pytest.fixture(scope="module")
def auth(url: str, clock: FakeClock) -> Iterator[App]:
    """Build an application, in debug mode, as the process's default."""
    app = init(
        InputAppInfo(app_name="Test", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
        [apikeys.init(scopes=["read", "write"], max_keys=3, max_validity_s=100), emailpassword.init(), session.init()],
        storage=url,
        storage_options=attrs.evolve(PATIENT, migrate=True),
        storage_wait_s=PATIENCE_S,
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        secret=b"0123456789abcdef" * 2,
        clock=clock,
        debug=True,
    )
    yield app
    app.close()
    set_default_app(None)


async def any_key(x_api_key: Annotated[str | None, Header()] = None) -> apikeys.APIKey:
    """Take any key."""
    return await require_key(x_api_key)


async def writer(x_api_key: Annotated[str | None, Header()] = None) -> apikeys.APIKey:
    """Take a key that may write."""
    return await require_key(x_api_key, ["write"])


@pytest.fixture(scope="module")
def address(auth: App) -> Iterator[str]:
    """Serve the application, with two routes of its own that ask for keys."""
    app = FastAPI()
    app.add_middleware(get_middleware())

    @app.get("/report")
    async def report(key: Annotated[apikeys.APIKey, Depends(any_key)]) -> dict[str, str]:
        return {"name": key.name}

    @app.post("/report")
    async def change(key: Annotated[apikeys.APIKey, Depends(writer)]) -> dict[str, str]:
        return {"name": key.name}

    with serving(app) as address:
        yield address


@pytest.fixture
def ada(address: str, clock: FakeClock) -> Iterator[httpx2.Client]:
    """Open a client with the session of a user that is new."""
    clock.now_ms = NOW_MS
    with httpx2.Client(base_url=address, verify=False, timeout=PATIENCE_S) as client:
        signed_up = sign_up(client, f"{secrets.token_hex(8)}@example.com")
        client.cookies.clear()
        client.headers.update(bearer(signed_up))
        yield client


def create(client: httpx2.Client, **body: JSON) -> dict[str, JSON]:
    """Make a key, which must work; return the answer."""
    response = client.post("/auth/apikeys", json={"name": "backup", **body})
    content: dict[str, JSON] = response.json()
    assert content["status"] == "OK", response.text
    return content


def use(client: httpx2.Client, token: str, method: str = "GET") -> httpx2.Response:
    """Ask for the report with a key."""
    return client.request(method, "/report", headers={"x-api-key": token})


def test_a_key_is_made_listed_used_and_revoked(ada: httpx2.Client) -> None:
    """Its token is shown once; it opens routes until it is revoked."""
    answer = ada.post("/auth/apikeys", json={"name": "backup", "scopes": ["read", "read"], "validityS": 50})
    made = answer.json()
    assert answer.headers["cache-control"] == "no-store"
    key_id, token = made["key"]["keyId"], made["token"]
    expected = {
        "keyId": key_id,
        "name": "backup",
        "scopes": ["read"],
        "createdAt": NOW_MS,
        "expiresAt": NOW_MS + 50_000,
    }
    assert made == {"status": "OK", "key": expected, "token": token}
    listed = ada.get("/auth/apikeys")
    assert listed.json() == {"status": "OK", "keys": [expected]}
    assert token not in listed.text
    assert use(ada, token).json() == {"name": "backup"}
    assert ada.post("/auth/apikeys/revoke", json={"keyId": key_id}).json() == {"status": "OK"}
    assert ada.post("/auth/apikeys/revoke", json={"keyId": key_id}).json() == {"status": "UNKNOWN_KEY_ERROR"}
    assert use(ada, token).status_code == 401
    assert ada.get("/auth/apikeys").json() == {"status": "OK", "keys": []}


def test_a_key_does_what_its_scopes_say(ada: httpx2.Client) -> None:
    """Without the scope the answer is 403 and names it."""
    reader = create(ada, scopes=["read"])["token"]
    writer = create(ada, scopes=["write"])["token"]
    assert isinstance(reader, str)
    assert isinstance(writer, str)
    refused = use(ada, reader, "POST")
    assert (refused.status_code, "write" in refused.json()["message"]) == (403, True)
    assert use(ada, writer, "POST").status_code == 200


def test_a_key_expires(ada: httpx2.Client, clock: FakeClock) -> None:
    """After its time it is refused, and makes room for another."""
    tokens = [str(create(ada, validityS=10)["token"]) for _ in range(3)]
    assert ada.post("/auth/apikeys", json={"name": "one more"}).json() == {"status": "TOO_MANY_KEYS_ERROR", "limit": 3}
    clock.now_ms += 9_999
    assert use(ada, tokens[0]).status_code == 200
    clock.now_ms += 1
    assert [use(ada, token).status_code for token in tokens] == [401] * 3
    assert create(ada)["key"]


def test_a_token_that_is_not_quite_one_is_refused(ada: httpx2.Client) -> None:
    """Each is answered with 401, and no word of why."""
    token = str(create(ada)["token"])
    last = "1" if token[-1] == "0" else "0"
    unknown = f"ak_{'0' * 32}{token[35:]}"
    for changed in ("", "nonsense", token[:-1], f"{token}0", token.upper(), token[:-1] + last, unknown, "x" * 10_000):
        response = use(ada, changed)
        assert response.status_code == 401
        assert response.json() == {"message": "The API key is unknown, revoked or expired."}
    assert use(ada, token).status_code == 200


def test_half_a_surrogate_pair_is_bad_input(ada: httpx2.Client) -> None:
    """JSON can say it, and no store keeps it."""
    headers = {"content-type": "application/json"}
    response = ada.post("/auth/apikeys", content=b'{"name": "\\ud800"}', headers=headers)
    assert (response.status_code, "name" in response.json()["message"]) == (400, True)


def test_nobody_has_keys_without_a_session(address: str) -> None:
    """Neither no session nor a key does."""
    with httpx2.Client(base_url=address, verify=False, timeout=PATIENCE_S) as client:
        assert client.get("/report").json() == {"message": "The request has no API key."}
        assert client.get("/report").status_code == 401
        for method, path in (("GET", "/apikeys"), ("POST", "/apikeys"), ("POST", "/apikeys/revoke")):
            response = client.request(method, f"/auth{path}", json={"name": "x"}, headers={"x-api-key": "ak_"})
            assert (response.status_code, response.json()["message"]) == (401, "unauthorised")  # debug mode says more


def test_users_see_and_revoke_their_own_keys(ada: httpx2.Client, address: str) -> None:
    """Those of others are as if they were not there."""
    made = create(ada)
    key = cast("dict[str, JSON]", made["key"])  # as the recipe answers
    with httpx2.Client(base_url=address, verify=False, timeout=PATIENCE_S) as eve:
        headers = bearer(sign_up(eve, f"eve-{key['keyId']}@example.com"))
        eve.cookies.clear()
        assert eve.get("/auth/apikeys", headers=headers).json() == {"status": "OK", "keys": []}
        revoked = eve.post("/auth/apikeys/revoke", json={"keyId": key["keyId"]}, headers=headers)
        assert revoked.json() == {"status": "UNKNOWN_KEY_ERROR"}
    assert use(ada, str(made["token"])).status_code == 200


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "name"),
        ({"name": 7}, "name"),
        ({"name": "  "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "nul\0"}, "name"),
        ({"name": "x", "scopes": "read"}, "scopes"),
        ({"name": "x", "scopes": ["delete"]}, "scopes"),
        ({"name": "x", "scopes": [["read"]]}, "scopes"),
        ({"name": "x", "scopes": ["read"] * 21}, "scopes"),
        ({"name": "x", "validityS": 0}, "validityS"),
        ({"name": "x", "validityS": True}, "validityS"),
        ({"name": "x", "validityS": 1.5}, "validityS"),
        ({"name": "x", "validityS": 101}, "validityS"),
        ({"name": "x", "validityS": 10**400}, "validityS"),
    ],
)
def test_bad_input_is_named(ada: httpx2.Client, body: dict[str, JSON], said: str) -> None:
    """The answer is 400 and says which field, and nothing was made."""
    response = ada.post("/auth/apikeys", json=body)
    assert (response.status_code, said in response.json()["message"]) == (400, True), response.text
    assert ada.get("/auth/apikeys").json() == {"status": "OK", "keys": []}


@pytest.mark.parametrize("body", [{}, {"keyId": 7}, {"keyId": None}, {"keyId": "x" * 300}, {"keyId": "nul\0"}])
def test_bad_ids_are_refused(ada: httpx2.Client, body: dict[str, JSON]) -> None:
    """The answer is 400."""
    assert ada.post("/auth/apikeys/revoke", json=body).status_code == 400


def test_the_store_has_no_token(ada: httpx2.Client, url: str) -> None:
    """Who reads the database cannot use a key."""
    secret = str(create(ada)["token"]).rpartition("_")[2]
    if url.startswith("sqlite"):
        folder = Path(url.removeprefix("sqlite:///")).parent
        assert all(secret.encode() not in path.read_bytes() for path in folder.iterdir())


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", None])
def test_a_form_makes_no_key(ada: httpx2.Client, content_type: str | None) -> None:
    """The routes of a recipe of somebody else want JSON too, without a word of theirs."""
    headers = {} if content_type is None else {"content-type": content_type}
    assert ada.post("/auth/apikeys", content=b'{"name": "a"}', headers=headers).status_code == 415

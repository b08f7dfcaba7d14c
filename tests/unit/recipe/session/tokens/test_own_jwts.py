"""JWTs of the application's own, and the functions that say where their keys are."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authweave.app import App, init, set_default_app
from authweave.errors import ConfigurationError, JWTRefusedError
from authweave.recipe import session
from authweave.recipe.session import SessionRecipe, syncio
from authweave.recipe.session.asyncio import create_jwt, get_jwks, get_open_id_discovery_configuration
from authweave.recipe.session.interfaces import CreateJwtOkResult, JsonWebKey
from authweave.recipe.session.tokens.own_jwts import MAX_VALIDITY_S, OF_SESSIONS
from authweave.security import Algorithm, parse_access_token, sign_access_token
from authweave.storage.memory import MemoryStorage
from authweave.types import JSON, InputAppInfo
from tests.unit.recipe.session.serving import START_MS, HandClock, payload_of

NOW_S: Final = START_MS // 1000
ISSUER: Final = "http://localhost:8000/auth"


def make(*, dynamic: bool = True, algorithm: Algorithm = "ES256") -> App:
    """Build an application whose keys are quick to make."""
    return init(
        InputAppInfo("tests", "http://localhost:8000", website_domain="http://localhost:3000"),
        [session.init(use_dynamic_access_token_signing_key=dynamic, access_token_signing_algorithm=algorithm)],
        storage=MemoryStorage(),
        secret=b"s" * 32,
        clock=HandClock(),
    )


@pytest.fixture(scope="module", autouse=True)
def app() -> Iterator[App]:
    """Make an application the default."""
    made = make()
    yield made
    made.close()
    set_default_app(None)


def created(payload: Mapping[str, JSON], validity_seconds: int | None = None, static: bool | None = None) -> str:
    """Create a JWT."""
    return asyncio.run(create_jwt(payload, validity_seconds, static)).jwt


def test_times_and_issuer() -> None:
    """Issuer and times are set; the payload may name another issuer, and has no say in the times."""
    assert payload_of(created({"sub": "a"}, 30)) == {"iss": ISSUER, "sub": "a", "iat": NOW_S, "exp": NOW_S + 30}
    assert payload_of(created({"iss": "x", "iat": 1, "exp": 2}, 30)) == {"iss": "x", "iat": NOW_S, "exp": NOW_S + 30}


def test_the_default_validity() -> None:
    """It is a hundred years with a key that stays, and what access tokens have with one that is replaced."""
    assert payload_of(created({}))["exp"] == NOW_S + 3_153_600_000
    assert payload_of(created({}, None, False))["exp"] == NOW_S + 3600


@pytest.mark.parametrize("seconds", [0, -1, MAX_VALIDITY_S + 1, 10**400, True, 1.5, "60"])
def test_a_validity_that_cannot_be(seconds: int) -> None:
    """A validity is a whole number of seconds, within bounds."""
    with pytest.raises(JWTRefusedError, match="validity_seconds"):
        created({}, seconds)


def test_a_dynamic_key_bounds_the_validity() -> None:
    """What a key signs that is replaced is good no longer than the key is sure to be there."""
    created({}, 3600, static=False)
    with pytest.raises(JWTRefusedError, match="from 1 to 3600"):
        created({}, 3601, static=False)


def test_no_dynamic_key(app: App) -> None:
    """Where access tokens are signed by a key that stays, there is no other, and that is said."""
    with closing(make(dynamic=False)) as other:
        recipe = other.recipe(SessionRecipe)
        assert asyncio.run(recipe.create_jwt({}, 60)).jwt
        with pytest.raises(JWTRefusedError, match="use_static_signing_key=False"):
            asyncio.run(recipe.create_jwt({}, 60, with_static_key=False))
    set_default_app(app)


@pytest.mark.parametrize(
    "payload",
    [{"a": float("nan")}, {"a": {1}}, {"a": b"x"}, {("a",): 1}, {"a": "x" * 20_000}],
    ids=["nan", "set", "bytes", "key", "long"],
)
def test_a_payload_that_cannot_be(payload: Mapping[str, JSON]) -> None:
    """A payload is JSON, of a bounded length; the error does not repeat it."""
    with pytest.raises(JWTRefusedError, match="payload") as refused:
        created(payload)
    assert "xxx" not in str(refused.value)


def test_a_payload_that_holds_itself() -> None:
    """It has no JSON."""
    payload: dict[str, JSON] = {}
    payload["a"] = payload
    with pytest.raises(JWTRefusedError, match="not JSON"):
        created(payload)


JSON_VALUES: Final = st.none() | st.text(max_size=5) | st.integers(0, 2**53) | st.lists(st.text(max_size=2), max_size=2)
NAMES: Final = st.sampled_from(["sub", "rsub", "tId", "exp", "iat", "stt", "iss", "SessionHandle", "sessionHandle "])


@given(st.dictionaries(NAMES | st.text(max_size=3), JSON_VALUES, max_size=9))
def test_never_an_access_token(payload: dict[str, JSON]) -> None:
    """Whatever the payload is, what comes out has not the shape of an access token."""
    assert parse_access_token(created(payload, 60)) is None


@pytest.mark.parametrize("name", sorted(OF_SESSIONS))
def test_claims_of_sessions_are_refused(name: str) -> None:
    """What makes an access token is refused by its name, be it what it may."""
    with pytest.raises(JWTRefusedError, match=name):
        created({name: None}, 60)


def test_a_whole_access_token_would_be_one(app: App) -> None:
    """Without that refusal a payload of a session's would be an access token: the names are those that are needed."""
    needed: dict[str, JSON] = {
        "sub": "u", "sessionHandle": "h", "refreshTokenHash1": "x", "iat": 1, "exp": 2, "tId": "public", "rsub": "u",
    }  # fmt: skip
    assert parse_access_token(sign_access_token(needed, app.recipe(SessionRecipe).keys.current())) is not None
    with pytest.raises(JWTRefusedError, match="refreshTokenHash1, sessionHandle"):
        created(needed, 60)


def test_the_keys() -> None:
    """They are listed as they are published, with those of JWTs."""
    token = created({}, 60)
    found = asyncio.run(get_jwks())
    assert found.validity_in_secs == 60
    assert all(isinstance(each, JsonWebKey) for each in found.keys)
    assert sorted(each.kid[:2] for each in found.keys) == ["d-", "s-"]
    assert {"kty", "kid", "crv", "x", "y", "alg", "use"} == set(found.keys[0].to_json())
    assert found.keys[0].n is None
    assert syncio.get_jwks() == found
    assert token not in repr(CreateJwtOkResult(token))


def test_the_configuration() -> None:
    """It says who the issuer is, and where the keys are, in the names of the standard."""
    found = asyncio.run(get_open_id_discovery_configuration())
    assert (found.issuer, found.jwks_uri) == (ISSUER, f"{ISSUER}/jwt/jwks.json")
    assert found.id_token_signing_alg_values_supported == ["ES256"]
    assert found.to_json()["subject_types_supported"] == ["public"]
    assert "status" not in found.to_json()
    assert syncio.get_open_id_discovery_configuration() == found


def test_without_a_loop() -> None:
    """`syncio` has it too, with the parameters of SuperTokens, by position."""
    assert payload_of(syncio.create_jwt({"a": 1}, 60, True, {}).jwt)["a"] == 1


def test_the_static_key_signs_no_sessions(app: App) -> None:
    """The key that stays does not verify access tokens where they are signed by another."""
    created({}, 60)
    keys = app.recipe(SessionRecipe).keys
    assert keys.find(keys.current(stays=True).kid, START_MS) is None
    assert keys.find(keys.current().kid, START_MS) is not None


def test_no_application() -> None:
    """Without an application there are no keys."""
    set_default_app(None)
    with pytest.raises(ConfigurationError):
        syncio.create_jwt({})

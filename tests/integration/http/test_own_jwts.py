"""JWTs of the application's own: published keys verify them, and nobody takes one for an access token."""

from __future__ import annotations

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from authweave.app import App
from authweave.errors import JWTRefusedError
from authweave.recipe.session import SessionRecipe
from authweave.types import JSON

from .serving import HEADERS, jwt_part, sign_up

pytestmark = pytest.mark.everywhere

UNAUTHORISED = (401, {"message": "unauthorised"})


def create(auth: App, *, with_static_key: bool = True, **claims: JSON) -> str:
    """Return a JWT that is good for a minute."""
    recipe = auth.recipe(SessionRecipe)
    return auth.run_blocking(recipe.create_jwt(claims, 60, with_static_key=with_static_key)).jwt


@pytest.mark.parametrize("with_static_key", [True, False])
def test_published_keys_verify_it(auth: App, client: httpx2.Client, with_static_key: bool) -> None:
    """A program that has a JOSE library and the published keys reads it, strictly."""
    token = create(auth, with_static_key=with_static_key, sub="billing")
    keys = KeySet.import_key_set(client.get("/auth/jwt/jwks.json").json())
    read = jwt.decode(token, keys, algorithms=["ES256"])
    jwt.JWTClaimsRegistry(exp={"essential": True}, iat={"essential": True}).validate(read.claims)
    assert {name: read.header[name] for name in ("alg", "typ")} == {"alg": "ES256", "typ": "JWT"}
    assert read.header["kid"].startswith("s-" if with_static_key else "d-")
    assert read.claims["iss"] == client.get("/auth/.well-known/openid-configuration").json()["issuer"]
    assert (read.claims["sub"], read.claims["exp"] - read.claims["iat"]) == ("billing", 60)


@pytest.mark.parametrize("with_static_key", [True, False])
def test_it_is_no_access_token(auth: App, client: httpx2.Client, with_static_key: bool) -> None:
    """As a token of a session it is ignored, by cookie and header, though its claims are those of one but for some."""
    good = sign_up(client, f"own-jwt-{with_static_key}@example.com", HEADERS).headers["st-access-token"]
    payload = jwt_part(good, 1)
    with pytest.raises(JWTRefusedError, match="refreshTokenHash1, sessionHandle"):
        create(auth, with_static_key=with_static_key, **payload)
    of_sessions = {"antiCsrfToken", "parentRefreshTokenHash1", "refreshTokenHash1", "sessionHandle"}
    token = create(auth, with_static_key=with_static_key, **{n: v for n, v in payload.items() if n not in of_sessions})
    for sent in ({"authorization": f"Bearer {token}"}, {"cookie": f"sAccessToken={token}"}):
        refused = client.get("/me", headers=sent)
        assert (refused.status_code, refused.json()) == UNAUTHORISED
        assert client.get("/maybe", headers=sent).json() == {"user": None}
        assert client.post("/auth/session/refresh", headers=sent).status_code == 401

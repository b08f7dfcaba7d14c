from __future__ import annotations

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from .serving import HEADERS, jwt_part, sign_up

pytestmark = pytest.mark.everywhere


def test_jwks(client: httpx2.Client) -> None:
    """The published keys verify our access tokens, and hold no private part."""
    response = client.get("/auth/jwt/jwks.json")
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["cache-control"] == "max-age=60, must-revalidate"
    keys = response.json()["keys"]
    assert keys
    for key in keys:
        assert set(key) == {"kty", "kid", "crv", "x", "y", "alg", "use"}
        assert (key["kty"], key["crv"], key["alg"], key["use"]) == ("EC", "P-256", "ES256", "sig")
    token = sign_up(client, "jwks@example.com", HEADERS).headers["st-access-token"]
    assert jwt_part(token, 0)["kid"] in {key["kid"] for key in client.get("/auth/jwt/jwks.json").json()["keys"]}
    registry = JWSRegistry(algorithms=["ES256"], strict_check_header=False)  # our header has a version
    decoded = jwt.decode(token, KeySet.import_key_set({"keys": keys}), registry=registry)
    assert decoded.claims["iss"] == "http://localhost:8000/auth"


def test_openid_configuration(client: httpx2.Client) -> None:
    """The configuration names the issuer, and every endpoint that frontends read."""
    response = client.get("/auth/.well-known/openid-configuration")
    assert response.headers["access-control-allow-origin"] == "*"
    issuer = "http://localhost:8000/auth"
    assert response.json() == {
        "status": "OK",
        "issuer": issuer,
        "jwks_uri": f"{issuer}/jwt/jwks.json",
        "authorization_endpoint": f"{issuer}/oauth/auth",
        "token_endpoint": f"{issuer}/oauth/token",
        "userinfo_endpoint": f"{issuer}/oauth/userinfo",
        "revocation_endpoint": f"{issuer}/oauth/revoke",
        "token_introspection_endpoint": f"{issuer}/oauth/introspect",
        "end_session_endpoint": f"{issuer}/oauth/end_session",
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "response_types_supported": ["code", "id_token", "id_token token"],
    }

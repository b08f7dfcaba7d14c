"""What the library makes of discovery documents as they were published."""

from __future__ import annotations

import pytest

from authweave.recipe.thirdparty.oauth.algorithms import accepted_algorithms
from authweave.recipe.thirdparty.oauth.client_authentication import auth_method
from authweave.recipe.thirdparty.oauth.discovery import read_metadata
from authweave.recipe.thirdparty.provider import ProviderConfigForClient, TokenEndpointAuthMethod
from tests.integration.thirdparty.openid_server import ONE_KEY
from tests.integration.thirdparty.registered import pem_text

from .rows_servers import document

ASYMMETRIC = {f"{kind}{bits}" for kind in ("RS", "ES") for bits in (256, 384, 512)}


@pytest.mark.parametrize(
    ("name", "issuer", "algorithms"),
    [
        ("keycloak", "https://id.example.com/realms/acme", {*ASYMMETRIC, "PS256", "PS384", "PS512"}),
        ("zitadel", "https://acme.zitadel.example", {*ASYMMETRIC, "EdDSA"}),
    ],
)
def test_what_is_read(name: str, issuer: str, algorithms: set[str]) -> None:
    """All endpoints, and of the algorithms those with two halves; Keycloak lists HS256 too."""
    found = read_metadata(document(name))
    assert found.issuer == issuer
    endpoints = (found.authorization_endpoint, found.token_endpoint, found.user_info_endpoint, found.jwks_uri)
    assert all((each or "").startswith(f"{issuer}/") for each in endpoints)
    assert accepted_algorithms(found.signing_algorithms) == algorithms
    assert (found.requires_pushed_authorization_requests, found.names_itself) == (False, False)


@pytest.mark.parametrize("name", ["keycloak", "zitadel"])
@pytest.mark.parametrize(
    ("secret", "private_key", "method"),
    [
        ("secret-1", None, "client_secret_basic"),
        (None, pem_text(ONE_KEY), "private_key_jwt"),
        (None, None, "none"),
    ],
)
def test_how_a_client_proves_itself(
    name: str, secret: str | None, private_key: str | None, method: TokenEndpointAuthMethod
) -> None:
    """With what it has: a secret in the header, which both list and Keycloak not as the first, a key, or nothing."""
    config = ProviderConfigForClient(name, client_id="client-1", client_secret=secret, private_key=private_key)
    assert auth_method(config, read_metadata(document(name))) == method

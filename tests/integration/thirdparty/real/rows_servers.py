"""
Servers that speak OpenID Connect, of which each organisation has its own.

The comment at each row says where its facts are from. What a row does not say is as the standards have it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final, cast

import attrs

from authweave.recipe.thirdparty.provider import ProviderClientConfig, ProviderConfig
from authweave.types import JSON
from tests.integration.thirdparty.openid_server import ONE_KEY
from tests.integration.thirdparty.registered import pem_text

from .row import Refusal, Row, client

DOCUMENTS: Final = Path(__file__).parent / "documents"
"""Discovery documents as they were published, with other hosts."""

DIRECTORY: Final = "11111111-2222-3333-4444-555555555555"


def document(name: str) -> dict[str, JSON]:
    """Return a recorded document."""
    return cast("dict[str, JSON]", json.loads((DOCUMENTS / f"{name}.json").read_bytes()))  # it is an object


ZITADEL: Final = Row(
    # The recorded document is an instance's of ZITADEL's cloud (api-evangelist/aescape, well-known).
    # zitadel.com/docs/apis/openidoauth: where an access token is issued, the ID token has no claims of `email`
    # (endpoints); its `aud` has all clients of the project, and the project (claims).
    config=ProviderConfig(
        "zitadel",
        clients=[client(zitadelDomain="acme.zitadel.example")],
        trusted_audiences=["170086363054473473", "170086774599581953@acme"],
    ),
    discovered_at="https://acme.zitadel.example/.well-known/openid-configuration",
    metadata=document("zitadel"),
    claims={
        "sub": "170086363054473473",
        "aud": ["client-1", "170086774599581953@acme", "170086363054473473"],
        "azp": "client-1",
    },
    answers={
        "https://acme.zitadel.example/oidc/v1/userinfo": {
            "sub": "170086363054473473",
            "email": "ada@example.com",
            "email_verified": True,
        }
    },
    expected=("170086363054473473", "ada@example.com", True),
)

SERVER_ROWS: Final = (
    Row(
        # learn.microsoft.com/entra/identity-platform/v2-protocols-oidc: the document of all directories has
        # `{tenantid}` in its issuer; a user who cancels is `access_denied` with `error_subcode=cancel`. Wrong secret:
        # invalid_client, AADSTS7000215 (reference-error-codes). `email` is what an administrator wrote.
        config=ProviderConfig("active-directory", clients=[client(directoryId="common")]),
        discovered_at="https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration",
        metadata={
            "issuer": "https://login.microsoftonline.com/{tenantid}/v2.0",
            "authorization_endpoint": "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
            "token_endpoint": "https://login.microsoftonline.com/common/oauth2/v2.0/token",
            "userinfo_endpoint": "https://graph.microsoft.com/oidc/userinfo",
            "jwks_uri": "https://login.microsoftonline.com/common/discovery/v2.0/keys",
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
        },
        claims={"sub": "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ", "tid": DIRECTORY, "email": "ada@example.com"},
        bad_client=Refusal(
            401,
            {"error": "invalid_client", "error_description": "AADSTS7000215: Invalid client secret provided."},
            "client_refused",
        ),
        declined={"error": "access_denied", "error_subcode": "cancel"},
        expected=("AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ", "ada@example.com", False),
    ),
    Row(
        # developer.okta.com/docs/reference/api/oidc: where an access token is issued too, the ID token is thin: it has
        # `email` and not `email_verified`, which user info has.
        config=ProviderConfig("okta", clients=[client(oktaDomain="dev-1.okta.com")]),
        discovered_at="https://dev-1.okta.com/.well-known/openid-configuration",
        metadata={
            "issuer": "https://dev-1.okta.com",
            "authorization_endpoint": "https://dev-1.okta.com/oauth2/v1/authorize",
            "token_endpoint": "https://dev-1.okta.com/oauth2/v1/token",
            "userinfo_endpoint": "https://dev-1.okta.com/oauth2/v1/userinfo",
            "jwks_uri": "https://dev-1.okta.com/oauth2/v1/keys",
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": [
                "client_secret_basic",
                "client_secret_post",
                "client_secret_jwt",
                "private_key_jwt",
                "none",
            ],
        },
        claims={"sub": "00uid4BxXw6I6TV4m0g3", "email": "ada@example.com"},
        answers={
            "https://dev-1.okta.com/oauth2/v1/userinfo": {
                "sub": "00uid4BxXw6I6TV4m0g3",
                "email": "ada@example.com",
                "email_verified": True,
            }
        },
        expected=("00uid4BxXw6I6TV4m0g3", "ada@example.com", True),
    ),
    Row(
        # auth0.com/docs/api/authentication: a wrong secret is 401 `access_denied`, a wrong code 403 `invalid_grant`;
        # the issuer ends with a slash (docs/get-started/applications/configure-applications-with-oidc-discovery).
        config=ProviderConfig("auth0", clients=[client(auth0Domain="acme.eu.auth0.com")]),
        discovered_at="https://acme.eu.auth0.com/.well-known/openid-configuration",
        metadata={
            "issuer": "https://acme.eu.auth0.com/",
            "authorization_endpoint": "https://acme.eu.auth0.com/authorize",
            "token_endpoint": "https://acme.eu.auth0.com/oauth/token",
            "userinfo_endpoint": "https://acme.eu.auth0.com/userinfo",
            "jwks_uri": "https://acme.eu.auth0.com/.well-known/jwks.json",
            "id_token_signing_alg_values_supported": ["HS256", "RS256", "PS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "private_key_jwt"],
        },
        claims={"sub": "auth0|507f1f77bcf86cd799439020", "email": "ada@example.com", "email_verified": True},
        bad_code=Refusal(403, {"error": "invalid_grant", "error_description": "Invalid authorization code"}),
        bad_client=Refusal(401, {"error": "access_denied", "error_description": "Unauthorized"}, "client_refused"),
        expected=("auth0|507f1f77bcf86cd799439020", "ada@example.com", True),
    ),
    Row(
        # docs.aws.amazon.com/cognito/latest/developerguide: token-endpoint (errors are 400; the header or the form),
        # federation-endpoints (the document lies with the pool, the endpoints with its domain), userinfo-endpoint
        # (`email_verified` is the text "true" there), amazon-cognito-user-pools-using-the-id-token.
        config=ProviderConfig("cognito", clients=[client(region="eu-central-1", userPoolId="eu-central-1_EXAMPLE")]),
        discovered_at="https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_EXAMPLE/.well-known/openid-configuration",
        metadata={
            "issuer": "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_EXAMPLE",
            "authorization_endpoint": "https://acme.auth.eu-central-1.amazoncognito.com/oauth2/authorize",
            "token_endpoint": "https://acme.auth.eu-central-1.amazoncognito.com/oauth2/token",
            "userinfo_endpoint": "https://acme.auth.eu-central-1.amazoncognito.com/oauth2/userInfo",
            "jwks_uri": "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_EXAMPLE/.well-known/jwks.json",
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        },
        claims={
            "sub": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
            "cognito:username": "ada",
            "token_use": "id",
            "email": "ada@example.com",
            "email_verified": True,
        },
        bad_client=Refusal(400, {"error": "invalid_client"}, "client_refused"),
        expected=("aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", "ada@example.com", True),
    ),
    Row(
        # The recorded document is a realm's of Keycloak 18 (arwhite/proxit, README); endpoints as in
        # keycloak.org/securing-apps/oidc-layers. A wrong secret is 401 `unauthorized_client` (Keycloak's own
        # ClientAuthUtil, "Invalid client or Invalid client credentials"); `azp` is the client.
        config=ProviderConfig("keycloak", clients=[client(keycloakUrl="https://id.example.com", realm="acme")]),
        discovered_at="https://id.example.com/realms/acme/.well-known/openid-configuration",
        metadata=document("keycloak"),
        claims={
            "sub": "16c59673-c5d5-4ac5-ad55-114b3971bcaf",
            "typ": "ID",
            "azp": "client-1",
            "email": "ada@example.com",
            "email_verified": False,
        },
        bad_client=Refusal(
            401,
            {"error": "unauthorized_client", "error_description": "Invalid client or Invalid client credentials"},
            "client_refused",
        ),
        expected=("16c59673-c5d5-4ac5-ad55-114b3971bcaf", "ada@example.com", False),
    ),
    ZITADEL,
    attrs.evolve(
        ZITADEL,
        # zitadel.com/docs/guides/integrate/login/oidc/login-users: an application may register a key in the place of a
        # secret (private_key_jwt); guides/integrate/login/oidc/webkeys: an instance may sign with Ed25519.
        config=ProviderConfig(
            "zitadel-by-key",
            clients=[
                ProviderClientConfig(
                    "client-1",
                    additional_config={"zitadelDomain": "acme.zitadel.example"},
                    private_key=pem_text(ONE_KEY),
                    private_key_id="81693565968962154",
                )
            ],
            trusted_audiences=ZITADEL.config.trusted_audiences,
        ),
        auth_methods=("private_key_jwt",),
        algorithm="EdDSA",
    ),
    Row(
        # docs.goauthentik.io/add-secure-apps/providers/oauth2: each application is an issuer, with a slash at its end;
        # `email_verified` says nothing (release notes of 2025.10).
        config=ProviderConfig(
            "authentik", clients=[client(authentikUrl="https://authentik.example.com", application="shop")]
        ),
        discovered_at="https://authentik.example.com/application/o/shop/.well-known/openid-configuration",
        metadata={
            "issuer": "https://authentik.example.com/application/o/shop/",
            "authorization_endpoint": "https://authentik.example.com/application/o/authorize/",
            "token_endpoint": "https://authentik.example.com/application/o/token/",
            "userinfo_endpoint": "https://authentik.example.com/application/o/userinfo/",
            "jwks_uri": "https://authentik.example.com/application/o/shop/jwks/",
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        },
        claims={"sub": "8f4d6a", "email": "ada@example.com", "email_verified": True},
        bad_client=Refusal(400, {"error": "invalid_client"}, "client_refused"),
        expected=("8f4d6a", "ada@example.com", False),
    ),
    Row(
        # authelia.com/integration/openid-connect: the ID token has no claims of the scope `email`, user info has them
        # (openid-connect-1.0-claims); a client has one method, client_secret_basic unless registered otherwise
        # (configuration/identity-providers/openid-connect/clients); users come back with `iss` (RFC 9207).
        config=ProviderConfig(
            "authelia", oidc_discovery_endpoint="https://auth.example.com", clients=[client()], name="Authelia"
        ),
        discovered_at="https://auth.example.com/.well-known/openid-configuration",
        metadata={
            "issuer": "https://auth.example.com",
            "authorization_endpoint": "https://auth.example.com/api/oidc/authorization",
            "token_endpoint": "https://auth.example.com/api/oidc/token",
            "userinfo_endpoint": "https://auth.example.com/api/oidc/userinfo",
            "jwks_uri": "https://auth.example.com/jwks.json",
            "pushed_authorization_request_endpoint": "https://auth.example.com/api/oidc/pushed-authorization-request",
            "id_token_signing_alg_values_supported": ["RS256", "ES256"],
            "token_endpoint_auth_methods_supported": [
                "client_secret_basic",
                "client_secret_post",
                "client_secret_jwt",
                "private_key_jwt",
                "none",
            ],
            "authorization_response_iss_parameter_supported": True,
        },
        auth_methods=("client_secret_basic",),
        algorithm="ES256",
        claims={"sub": "e79b6494-8852-4439-860c-159f2cba83dc", "azp": "client-1"},
        answers={
            "https://auth.example.com/api/oidc/userinfo": {
                "sub": "e79b6494-8852-4439-860c-159f2cba83dc",
                "email": "ada@example.com",
                "email_verified": True,
            }
        },
        expected=("e79b6494-8852-4439-860c-159f2cba83dc", "ada@example.com", True),
    ),
    Row(
        # ory.com/docs/hydra: each client has one `token_endpoint_auth_method`, and another is refused with
        # invalid_client; the document lists all. Claims are what the consent application puts there.
        config=ProviderConfig(
            "hydra",
            oidc_discovery_endpoint="https://hydra.example.com",
            clients=[attrs.evolve(client(), token_endpoint_auth_method="client_secret_post")],
        ),
        discovered_at="https://hydra.example.com/.well-known/openid-configuration",
        metadata={
            "issuer": "https://hydra.example.com",
            "authorization_endpoint": "https://hydra.example.com/oauth2/auth",
            "token_endpoint": "https://hydra.example.com/oauth2/token",
            "userinfo_endpoint": "https://hydra.example.com/userinfo",
            "jwks_uri": "https://hydra.example.com/.well-known/jwks.json",
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": [
                "client_secret_post",
                "client_secret_basic",
                "private_key_jwt",
                "none",
            ],
        },
        auth_methods=("client_secret_post",),
        claims={"sub": "ada", "aud": ["client-1"], "email": "ada@example.com", "email_verified": True},
        expected=("ada", "ada@example.com", True),
    ),
)

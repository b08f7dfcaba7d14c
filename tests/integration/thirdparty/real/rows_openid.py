"""
Providers that speak OpenID Connect, one for all the world.

The comment at each row says where its facts are from. What a row does not say is as the standards have it.
"""

from __future__ import annotations

from typing import Final

from joserfc.jwk import ECKey

from authweave.recipe.thirdparty.provider import ProviderConfig
from authweave.types import JSON

from .row import Refusal, Row, client

APPLE: Final[dict[str, JSON]] = {
    "teamId": "TEAM",
    "keyId": "KEY",
    "privateKey": ECKey.generate_key("P-256").as_pem(private=True).decode(),
}

GOOGLE: Final = Row(
    # developers.google.com/identity/openid-connect/openid-connect: the document, `email_verified` and `azp` in the ID
    # token; its errors are those of developers.google.com/identity/protocols/oauth2/web-server.
    config=ProviderConfig("google", clients=[client()]),
    discovered_at="https://accounts.google.com/.well-known/openid-configuration",
    metadata={
        "issuer": "https://accounts.google.com",
        "authorization_endpoint": "https://accounts.google.com/o/oauth2/v2/auth",
        "token_endpoint": "https://oauth2.googleapis.com/token",
        "userinfo_endpoint": "https://openidconnect.googleapis.com/v1/userinfo",
        "jwks_uri": "https://www.googleapis.com/oauth2/v3/certs",
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "code_challenge_methods_supported": ["plain", "S256"],
    },
    claims={
        "sub": "10769150350006150715113082367",
        "azp": "client-1",
        "email": "ada@example.com",
        "email_verified": True,
    },
    expected=("10769150350006150715113082367", "ada@example.com", True),
)

OPENID_ROWS: Final = (
    GOOGLE,
    Row(
        # The same page: `hd` is the domain of the organisation, in the ID token alone.
        config=ProviderConfig("google-workspaces", clients=[client(hd="example.com")]),
        discovered_at=GOOGLE.discovered_at,
        metadata=GOOGLE.metadata,
        claims={**(GOOGLE.claims or {}), "hd": "example.com"},
        expected=GOOGLE.expected,
    ),
    Row(
        # developer.apple.com/documentation/signinwithapplerestapi: the secret is a JWT in the form; `email_verified`
        # is a text or a bool; a user who goes back is `user_cancelled_authorize`; with a scope Apple answers with a
        # form (Sign in with Apple JS, "Incorporating Sign in with Apple into other platforms"). It has no user info.
        config=ProviderConfig("apple", clients=[client(None, **APPLE)]),
        discovered_at="https://appleid.apple.com/.well-known/openid-configuration",
        metadata={
            "issuer": "https://appleid.apple.com",
            "authorization_endpoint": "https://appleid.apple.com/auth/authorize",
            "token_endpoint": "https://appleid.apple.com/auth/token",
            "jwks_uri": "https://appleid.apple.com/auth/keys",
            "response_modes_supported": ["query", "fragment", "form_post"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        },
        auth_methods=("client_secret_post",),
        pkce="ignored",
        claims={
            "sub": "001393.6d621dadasdd04956bds129fa982ba.1517",
            "email": "abcd@privaterelay.appleid.com",
            "email_verified": "true",
            "is_private_email": "true",
            "nonce_supported": True,
        },
        bad_client=Refusal(400, {"error": "invalid_client"}, "client_refused"),
        declined={"error": "user_cancelled_authorize"},
        expected=("001393.6d621dadasdd04956bds129fa982ba.1517", "abcd@privaterelay.appleid.com", True),
    ),
    Row(
        # docs.gitlab.com/integration/openid_connect_provider: "sub", "email", "email_verified" are in the ID token;
        # the document is that of gitlab.com, which every GitLab has under its own host.
        config=ProviderConfig("gitlab", clients=[client(gitlabBaseUrl="https://gitlab.example.com")]),
        discovered_at="https://gitlab.example.com/.well-known/openid-configuration",
        metadata={
            "issuer": "https://gitlab.example.com",
            "authorization_endpoint": "https://gitlab.example.com/oauth/authorize",
            "token_endpoint": "https://gitlab.example.com/oauth/token",
            "userinfo_endpoint": "https://gitlab.example.com/oauth/userinfo",
            "jwks_uri": "https://gitlab.example.com/oauth/discovery/keys",
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        },
        claims={"sub": "3", "email": "ada@example.com", "email_verified": True, "groups_direct": ["acme"]},
        expected=("3", "ada@example.com", True),
    ),
    Row(
        # learn.microsoft.com/linkedin: "Sign In with LinkedIn using OpenID Connect" (the document, which has no list of
        # methods) and "Authorization Code Flow" (`user_cancelled_login`; 401 invalid_client). A verifier is answered
        # with invalid_client (nextauthjs/next-auth issue 8831), and no nonce is repeated (authlib/authlib issue 763).
        config=ProviderConfig("linkedin", clients=[client()]),
        discovered_at="https://www.linkedin.com/oauth/.well-known/openid-configuration",
        metadata={
            "issuer": "https://www.linkedin.com/oauth",
            "authorization_endpoint": "https://www.linkedin.com/oauth/v2/authorization",
            "token_endpoint": "https://www.linkedin.com/oauth/v2/accessToken",
            "userinfo_endpoint": "https://api.linkedin.com/v2/userinfo",
            "jwks_uri": "https://www.linkedin.com/oauth/openid/jwks",
            "id_token_signing_alg_values_supported": ["RS256"],
        },
        auth_methods=("client_secret_post",),
        pkce="refused",
        repeats_nonce=False,
        claims={"sub": "782bbtaQ", "email": "ada@example.com", "email_verified": "true"},
        declined={"error": "user_cancelled_login", "error_description": "The user cancelled LinkedIn login"},
        expected=("782bbtaQ", "ada@example.com", True),
    ),
    Row(
        # dev.twitch.tv/docs/authentication/getting-tokens-oidc: the document; claims are asked for by name, and `scope`
        # in the answer is a list. A wrong secret is 403 with a message and no code (nicklaw5/helix, its tests).
        config=ProviderConfig("twitch", clients=[client()]),
        discovered_at="https://id.twitch.tv/oauth2/.well-known/openid-configuration",
        metadata={
            "issuer": "https://id.twitch.tv/oauth2",
            "authorization_endpoint": "https://id.twitch.tv/oauth2/authorize",
            "token_endpoint": "https://id.twitch.tv/oauth2/token",
            "userinfo_endpoint": "https://id.twitch.tv/oauth2/userinfo",
            "jwks_uri": "https://id.twitch.tv/oauth2/keys",
            "claims_parameter_supported": True,
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        },
        auth_methods=("client_secret_post",),
        pkce="ignored",
        claims={"sub": "713936733", "azp": "client-1", "email": "ada@example.com", "email_verified": True},
        tokens={"scope": ["openid", "user:read:email"], "expires_in": 14124},
        bad_code=Refusal(400, {"status": 400, "message": "Invalid authorization code"}),
        bad_client=Refusal(403, {"status": 403, "message": "invalid client secret"}, "client_refused"),
        expected=("713936733", "ada@example.com", True),
    ),
    Row(
        # docs.slack.dev/authentication/sign-in-with-slack (the document) and reference/methods/openid.connect.token:
        # errors come with "ok": false and status 200, `bad_client_secret` and `invalid_code` among them.
        config=ProviderConfig("slack", clients=[client()]),
        discovered_at="https://slack.com/.well-known/openid-configuration",
        metadata={
            "issuer": "https://slack.com",
            "authorization_endpoint": "https://slack.com/openid/connect/authorize",
            "token_endpoint": "https://slack.com/api/openid.connect.token",
            "userinfo_endpoint": "https://slack.com/api/openid.connect.userInfo",
            "jwks_uri": "https://slack.com/openid/connect/keys",
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        },
        pkce="refused",
        claims={
            "sub": "U0R7MFMJM",
            "https://slack.com/user_id": "U0R7MFMJM",
            "https://slack.com/team_id": "T0R7GR7AA",
            "email": "ada@example.com",
            "email_verified": True,
        },
        tokens={"ok": True},
        bad_code=Refusal(200, {"ok": False, "error": "invalid_code"}),
        bad_client=Refusal(200, {"ok": False, "error": "bad_client_secret"}, "client_refused"),
        expected=("U0R7MFMJM", "ada@example.com", True),
    ),
    Row(
        # authentic2, FcAuthenticator (the endpoints of version 2); france-connect-py 2.1: the form, `acr_values`, and
        # user info that is a JWT, signed by the keys of the ID token, which has no address. It does not vouch for one.
        # FranceConnect+, whose tokens are encrypted too (proconnect-gouv/federation), is another.
        config=ProviderConfig(
            "franceconnect",
            oidc_discovery_endpoint="https://oidc.franceconnect.gouv.fr/api/v2",
            authorization_endpoint_query_params={"acr_values": "eidas1"},
            clients=[client()],
        ),
        discovered_at="https://oidc.franceconnect.gouv.fr/api/v2/.well-known/openid-configuration",
        metadata={
            "issuer": "https://oidc.franceconnect.gouv.fr/api/v2",
            "authorization_endpoint": "https://oidc.franceconnect.gouv.fr/api/v2/authorize",
            "token_endpoint": "https://oidc.franceconnect.gouv.fr/api/v2/token",
            "userinfo_endpoint": "https://oidc.franceconnect.gouv.fr/api/v2/userinfo",
            "jwks_uri": "https://oidc.franceconnect.gouv.fr/api/v2/jwks",
            "id_token_signing_alg_values_supported": ["ES256", "RS256", "HS256"],
            "userinfo_signing_alg_values_supported": ["ES256", "RS256", "HS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
        },
        auth_methods=("client_secret_post",),
        pkce="ignored",
        algorithm="ES256",
        claims={"sub": "b6048e95bb134ec5b1d1e1fa69f287172e91722b9354d637a1bcf2ebb0fd2ef5v1", "acr": "eidas1"},
        answers={
            "https://oidc.franceconnect.gouv.fr/api/v2/userinfo": {
                "sub": "b6048e95bb134ec5b1d1e1fa69f287172e91722b9354d637a1bcf2ebb0fd2ef5v1",
                "email": "ada@example.com",
                "gender": "female",
            }
        },
        signs_answers=True,
        expected=(
            "b6048e95bb134ec5b1d1e1fa69f287172e91722b9354d637a1bcf2ebb0fd2ef5v1",
            "ada@example.com",
            False,
        ),
    ),
)

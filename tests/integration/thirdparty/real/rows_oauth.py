"""
Providers that speak OAuth 2 without OpenID, as far as websites go.

The comment at each row says where its facts are from. What a row does not say is as the standards have it.
"""

from __future__ import annotations

from typing import Final

from authweave.recipe.thirdparty.provider import ProviderConfig

from .row import Refusal, Row, client

FACEBOOK: Final = Row(
    # developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow: endpoints, how a user comes back who does
    # not agree; errors are objects (docs/graph-api/guides/error-handling), code 1 for the secret, 100 for the code.
    config=ProviderConfig("facebook", clients=[client()]),
    metadata={
        "authorization_endpoint": "https://www.facebook.com/dialog/oauth",
        "token_endpoint": "https://graph.facebook.com/oauth/access_token",
    },
    auth_methods=("client_secret_post",),
    pkce="ignored",
    answers={"https://graph.facebook.com/me": {"id": "10221", "email": "ada@example.com", "name": "Ada"}},
    bad_code=Refusal(
        400,
        {"error": {"message": "This authorization code has been used.", "type": "OAuthException", "code": 100}},
    ),
    bad_client=Refusal(
        400,
        {"error": {"message": "Error validating client secret.", "type": "OAuthException", "code": 1}},
        "client_refused",
    ),
    declined={
        "error": "access_denied",
        "error_code": "200",
        "error_description": "Permissions error",
        "error_reason": "user_denied",
    },
    expected=("10221", "ada@example.com", False),
)

OAUTH_ROWS: Final = (
    Row(
        # docs.github.com/apps: "Authorizing OAuth apps" (the form, PKCE with S256), "Troubleshooting OAuth app access
        # token request errors" (status 200), "Troubleshooting authorization request errors" (how a user comes back);
        # /user/emails of the REST API.
        config=ProviderConfig("github", clients=[client()]),
        metadata={
            "authorization_endpoint": "https://github.com/login/oauth/authorize",
            "token_endpoint": "https://github.com/login/oauth/access_token",
        },
        auth_methods=("client_secret_post",),
        answers={
            "https://api.github.com/user": {"id": 583231, "login": "ada", "email": "public@example.com"},
            "https://api.github.com/user/emails": [
                {"email": "ada@example.com", "primary": True, "verified": True, "visibility": "private"}
            ],
        },
        tokens={"scope": "read:user,user:email"},
        bad_code=Refusal(
            200,
            {"error": "bad_verification_code", "error_description": "The code passed is incorrect or expired."},
        ),
        bad_client=Refusal(
            200,
            {
                "error": "incorrect_client_credentials",
                "error_description": "The client_id and/or client_secret passed are incorrect.",
            },
            "client_refused",
        ),
        declined={"error": "access_denied", "error_description": "The user has denied your application access."},
        expected=("583231", "ada@example.com", True),
    ),
    Row(
        # discord.com/developers/docs/topics/oauth2: the header or the form; `verified` in users/@me. PKCE is not for
        # confidential clients (arcticjs.dev/providers/discord).
        config=ProviderConfig("discord", clients=[client()]),
        metadata={
            "authorization_endpoint": "https://discord.com/oauth2/authorize",
            "token_endpoint": "https://discord.com/api/oauth2/token",
        },
        pkce="ignored",
        answers={
            "https://discord.com/api/users/@me": {
                "id": "80351110224678912",
                "email": "ada@example.com",
                "verified": True,
            }
        },
        expected=("80351110224678912", "ada@example.com", True),
    ),
    FACEBOOK,
    Row(
        # developers.facebook.com/docs/facebook-login/limited-login/token: the document and keys of what phones get, an
        # ID token without an access token. Websites sign in as without.
        config=ProviderConfig(
            "facebook-phones", oidc_discovery_endpoint="https://limited.facebook.com", clients=[client()]
        ),
        discovered_at="https://limited.facebook.com/.well-known/openid-configuration",
        metadata={
            **FACEBOOK.metadata,
            "issuer": "https://limited.facebook.com",
            "jwks_uri": "https://limited.facebook.com/.well-known/oauth/openid/jwks/",
            "id_token_signing_alg_values_supported": ["RS256"],
        },
        auth_methods=FACEBOOK.auth_methods,
        pkce=FACEBOOK.pkce,
        phone_claims={"sub": "10221", "email": "ada@example.com", "given_name": "Ada"},
        answers=FACEBOOK.answers,
        bad_code=FACEBOOK.bad_code,
        bad_client=FACEBOOK.bad_client,
        declined=FACEBOOK.declined,
        expected=FACEBOOK.expected,
    ),
    Row(
        # docs.x.com/fundamentals/authentication/oauth-2-0/user-access-token: confidential clients authenticate with the
        # header alone, and `code_challenge` is required. A wrong secret is 401 `unauthorized_client`, "Missing valid
        # authorization header". Without the scope `users.email` there is no address (x-api/users/get-my-user).
        config=ProviderConfig("twitter", clients=[client()]),
        metadata={
            "authorization_endpoint": "https://x.com/i/oauth2/authorize",
            "token_endpoint": "https://api.x.com/2/oauth2/token",
        },
        auth_methods=("client_secret_basic",),
        pkce="required",
        answers={"https://api.x.com/2/users/me": {"data": {"id": "2244994945", "name": "Ada", "username": "ada"}}},
        bad_code=Refusal(
            400,
            {
                "error": "invalid_request",
                "error_description": "Value passed for the authorization code was invalid.",
            },
            "provider_answer",
        ),
        bad_client=Refusal(
            401,
            {"error": "unauthorized_client", "error_description": "Missing valid authorization header"},
            "client_refused",
        ),
        expected=("2244994945", None, True),
    ),
    Row(
        # developer.atlassian.com/cloud/bitbucket/oauth-2: the consumer's key and secret go into the header;
        # rest/api-group-users: the addresses, `is_primary` and `is_confirmed`, are asked for apart. It has no PKCE.
        config=ProviderConfig("bitbucket", clients=[client()]),
        metadata={
            "authorization_endpoint": "https://bitbucket.org/site/oauth2/authorize",
            "token_endpoint": "https://bitbucket.org/site/oauth2/access_token",
        },
        auth_methods=("client_secret_basic",),
        pkce="ignored",
        answers={
            "https://api.bitbucket.org/2.0/user": {"uuid": "{c788b2da-b7a2-404c-9e26-d3f077557007}", "type": "user"},
            "https://api.bitbucket.org/2.0/user/emails": {
                "values": [
                    {"email": "old@example.com", "is_primary": False, "is_confirmed": True, "type": "email"},
                    {"email": "ada@example.com", "is_primary": True, "is_confirmed": True, "type": "email"},
                ]
            },
        },
        bad_client=Refusal(
            400,
            {"error": "unauthorized_client", "error_description": "Invalid OAuth client credentials"},
            "client_refused",
        ),
        expected=("{c788b2da-b7a2-404c-9e26-d3f077557007}", "ada@example.com", True),
    ),
    Row(
        # boxyhq.com/docs/jackson/sso-flow: the endpoints below /api/oauth, the form, PKCE, and `id` and `email` of the
        # user info. A wrong secret is 401.
        config=ProviderConfig("boxy-saml", clients=[client(boxyURL="https://saml.example.com")]),
        metadata={
            "authorization_endpoint": "https://saml.example.com/api/oauth/authorize",
            "token_endpoint": "https://saml.example.com/api/oauth/token",
        },
        auth_methods=("client_secret_post",),
        answers={"https://saml.example.com/api/oauth/userinfo": {"id": "00u1abcd", "email": "ada@example.com"}},
        bad_client=Refusal(401, {"message": "Invalid client_id or client_secret"}, "client_refused"),
        expected=("00u1abcd", "ada@example.com", False),
    ),
    Row(
        # developer.spotify.com/documentation/web-api/tutorials/code-flow: the header; concepts/api-calls: 400
        # invalid_client; reference/get-current-users-profile: "This email address is unverified".
        config=ProviderConfig("spotify", clients=[client()]),
        metadata={
            "authorization_endpoint": "https://accounts.spotify.com/authorize",
            "token_endpoint": "https://accounts.spotify.com/api/token",
        },
        auth_methods=("client_secret_basic",),
        answers={"https://api.spotify.com/v1/me": {"id": "smedjan", "email": "ada@example.com", "type": "user"}},
        bad_client=Refusal(
            400, {"error": "invalid_client", "error_description": "Invalid client secret"}, "client_refused"
        ),
        expected=("smedjan", "ada@example.com", False),
    ),
    Row(
        # developers.kakao.com/docs/latest/en/kakaologin/rest-api: client_secret_post alone, S256; the address and what
        # vouches for it are in /v2/user/me; ID tokens have an address and no claim for it. trouble-shooting: KOE010
        # invalid_client, KOE320 invalid_grant.
        config=ProviderConfig("kakao", clients=[client()]),
        metadata={
            "issuer": "https://kauth.kakao.com",
            "authorization_endpoint": "https://kauth.kakao.com/oauth/authorize",
            "token_endpoint": "https://kauth.kakao.com/oauth/token",
            "jwks_uri": "https://kauth.kakao.com/.well-known/jwks.json",
        },
        auth_methods=("client_secret_post",),
        phone_claims={"sub": "123456789", "email": "ada@example.com", "nickname": "Ada"},
        answers={
            "https://kapi.kakao.com/v2/user/me": {
                "id": 123456789,
                "kakao_account": {"email": "ada@example.com", "is_email_valid": True, "is_email_verified": True},
            }
        },
        bad_code=Refusal(400, {"error": "invalid_grant", "error_code": "KOE320"}),
        bad_client=Refusal(401, {"error": "invalid_client", "error_code": "KOE010"}, "client_refused"),
        declined={"error": "access_denied", "error_description": "User denied access"},
        expected=("123456789", "ada@example.com", True),
    ),
    Row(
        # developers.line.biz/en/reference/line-login: the form, /v2/profile; docs/line-login/verify-id-token: ID tokens
        # of websites are HS256, those of phones ES256; docs/line-login/integrate-pkce. It does not vouch for addresses.
        config=ProviderConfig("line", clients=[client()]),
        metadata={
            "issuer": "https://access.line.me",
            "authorization_endpoint": "https://access.line.me/oauth2/v2.1/authorize",
            "token_endpoint": "https://api.line.me/oauth2/v2.1/token",
            "jwks_uri": "https://api.line.me/oauth2/v2.1/certs",
        },
        auth_methods=("client_secret_post",),
        algorithm="ES256",
        phone_claims={"sub": "U4af4980629", "name": "Ada"},
        answers={"https://api.line.me/v2/profile": {"userId": "U4af4980629", "displayName": "Ada"}},
        bad_client=Refusal(400, {"error": "invalid_client"}, "client_refused"),
        declined={"error": "access_denied", "error_description": "The resource owner denied the request."},
        expected=("U4af4980629", None, True),
    ),
)

"""Providers that speak OAuth 2. Some have ID tokens for applications on phones; their websites need none."""

from __future__ import annotations

from typing import Final

from authweave.recipe.thirdparty.provider import CommonProviderConfig, UserFields, UserInfoMap
from authweave.recipe.thirdparty.providers.profiles import ProviderProfile

from .completing import with_boxy_host, with_confirmed_address
from .token_info import facebook_issued_to, github_issued_to, line_issued_to, named_to_bearer
from .user_info_requests import bitbucket_user_info, github_user_info, kakao_user_info

OAUTH_PROVIDERS: Final = (
    ProviderProfile(
        defaults=CommonProviderConfig(
            "github",
            name="GitHub",
            authorization_endpoint="https://github.com/login/oauth/authorize",
            token_endpoint="https://github.com/login/oauth/access_token",
            user_info_endpoint="https://api.github.com/user",
            token_info_endpoint="https://api.github.com/applications/{client_id}/token",
            user_info_map=UserInfoMap(from_user_info_api=UserFields("id", "email", "email_verified")),
        ),
        scope=("read:user", "user:email"),
        confidential="all",
        vouched_for_by="`verified` of the primary address in `/user/emails`",
        issued_to=github_issued_to,
        fetch_user_info=github_user_info,
    ),
    ProviderProfile(
        defaults=CommonProviderConfig(
            "discord",
            name="Discord",
            authorization_endpoint="https://discord.com/oauth2/authorize",
            token_endpoint="https://discord.com/api/oauth2/token",
            user_info_endpoint="https://discord.com/api/users/@me",
            token_info_endpoint="https://discord.com/api/oauth2/@me",
            user_info_map=UserInfoMap(from_user_info_api=UserFields("id", "email", "verified")),
        ),
        scope=("identify", "email"),
        vouched_for_by="`verified` in `/users/@me`",
        issued_to=named_to_bearer("application.id"),
    ),
    ProviderProfile(
        defaults=CommonProviderConfig(
            "facebook",
            name="Facebook",
            authorization_endpoint="https://www.facebook.com/dialog/oauth",
            token_endpoint="https://graph.facebook.com/oauth/access_token",
            user_info_endpoint="https://graph.facebook.com/me",
            user_info_endpoint_query_params={"fields": "id,email,name"},
            token_info_endpoint="https://graph.facebook.com/debug_token",
            user_info_map=UserInfoMap(UserFields("sub", "email"), UserFields("id", "email")),
        ),
        scope=("email",),
        confidential="all",
        # Its document, by which ID tokens of phones are checked, has no list of methods.
        auth_method="client_secret_post",
        vouched_for_by="nothing: Facebook does not say",
        issued_to=facebook_issued_to,
        identified_by_issuer=False,
    ),
    ProviderProfile(
        defaults=CommonProviderConfig(
            "twitter",
            name="X",
            authorization_endpoint="https://x.com/i/oauth2/authorize",
            token_endpoint="https://api.x.com/2/oauth2/token",
            user_info_endpoint="https://api.x.com/2/users/me",
            user_info_map=UserInfoMap(from_user_info_api=UserFields("data.id", "data.confirmed_email")),
            # Most applications may not ask for an address.
            require_email=False,
        ),
        scope=("users.read", "tweet.read"),
        auth_method="client_secret_basic",
        vouched_for_by="nothing: X has no claim for it. Only with the scope `users.email` there is an address at all",
        complete=with_confirmed_address,
    ),
    ProviderProfile(
        defaults=CommonProviderConfig(
            "bitbucket",
            name="Bitbucket",
            authorization_endpoint="https://bitbucket.org/site/oauth2/authorize",
            token_endpoint="https://bitbucket.org/site/oauth2/access_token",
            user_info_endpoint="https://api.bitbucket.org/2.0/user",
            user_info_map=UserInfoMap(from_user_info_api=UserFields("uuid", "email", "email_verified")),
        ),
        scope=("account", "email"),
        confidential="all",
        auth_method="client_secret_basic",
        vouched_for_by="`is_confirmed` of the primary address in `/user/emails`",
        fetch_user_info=bitbucket_user_info,
    ),
    ProviderProfile(
        defaults=CommonProviderConfig(
            "boxy-saml",
            name="SAML",
            user_info_map=UserInfoMap(from_user_info_api=UserFields("id", "email")),
        ),
        scope=(),
        needs=(("boxyURL", "where the server is, `https://saml.example.com`"),),
        vouched_for_by="nothing: the address is what the organisation's identity provider says",
        complete=with_boxy_host,
    ),
    ProviderProfile(
        defaults=CommonProviderConfig(
            "spotify",
            name="Spotify",
            authorization_endpoint="https://accounts.spotify.com/authorize",
            token_endpoint="https://accounts.spotify.com/api/token",
            user_info_endpoint="https://api.spotify.com/v1/me",
            user_info_map=UserInfoMap(from_user_info_api=UserFields("id", "email")),
        ),
        scope=("user-read-email",),
        auth_method="client_secret_basic",
        vouched_for_by="nothing: Spotify says that the address is unverified",
    ),
    ProviderProfile(
        defaults=CommonProviderConfig(
            "kakao",
            name="Kakao",
            authorization_endpoint="https://kauth.kakao.com/oauth/authorize",
            token_endpoint="https://kauth.kakao.com/oauth/token",
            user_info_endpoint="https://kapi.kakao.com/v2/user/me",
            issuer="https://kauth.kakao.com",
            jwks_uri="https://kauth.kakao.com/.well-known/jwks.json",
            user_info_map=UserInfoMap(UserFields("sub", "email"), UserFields("id", "email", "email_verified")),
        ),
        scope=("account_email",),
        auth_method="client_secret_post",
        vouched_for_by="`is_email_valid` and `is_email_verified`, both, in `/v2/user/me`; nothing in an ID token",
        fetch_user_info=kakao_user_info,
        identified_by_issuer=False,
    ),
    ProviderProfile(
        defaults=CommonProviderConfig(
            "line",
            name="LINE",
            authorization_endpoint="https://access.line.me/oauth2/v2.1/authorize",
            token_endpoint="https://api.line.me/oauth2/v2.1/token",
            # The ID tokens of websites are signed with the secret (HS256), so they are not asked for.
            user_info_endpoint="https://api.line.me/v2/profile",
            token_info_endpoint="https://api.line.me/oauth2/v2.1/verify",
            issuer="https://access.line.me",
            jwks_uri="https://api.line.me/oauth2/v2.1/certs",
            user_info_map=UserInfoMap(UserFields("sub", "email"), UserFields("userId")),
            # Only ID tokens have one.
            require_email=False,
        ),
        scope=("profile",),
        auth_method="client_secret_post",
        vouched_for_by="nothing: LINE does not say",
        issued_to=line_issued_to,
        identified_by_issuer=False,
    ),
)

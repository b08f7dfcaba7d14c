"""The providers that the library knows, as data."""

from __future__ import annotations

from typing import Final

import attrs

from authweave.recipe.thirdparty.exceptions import IDTokenError
from authweave.recipe.thirdparty.oauth.answers import required_object
from authweave.recipe.thirdparty.oauth.discovery import text_of
from authweave.recipe.thirdparty.oauth.http import ProviderHTTP
from authweave.recipe.thirdparty.provider import (
    CommonProviderConfig,
    ProviderConfigForClient,
    UserFields,
    UserInfoMap,
)
from authweave.types import JSON, Clock, JSONObject

from .apple import with_client_secret
from .profiles import ProviderProfile, openid_fields, required_setting, setting
from .token_checks import (
    bearer_auth,
    discord_issued_to,
    facebook_issued_to,
    github_issued_to,
    gitlab_issued_to,
    google_issued_to,
)

ANY_DOMAIN: Final = "*"

PERSONAL_ACCOUNTS: Final = "9188040d-6c67-4c5b-b112-36a304b66dad"
"""The directory that Microsoft has for accounts that are of no organisation."""


def with_hosted_domain(config: ProviderConfigForClient, clock: Clock) -> ProviderConfigForClient:
    """Let Google offer the accounts of one domain only."""
    del clock
    query = {"hd": setting(config, "hd") or ANY_DOMAIN, **(config.authorization_endpoint_query_params or {})}
    return attrs.evolve(config, authorization_endpoint_query_params=query)


def check_hosted_domain(claims: JSONObject, config: ProviderConfigForClient) -> None:
    """Check that an account is of the domain: what the user was offered binds nobody."""
    wanted, domain = setting(config, "hd") or ANY_DOMAIN, text_of(claims, "hd")
    if domain is None or wanted not in {ANY_DOMAIN, domain}:
        message = "its 'hd' is not the Google Workspace domain that is configured."
        raise IDTokenError(config.third_party_id, "claims", message)


def with_gitlab_host(config: ProviderConfigForClient, clock: Clock) -> ProviderConfigForClient:
    """Take a GitLab of one's own."""
    del clock
    base = (setting(config, "gitlabBaseUrl") or "https://gitlab.com").removesuffix("/")
    return attrs.evolve(
        config,
        oidc_discovery_endpoint=config.oidc_discovery_endpoint or base,
        token_info_endpoint=config.token_info_endpoint or f"{base}/oauth/token/info",
    )


def with_okta_domain(config: ProviderConfigForClient, clock: Clock) -> ProviderConfigForClient:
    """Take the organisation's Okta."""
    del clock
    if config.oidc_discovery_endpoint is not None:
        return config
    domain = required_setting(config, "oktaDomain").removesuffix("/")
    return attrs.evolve(config, oidc_discovery_endpoint=domain if "://" in domain else f"https://{domain}")


def with_directory(config: ProviderConfigForClient, clock: Clock) -> ProviderConfigForClient:
    """Take the organisation's directory, or ``common`` or ``organizations`` for those of all."""
    del clock
    if config.oidc_discovery_endpoint is not None:
        return config
    endpoint = f"https://login.microsoftonline.com/{required_setting(config, 'directoryId')}/v2.0"
    return attrs.evolve(config, oidc_discovery_endpoint=endpoint)


def check_directory(claims: JSONObject, config: ProviderConfigForClient) -> None:
    """Keep personal accounts out where only organisations are let in: the same keys sign the tokens of both."""
    if setting(config, "directoryId") == "organizations" and text_of(claims, "tid") == PERSONAL_ACCOUNTS:
        message = "it is of a personal account, and 'directoryId' is 'organizations'."
        raise IDTokenError(config.third_party_id, "claims", message)


async def github_user_info(http: ProviderHTTP, config: ProviderConfigForClient, access_token: str) -> JSONObject:
    """Ask GitHub for the user, and then for the addresses: the first answer has the one shown on the profile only."""
    url = config.user_info_endpoint or ""
    headers = bearer_auth(access_token)
    user = required_object(await http.get(config.third_party_id, url, headers=headers), config.third_party_id, "user")
    emails = await http.get(config.third_party_id, f"{url}/emails", headers=headers)
    return {**user, "emails": emails.content, **primary_email(emails.content)}


def primary_email(emails: JSON) -> JSONObject:
    """Return the primary one of GitHub's addresses, under the names of OpenID."""
    for each in emails if isinstance(emails, list) else ():
        if isinstance(each, dict) and each.get("primary") is True:
            return {"email": each.get("email"), "email_verified": each.get("verified")}
    return {"email": None, "email_verified": False}


GOOGLE: Final = ProviderProfile(
    defaults=CommonProviderConfig(
        "google",
        name="Google",
        oidc_discovery_endpoint="https://accounts.google.com",
        token_info_endpoint="https://oauth2.googleapis.com/tokeninfo",
        user_info_map=openid_fields(),
    ),
    confidential="web",
    vouched_for_by="`email_verified` in the ID token",
    issued_to=google_issued_to,
)

PROFILES: Final = (
    GOOGLE,
    ProviderProfile(
        defaults=attrs.evolve(GOOGLE.defaults, third_party_id="google-workspaces", name="Google Workspaces"),
        confidential="web",
        vouched_for_by="`email_verified` in the ID token, whose `hd` has to be the configured domain",
        complete=with_hosted_domain,
        issued_to=google_issued_to,
        check_claims=check_hosted_domain,
    ),
    ProviderProfile(
        defaults=CommonProviderConfig(
            "apple",
            name="Apple",
            oidc_discovery_endpoint="https://appleid.apple.com",
            # Apple asks for it wherever it is to tell the address.
            authorization_endpoint_query_params={"response_mode": "form_post"},
            user_info_map=openid_fields(),
        ),
        needs=(
            ("teamId", "the team's id"),
            ("keyId", "the id of a key for Sign in with Apple"),
            ("privateKey", "that key, the text of its .p8 file"),
        ),
        vouched_for_by="`email_verified` in the ID token",
        complete=with_client_secret,
    ),
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
        defaults=CommonProviderConfig("gitlab", name="GitLab", user_info_map=openid_fields()),
        vouched_for_by="`email_verified` in the ID token or the user info",
        complete=with_gitlab_host,
        issued_to=gitlab_issued_to,
    ),
    ProviderProfile(
        defaults=CommonProviderConfig(
            "active-directory",
            name="Microsoft",
            issuer="https://login.microsoftonline.com/{tenantid}/v2.0",
            # A directory's administrators write into `email` what they like.
            user_info_map=openid_fields(email_verified=None),
        ),
        needs=(("directoryId", "the directory's (tenant's) id, or `common`, `organizations`, `consumers`"),),
        vouched_for_by="nothing: `email` is what a directory's administrator wrote",
        complete=with_directory,
        check_claims=check_directory,
    ),
    ProviderProfile(
        defaults=CommonProviderConfig("okta", name="Okta", user_info_map=openid_fields()),
        needs=(("oktaDomain", "the organisation's domain, `dev-1.okta.com`"),),
        vouched_for_by="`email_verified` in the ID token or the user info",
        complete=with_okta_domain,
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
        issued_to=discord_issued_to,
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
            user_info_map=UserInfoMap(from_user_info_api=UserFields("id", "email")),
        ),
        scope=("email",),
        confidential="all",
        vouched_for_by="nothing: Facebook does not say",
        issued_to=facebook_issued_to,
    ),
)

OPENID: Final = ProviderProfile(
    defaults=CommonProviderConfig("", user_info_map=openid_fields()),
    vouched_for_by="`email_verified` in the ID token or the user info, unless `user_info_map` says otherwise",
)
"""Any other provider; what it has, its configuration says."""


def profile_of(third_party_id: str) -> ProviderProfile:
    """Return a provider's entry. ``google-workspaces-acme`` is a ``google-workspaces``: one may have several."""
    fitting = [each for each in PROFILES if third_party_id == each.id or third_party_id.startswith(f"{each.id}-")]
    return max(fitting, key=lambda each: len(each.id), default=OPENID)

"""Who a user is, asked of providers with which one request for claims does not do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from authweave.recipe.thirdparty.oauth.answers import required_object
from authweave.recipe.thirdparty.provider import ProviderConfigForClient
from authweave.recipe.thirdparty.providers.answer_paths import field_at
from authweave.recipe.thirdparty.providers.token_checks import bearer_auth
from authweave.types import JSON, JSONObject

if TYPE_CHECKING:  # loads the HTTP client
    from authweave.recipe.thirdparty.oauth.http import ProviderHTTP


async def github_user_info(http: ProviderHTTP, config: ProviderConfigForClient, access_token: str) -> JSONObject:
    """Ask GitHub for the user, and then for the addresses: the first answer has the one shown on the profile only."""
    user = await bare_user(http, config, access_token)
    emails = await addresses(http, config, access_token)
    return {**user, "emails": emails, **primary_email(emails, "primary", "verified")}


async def bitbucket_user_info(http: ProviderHTTP, config: ProviderConfigForClient, access_token: str) -> JSONObject:
    """Ask Bitbucket for the user, and then for the addresses, which the first answer has not at all."""
    user = await bare_user(http, config, access_token)
    emails = field_at(await addresses(http, config, access_token), "values")
    return {**user, "emails": emails, **primary_email(emails, "is_primary", "is_confirmed")}


async def kakao_user_info(http: ProviderHTTP, config: ProviderConfigForClient, access_token: str) -> JSONObject:
    """Ask Kakao for the user. An address that was verified once may be another account's now: then it is not valid."""
    user = await bare_user(http, config, access_token)
    signs = ("kakao_account.is_email_valid", "kakao_account.is_email_verified")
    vouched = all(field_at(user, each) is True for each in signs)
    return {**user, "email": field_at(user, "kakao_account.email"), "email_verified": vouched}


async def bare_user(http: ProviderHTTP, config: ProviderConfigForClient, access_token: str) -> JSONObject:
    """
    Ask for the user.

    Raises:
        ProviderError: there is no answer, or none that is a user.
    """
    provider, endpoint = config.third_party_id, config.user_info_endpoint or ""
    return required_object(await http.get(provider, endpoint, headers=bearer_auth(access_token)), provider, "user")


async def addresses(http: ProviderHTTP, config: ProviderConfigForClient, access_token: str) -> JSON:
    """Ask for the user's addresses, which stand below the user."""
    endpoint = f"{config.user_info_endpoint or ''}/emails"
    return (await http.get(config.third_party_id, endpoint, headers=bearer_auth(access_token))).content


def primary_email(emails: JSON, primary: str, verified: str) -> JSONObject:
    """Return the primary one of several addresses, under the names of OpenID."""
    for each in emails if isinstance(emails, list) else ():
        if isinstance(each, dict) and each.get(primary) is True:
            return {"email": each.get("email"), "email_verified": each.get(verified)}
    return {"email": None, "email_verified": False}

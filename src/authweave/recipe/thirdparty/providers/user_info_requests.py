"""Who a user is, asked of providers with which one request for claims does not do."""

from __future__ import annotations

from authweave.recipe.thirdparty.oauth.answers import required_object
from authweave.recipe.thirdparty.oauth.http import ProviderHTTP
from authweave.recipe.thirdparty.provider import ProviderConfigForClient
from authweave.types import JSON, JSONObject

from .token_checks import bearer_auth


async def github_user_info(http: ProviderHTTP, config: ProviderConfigForClient, access_token: str) -> JSONObject:
    """Ask GitHub for the user, and then for the addresses: the first answer has the one shown on the profile only."""
    url = config.user_info_endpoint or ""
    headers = bearer_auth(access_token)
    user = required_object(await http.get(config.third_party_id, url, headers=headers), config.third_party_id, "user")
    emails = await http.get(config.third_party_id, f"{url}/emails", headers=headers)
    return {**user, "emails": emails.content, **primary_email(emails.content, "primary", "verified")}


async def bitbucket_user_info(http: ProviderHTTP, config: ProviderConfigForClient, access_token: str) -> JSONObject:
    """Ask Bitbucket for the user, and then for the addresses, which the first answer has not at all."""
    url = config.user_info_endpoint or ""
    headers = bearer_auth(access_token)
    user = required_object(await http.get(config.third_party_id, url, headers=headers), config.third_party_id, "user")
    emails = await http.get(config.third_party_id, f"{url}/emails", headers=headers)
    values = (emails.fields or {}).get("values")
    return {**user, "emails": values, **primary_email(values, "is_primary", "is_confirmed")}


async def kakao_user_info(http: ProviderHTTP, config: ProviderConfigForClient, access_token: str) -> JSONObject:
    """Ask Kakao for the user. An address that was verified once may be another account's now: then it is not valid."""
    url = config.user_info_endpoint or ""
    answer = await http.get(config.third_party_id, url, headers=bearer_auth(access_token))
    user = required_object(answer, config.third_party_id, "user")
    account = user.get("kakao_account")
    known = account if isinstance(account, dict) else {}
    vouched = known.get("is_email_valid") is True and known.get("is_email_verified") is True
    return {**user, "email": known.get("email"), "email_verified": vouched}


def primary_email(emails: JSON, primary: str, verified: str) -> JSONObject:
    """Return the primary one of several addresses, under the names of OpenID."""
    for each in emails if isinstance(emails, list) else ():
        if isinstance(each, dict) and each.get(primary) is True:
            return {"email": each.get("email"), "email_verified": each.get(verified)}
    return {"email": None, "email_verified": False}

"""To which client an access token was issued: each provider has a question of its own for that."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import quote_plus

from authweave.recipe.thirdparty.oauth.answers import Answer
from authweave.recipe.thirdparty.oauth.client_authentication import basic_auth
from authweave.recipe.thirdparty.oauth.discovery import text_of
from authweave.recipe.thirdparty.oauth.http import ProviderHTTP
from authweave.recipe.thirdparty.provider import ProviderConfigForClient
from authweave.types import JSON, JSONObject


def bearer_auth(access_token: str) -> dict[str, str]:
    """Return the header that carries an access token (RFC 6750, section 2.1)."""
    return {"authorization": f"Bearer {access_token}"}


def text_at(answer: Answer, *path: str) -> str | None:
    """Return a text or a number of a successful answer, as a text."""
    value: JSON = answer.fields if answer.status < 400 else None  # noqa: PLR2004  the classes of RFC 9110
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else None


async def google_issued_to(http: ProviderHTTP, config: ProviderConfigForClient, access_token: str) -> str | None:
    """Ask Google's ``tokeninfo``."""
    answer = await http.get(config.third_party_id, token_info_endpoint(config), query={"access_token": access_token})
    return text_at(answer, "aud")


async def github_issued_to(http: ProviderHTTP, config: ProviderConfigForClient, access_token: str) -> str | None:
    """Ask GitHub whether a token is this application's; it needs the application's secret for that."""
    url = token_info_endpoint(config).replace("{client_id}", quote_plus(config.client_id))
    content: JSONObject = {"access_token": access_token}
    answer = await http.post(config.third_party_id, url, content=content, headers=basic_auth(config))
    return text_at(answer, "app", "client_id")


async def facebook_issued_to(http: ProviderHTTP, config: ProviderConfigForClient, access_token: str) -> str | None:
    """Ask Facebook's ``debug_token``, as the application itself."""
    query = {"input_token": access_token, "access_token": f"{config.client_id}|{config.client_secret or ''}"}
    answer = await http.get(config.third_party_id, token_info_endpoint(config), query=query)
    data = (answer.fields or {}).get("data")
    valid = isinstance(data, dict) and data.get("is_valid") is True
    return text_at(answer, "data", "app_id") if valid else None


async def discord_issued_to(http: ProviderHTTP, config: ProviderConfigForClient, access_token: str) -> str | None:
    """Ask Discord for the authorisation that a token stands for."""
    answer = await http.get(config.third_party_id, token_info_endpoint(config), headers=bearer_auth(access_token))
    return text_at(answer, "application", "id")


async def gitlab_issued_to(http: ProviderHTTP, config: ProviderConfigForClient, access_token: str) -> str | None:
    """Ask GitLab what it knows of a token."""
    answer = await http.get(config.third_party_id, token_info_endpoint(config), headers=bearer_auth(access_token))
    return text_at(answer, "application", "uid")


async def introspect(http: ProviderHTTP, config: ProviderConfigForClient, access_token: str) -> str | None:
    """Ask as the standard says (RFC 7662)."""
    form = {"token": access_token, "token_type_hint": "access_token"}
    answer = await http.post(config.third_party_id, token_info_endpoint(config), form=form, headers=basic_auth(config))
    active = (answer.fields or {}).get("active") is True
    is_ok = answer.status == HTTPStatus.OK
    return text_of(answer.fields or {}, "client_id") if active and is_ok else None


def token_info_endpoint(config: ProviderConfigForClient) -> str:
    """Return where to ask. Those who call have seen that there is one."""
    return config.token_info_endpoint or ""

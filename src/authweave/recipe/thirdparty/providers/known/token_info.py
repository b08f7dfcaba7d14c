"""Questions of the providers' own for the client to which an access token was issued."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

from authweave.recipe.thirdparty.oauth.client_authentication import basic_auth
from authweave.recipe.thirdparty.provider import ProviderConfigForClient
from authweave.recipe.thirdparty.providers.answer_paths import field_at
from authweave.recipe.thirdparty.providers.profiles import IssuedTo
from authweave.recipe.thirdparty.providers.returned import error_of
from authweave.recipe.thirdparty.providers.token_checks import bearer_auth, client_named, token_info_endpoint
from authweave.types import JSONObject

if TYPE_CHECKING:  # loads the HTTP client
    from authweave.recipe.thirdparty.oauth.http import ProviderHTTP


def named_to_bearer(path: str) -> IssuedTo:
    """
    Return what asks with nothing but the token itself: Discord, GitLab and Twitch tell its bearer whose it is.

    Args:
        path: where the client's id stands in the answer.
    """

    async def issued_to(http: ProviderHTTP, config: ProviderConfigForClient, access_token: str) -> str | None:
        answer = await http.get(config.third_party_id, token_info_endpoint(config), headers=bearer_auth(access_token))
        return client_named(config, answer, path, unknown=(HTTPStatus.UNAUTHORIZED,))

    return issued_to


async def google_issued_to(http: ProviderHTTP, config: ProviderConfigForClient, access_token: str) -> str | None:
    """Ask Google's ``tokeninfo``; by POST, so that no log of URLs on the way has the token."""
    form = {"access_token": access_token}
    answer = await http.post(config.third_party_id, token_info_endpoint(config), form=form)
    return client_named(config, answer, "aud", unknown=(HTTPStatus.BAD_REQUEST,))


async def github_issued_to(http: ProviderHTTP, config: ProviderConfigForClient, access_token: str) -> str | None:
    """Ask GitHub whether a token is this application's; it needs the application's secret for that."""
    url = token_info_endpoint(config).replace("{client_id}", quote_plus(config.client_id))
    content: JSONObject = {"access_token": access_token}
    answer = await http.post(config.third_party_id, url, content=content, headers=basic_auth(config))
    unknown = (HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY)
    return client_named(config, answer, "app.client_id", unknown=unknown)


async def facebook_issued_to(http: ProviderHTTP, config: ProviderConfigForClient, access_token: str) -> str | None:
    """Ask Facebook's ``debug_token``, as the application itself."""
    query = {"input_token": access_token, "access_token": f"{config.client_id}|{config.client_secret or ''}"}
    answer = await http.get(config.third_party_id, token_info_endpoint(config), query=query)
    if error_of(answer) == "OAuthException:100":  # of another application's token
        return None
    client_id = client_named(config, answer, "data.app_id")
    return client_id if field_at(answer.content, "data.is_valid") is True else None


async def line_issued_to(http: ProviderHTTP, config: ProviderConfigForClient, access_token: str) -> str | None:
    """Ask LINE's ``verify``, which takes access tokens in the address alone; one that has expired it does not know."""
    answer = await http.get(config.third_party_id, token_info_endpoint(config), query={"access_token": access_token})
    return client_named(config, answer, "client_id", unknown=(HTTPStatus.BAD_REQUEST,))

"""To which client an access token was issued: each provider has a question of its own for that."""

from __future__ import annotations

from collections.abc import Collection
from http import HTTPStatus
from urllib.parse import quote_plus

import attrs

from authweave.recipe.thirdparty.oauth.answers import Answer, required_object
from authweave.recipe.thirdparty.oauth.client_authentication import basic_auth
from authweave.recipe.thirdparty.oauth.discovery import DEFAULT_AUTH_METHOD, ProviderMetadata
from authweave.recipe.thirdparty.oauth.http import ProviderHTTP
from authweave.recipe.thirdparty.provider import ProviderConfigForClient
from authweave.types import JSONObject

from .answer_paths import field_at
from .profiles import IssuedTo
from .returned import error_of, raise_if_client_refused
from .token_requests import ask_as_client
from .tools import ProviderTools


def bearer_auth(access_token: str) -> dict[str, str]:
    """Return the header that carries an access token (RFC 6750, section 2.1)."""
    return {"authorization": f"Bearer {access_token}"}


def client_named(
    config: ProviderConfigForClient, answer: Answer, path: str, *, unknown: Collection[int] = ()
) -> str | None:
    """
    Return which client an answer names.

    Args:
        config: who asked.
        answer: what the provider said of a token.
        path: where the client's id stands, a text or a number.
        unknown: the statuses that say that the provider does not know the token.

    Returns:
        The client's id; None where the token is nobody's.

    Raises:
        ClientRefusedError: the provider did not accept who asked, so that nothing is known of the token.
        ProviderAnswerError: it answered with another error.
    """
    if answer.status in unknown:
        return None
    raise_if_client_refused(config, answer)
    value = field_at(required_object(answer, config.third_party_id, "client of the access token"), path)
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else None


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


async def introspect(
    tools: ProviderTools, config: ProviderConfigForClient, metadata: ProviderMetadata, access_token: str
) -> str | None:
    """Ask as the standard says (RFC 7662), as the client that asks for tokens."""
    if metadata.auth_methods is None:  # the header is what all take (RFC 6749, section 2.3.1)
        metadata = attrs.evolve(metadata, auth_methods=(DEFAULT_AUTH_METHOD,))
    form = {"token": access_token, "token_type_hint": "access_token"}
    answer = await ask_as_client(tools, config, metadata, token_info_endpoint(config), form)
    client_id = client_named(config, answer, "client_id")
    return client_id if field_at(answer.content, "active") is True else None


def token_info_endpoint(config: ProviderConfigForClient) -> str:
    """Return where to ask. Those who call have seen that there is one."""
    return config.token_info_endpoint or ""

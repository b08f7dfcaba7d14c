"""What is asked as a client, tokens above all, for whatever grant (RFC 6749, sections 4.1.3 and 6)."""

from __future__ import annotations

from collections.abc import Mapping

from authweave.recipe.thirdparty.exceptions import CodeRefusedError, RefreshTokenRefusedError
from authweave.recipe.thirdparty.oauth.answers import NO_OTHERS, TOKENS, Answer, Readers
from authweave.recipe.thirdparty.oauth.client_authentication import client_authentication, join_names, offered_methods
from authweave.recipe.thirdparty.oauth.discovery import ProviderMetadata
from authweave.recipe.thirdparty.provider import ProviderConfigForClient
from authweave.recipe.thirdparty.provider_json import without_none
from authweave.types import JSONObject

from .returned import CODE_REFUSALS, error_of, raise_if_client_refused, read_tokens
from .tools import ProviderTools


async def ask_as_client(
    tools: ProviderTools,
    config: ProviderConfigForClient,
    metadata: ProviderMetadata,
    endpoint: str,
    fields: Mapping[str, str],
    readers: Readers = NO_OTHERS,
) -> Answer:
    """
    Send a form as a client: to the token endpoint, and to others that authenticate clients as it does.

    Args:
        tools: what asks.
        config: the client.
        metadata: what the provider says of itself.
        endpoint: the URL.
        fields: the form, without what shows who the client is.
        readers: what reads an answer that is no JSON.

    Raises:
        ClientRefusedError: the provider does not accept the client.
        ProviderError: it does not answer as it should.
    """
    client = client_authentication(config, metadata, endpoint, tools.services)
    form = {**fields, **client.form}
    answer = await tools.http.post(config.third_party_id, endpoint, form=form, headers=client.headers, readers=readers)
    if error_of(answer) not in CODE_REFUSALS:  # which some send with the status for clients
        lists = (
            "" if metadata.auth_methods is None else f" (the provider lists {join_names(offered_methods(metadata))})"
        )
        raise_if_client_refused(config, answer, f"it authenticates by {client.method}{lists}")
    return answer


async def request_tokens(
    tools: ProviderTools,
    config: ProviderConfigForClient,
    metadata: ProviderMetadata,
    endpoint: str,
    grant: Mapping[str, str],
) -> JSONObject:
    """
    Exchange a grant for tokens.

    Args:
        tools: what asks.
        config: the client.
        metadata: what the provider says of itself.
        endpoint: its token endpoint.
        grant: ``grant_type``, and what goes with it.

    Raises:
        CodeRefusedError: the provider does not accept the grant.
        ClientRefusedError: it does not accept the client.
        ProviderError: it does not answer as it should.
    """
    fields = {**without_none(config.token_endpoint_body_params), **grant}
    return read_tokens(config, await ask_as_client(tools, config, metadata, endpoint, fields, TOKENS))


async def refresh_tokens(
    tools: ProviderTools,
    config: ProviderConfigForClient,
    metadata: ProviderMetadata,
    endpoint: str,
    refresh_token: str,
) -> JSONObject:
    """
    Exchange a refresh token for tokens (RFC 6749, section 6).

    Raises:
        RefreshTokenRefusedError: the provider does not accept it any more.
        ProviderError: it does not answer as it should.
    """
    grant = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    try:
        return await request_tokens(tools, config, metadata, endpoint, grant)
    except CodeRefusedError:
        message = (
            f"Provider {config.third_party_id!r} does not accept a refresh token any more: have the user sign in again."
        )
        raise RefreshTokenRefusedError(config.third_party_id, message) from None

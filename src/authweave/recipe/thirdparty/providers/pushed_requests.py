"""Parameters of an authorisation that a provider wants to have before the user comes (PAR, RFC 9126)."""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from authweave.recipe.thirdparty.exceptions import ProviderAnswerError
from authweave.recipe.thirdparty.oauth.answers import required_object
from authweave.recipe.thirdparty.oauth.discovery import ProviderMetadata, text_of
from authweave.recipe.thirdparty.provider import ProviderConfigForClient

from .returned import error_of
from .token_requests import ask_as_client
from .tools import ProviderTools

REQUEST_URI: Final = re.compile(r"[!-~]{1,2048}")

_state: Final[ContextVar[str | None]] = ContextVar("authweave.pushed_state", default=None)


@contextmanager
def pushing_state(state: str) -> Generator[None]:
    """
    Have a ``state`` pushed within a block, where parameters are pushed.

    What a provider gets beside those counts for nothing (RFC 9101, section 5), so that it comes too late there.
    """
    token = _state.set(state)
    try:
        yield
    finally:
        _state.reset(token)


async def push_if_demanded(
    tools: ProviderTools,
    config: ProviderConfigForClient,
    metadata: ProviderMetadata,
    parameters: Mapping[str, str],
) -> Mapping[str, str]:
    """
    Return what the user has to be sent with: the parameters, or where the provider demands it what stands for them.

    Args:
        tools: what asks.
        config: the client.
        metadata: what the provider says of itself.
        parameters: those of the authorisation.

    Raises:
        ProviderError: the provider demands them, and does not take them.
    """
    if not metadata.requires_pushed_authorization_requests:
        return parameters
    provider, endpoint = config.third_party_id, metadata.pushed_authorization_request_endpoint
    if endpoint is None:
        message = f"Provider {provider!r} demands pushed authorisation requests, and names no endpoint for them."
        raise ProviderAnswerError(provider, message)
    state = _state.get()
    fields = parameters if state is None else {**parameters, "state": state}
    answer = await ask_as_client(tools, config, metadata, endpoint, fields)
    error = error_of(answer)
    if error is not None:
        message = f"Provider {provider!r} refused the parameters of an authorisation ({error}): see its client."
        raise ProviderAnswerError(provider, message)
    request_uri = text_of(required_object(answer, provider, "request_uri"), "request_uri")
    if request_uri is None or not REQUEST_URI.fullmatch(request_uri):
        raise ProviderAnswerError(provider, f"Provider {provider!r} answered without a request_uri.")
    return {"client_id": config.client_id, "request_uri": request_uri}

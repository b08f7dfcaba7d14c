"""To which client an access token was issued, asked by the standard; `known` has the questions of its providers."""

from __future__ import annotations

from collections.abc import Collection

import attrs

from authweave.recipe.thirdparty.oauth.answers import Answer, required_object
from authweave.recipe.thirdparty.oauth.discovery import DEFAULT_AUTH_METHOD, ProviderMetadata
from authweave.recipe.thirdparty.provider import ProviderConfigForClient

from .answer_paths import field_at
from .returned import raise_if_client_refused
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

"""How a client proves to a provider's endpoints who it is (RFC 6749, section 2.3; OpenID Connect Core, section 9)."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote_plus

import attrs

from authweave.extending import Services
from authweave.recipe.thirdparty.provider import ProviderConfigForClient, TokenEndpointAuthMethod

from .discovery import ProviderMetadata

PREFERRED: Final[tuple[TokenEndpointAuthMethod, ...]] = ("client_secret_basic", "client_secret_post")


@attrs.frozen
class ClientAuthentication:
    """
    What a request has to carry.

    Attributes:
        form: fields of its form, ``client_id`` among them.
        headers: its headers.
    """

    form: Mapping[str, str] = attrs.field(repr=False)
    headers: Mapping[str, str] = attrs.field(factory=dict[str, str], repr=False)


def client_authentication(
    config: ProviderConfigForClient, metadata: ProviderMetadata, endpoint: str, services: Services
) -> ClientAuthentication:
    """
    Return what shows that a request comes from a client.

    Args:
        config: the client.
        metadata: what the provider says of itself.
        endpoint: the URL that is asked.
        services: clock and randomness, for a JWT.
    """
    named = {"client_id": config.client_id}
    match auth_method(config, metadata):
        case "client_secret_basic":
            return ClientAuthentication(named, basic_auth(config))
        case "client_secret_post":
            return ClientAuthentication({**named, "client_secret": config.client_secret or ""})
        case _:
            return ClientAuthentication(named)


def auth_method(config: ProviderConfigForClient, metadata: ProviderMetadata) -> TokenEndpointAuthMethod:
    """Return how a client authenticates: as it is configured, or else as the provider's document has it."""
    if config.token_endpoint_auth_method is not None:
        return config.token_endpoint_auth_method
    if config.client_secret is None:
        return "none"
    supported = metadata.auth_methods or ("client_secret_post",)
    return next((each for each in PREFERRED if each in supported), "client_secret_post")


def basic_auth(config: ProviderConfigForClient) -> dict[str, str]:
    """Return the header by which a client names itself, with its secret (RFC 6749, section 2.3.1)."""
    credentials = f"{quote_plus(config.client_id)}:{quote_plus(config.client_secret or '')}"
    return {"authorization": f"Basic {b64encode(credentials.encode()).decode('ascii')}"}

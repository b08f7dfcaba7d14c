"""What can be known to be wrong with how a client proves who it is, before anybody signs in."""

from __future__ import annotations

from collections.abc import Iterator

from authweave.recipe.thirdparty.oauth.algorithms import SigningKeyError
from authweave.recipe.thirdparty.oauth.client_authentication import BY_KEY, BY_SECRET, key_of, signing_key
from authweave.recipe.thirdparty.provider import ProviderConfigForClient, TokenEndpointAuthMethod


def proof_faults(config: ProviderConfigForClient, *, may_be_supplied: bool) -> Iterator[str]:
    """
    Find what keeps a client from proving who it is.

    Args:
        config: the client's configuration, complete but for what discovery finds.
        may_be_supplied: whether an override may supply the client's secret and its key.
    """
    method, client = config.token_endpoint_auth_method, f"{config.client_id!r} of provider {config.third_party_id!r}"
    if method in BY_SECRET and not config.client_secret and not may_be_supplied:
        yield (
            f"The client {client} authenticates by {method} and has no client_secret: write "
            f"ProviderClientConfig({config.client_id!r}, client_secret=...)."
        )
    if method == BY_KEY and not config.private_key and not may_be_supplied:
        yield (
            f"The client {client} authenticates by {method} and has no private_key: write "
            f"ProviderClientConfig({config.client_id!r}, private_key=...), the text of a PEM file or a JWK."
        )
    if config.private_key == "" and not may_be_supplied:
        # As of a variable that is not set: a client that has a secret too would send that.
        yield f"The private_key of the client {client} is empty: write its text, or leave it out."
    elif config.private_key_id and not config.private_key and not may_be_supplied:
        yield f"The client {client} has a private_key_id and no private_key: configure both, or neither."
    signs_by: list[TokenEndpointAuthMethod] = [BY_KEY] if config.private_key else []
    if method == "client_secret_jwt" and config.client_secret:  # with another method a secret may be short
        signs_by.append(method)
    for by in signs_by:
        try:
            signing_key(config, by)
        except SigningKeyError as error:
            yield f"{key_of(config, by)} {error}."

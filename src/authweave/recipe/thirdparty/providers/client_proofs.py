"""What can be known to be wrong with how a client proves who it is, before anybody signs in."""

from __future__ import annotations

from collections.abc import Iterator

from authweave.recipe.thirdparty.oauth.client_authentication import BY_KEY, BY_SECRET, key_of, signing_key
from authweave.recipe.thirdparty.oauth.signing_keys import SigningKeyError
from authweave.recipe.thirdparty.provider import ProviderConfigForClient


def proof_faults(config: ProviderConfigForClient, *, may_be_supplied: bool) -> Iterator[str]:
    """
    Find what keeps a client from proving who it is, or lets anybody do so.

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
    if config.private_key_id and not config.private_key and not may_be_supplied:
        yield f"The client {client} has a private_key_id and no private_key: configure both, or neither."
    if method == "none" and config.gives_up_pkce:
        yield (
            f"The client {client} authenticates by none, and gives_up_pkce: then anybody could use its users' codes. "
            "Give it a client_secret, or leave gives_up_pkce out."
        )
    used = (BY_KEY, config.private_key), ("client_secret_jwt", config.client_secret)
    for by, text in used:
        if text and by in {BY_KEY, method}:  # a secret may be short where nothing is signed with it
            try:
                signing_key(config, by)
            except SigningKeyError as error:
                yield f"{key_of(config, by)} {error}."

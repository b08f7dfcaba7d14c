"""What keeps a stolen code out of another's sign-in: PKCE (RFC 7636), and the nonce of an ID token."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from authweave.recipe.thirdparty.provider import CommonProviderConfig, ProviderConfigForClient

OURS: Final[Mapping[str, Mapping[str, str]]] = {
    "authorization_endpoint_query_params": {
        "code_challenge": "gives_up_pkce",
        "code_challenge_method": "gives_up_pkce",
        "nonce": "gives_up_nonce",
    },
    "token_endpoint_body_params": {"code_verifier": "gives_up_pkce"},
}
"""Parameters that nobody takes away by naming them, and the switch for each."""


def uses_pkce(config: ProviderConfigForClient) -> bool:
    """Return whether codes are bound to a verifier. Those of a client that proves nothing else always are."""
    return not (config.gives_up_pkce and has_credentials(config))


def uses_nonce(config: ProviderConfigForClient) -> bool:
    """Return whether ID tokens have to repeat a nonce."""
    return not config.gives_up_nonce


def has_credentials(config: ProviderConfigForClient) -> bool:
    """Return whether a client has something by which the provider knows it."""
    if config.token_endpoint_auth_method == "none":  # noqa: S105  the name of a method
        return False
    return bool(config.client_secret or config.private_key)


def parameter_faults(config: CommonProviderConfig) -> Iterator[str]:
    """Find the parameters that would seem to switch something off, and do not."""
    for field, switches in OURS.items():
        parameters: Mapping[str, str | None] = getattr(config, field) or {}
        for name, switch in switches.items():
            if name in parameters and parameters[name] is None:
                yield (
                    f"Provider {config.third_party_id!r} has {name!r}: None in its {field}, which takes nothing away: "
                    f"for a provider that does not work with it write {switch}=True, which says what that gives up."
                )


def client_faults(config: ProviderConfigForClient, *, may_be_supplied: bool) -> Iterator[str]:
    """
    Find a client that gives up PKCE and has nothing in its place.

    Args:
        config: the client's configuration, complete but for what discovery finds.
        may_be_supplied: whether an override may supply its secret.
    """
    if config.gives_up_pkce and not has_credentials(config) and not may_be_supplied:
        yield (
            f"Provider {config.third_party_id!r} gives up PKCE (gives_up_pkce), and its client {config.client_id!r} "
            "proves to nobody who it is: then anybody could exchange a code that he got hold of. Give the client its "
            "client_secret and no token_endpoint_auth_method 'none', or leave PKCE on, gives_up_pkce=False."
        )


def risk_of(config: ProviderConfigForClient) -> str | None:
    """Say what is risked where a client's codes have neither protection."""
    found_by = config.oidc_discovery_endpoint or (config.issuer and config.jwks_uri)
    has_nonce = bool(found_by) and "openid" in (config.scope or ()) and uses_nonce(config)
    if uses_pkce(config) or has_nonce:
        return None
    return (
        f"Provider {config.third_party_id!r} has neither PKCE nor a nonce: a code that was stolen can be put into "
        "another's sign-in."
    )

"""What can be known to be wrong with a provider's configuration before anybody signs in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from typing_extensions import TypeVar

from authweave.extending import as_overrides
from authweave.kernel import Override, UserContext
from authweave.recipe.thirdparty.exceptions import ProviderFaultsError
from authweave.recipe.thirdparty.oauth import OAuthSettings
from authweave.recipe.thirdparty.oauth.addresses import safe_url
from authweave.recipe.thirdparty.provider import CommonProviderConfig, ProviderConfigForClient, ProviderInput
from authweave.types import ConfigurationError

from . import code_protection
from .client_proofs import proof_faults
from .known import PROFILES, profile_of
from .merging import config_for_client
from .profiles import ProviderProfile, nearest
from .tools import ProviderTools

ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)

ENDPOINTS: Final = (
    "oidc_discovery_endpoint",
    "authorization_endpoint",
    "token_endpoint",
    "user_info_endpoint",
    "jwks_uri",
    "token_info_endpoint",
)


def raise_faults(faults: Iterable[str]) -> None:
    """
    Raise what was found, each once.

    Raises:
        ProviderFaultsError: anything was found.
    """
    if found := tuple(dict.fromkeys(faults)):
        raise ProviderFaultsError(found)


def may_supply_clients(overrides: Sequence[object]) -> bool:
    """Return whether overrides may supply clients, or their secrets, that the configuration has not."""
    # One in SuperTokens style does not say which functions it replaces.
    return any(not isinstance(each, Override) or each.function == "get_config_for_client_type" for each in overrides)


def address_faults(config: CommonProviderConfig, settings: OAuthSettings) -> Iterator[str]:
    """Find the addresses that nobody may be sent to; without their values, which may have passwords."""
    for name in ENDPOINTS:
        value: str | None = getattr(config, name)
        if value is not None and safe_url(value, settings) is None:
            yield (
                f"The {name} of provider {config.third_party_id!r} is no https:// URL: correct it, or allow its "
                "host plain http://, in OAuthSettings(insecure_hosts=...)."
            )
    issuer = config.issuer or ""
    # An issuer is compared, not asked, and Google's had no scheme for years.
    if issuer.lower().startswith("http://") and safe_url(issuer, settings) is None:
        yield (
            f"Provider {config.third_party_id!r} has an issuer that begins with http://: it is https:// (OpenID "
            "Connect Core, section 2), except for the hosts in OAuthSettings(insecure_hosts=...)."
        )


def client_faults(profile: ProviderProfile, config: ProviderConfigForClient, *, may_be_supplied: bool) -> Iterator[str]:
    """
    Find what a client lacks.

    Args:
        profile: the provider's entry.
        config: the client's configuration, complete but for what discovery finds.
        may_be_supplied: whether an override may supply the client's id and its secret.
    """
    provider = config.third_party_id
    if not config.client_id and not may_be_supplied:
        yield f"Provider {provider!r} has a client without a client_id: it is what the provider calls the application."
    if not config.client_secret and not may_be_supplied and profile.needs_secret(config.client_type):
        yield (
            f"The client {config.client_id!r} of provider {provider!r} has no client_secret, which {profile.name} "
            f"asks for: write ProviderClientConfig({config.client_id!r}, client_secret=...)."
            + (
                " A phone's client, which has none, has a client_type: 'ios', say."
                if profile.confidential == "web"
                else ""
            )
        )
    if config.oidc_discovery_endpoint is None:
        missing = [name for name in ("authorization_endpoint", "token_endpoint") if not getattr(config, name)]
        if missing:
            yield (
                f"Provider {provider!r} has no {' and no '.join(missing)}: configure both endpoints, or an "
                f"oidc_discovery_endpoint in their place.{meant(provider)}"
            )
        if config.jwks_uri and not config.issuer:
            yield f"Provider {provider!r} has a jwks_uri but no issuer, so nobody's ID tokens would be right."


def meant(third_party_id: str) -> str:
    """Return a hint at the entry whose id is nearly the given one, if there is any."""
    near = nearest(third_party_id.lower(), [each.id for each in PROFILES])
    return f" Or was {near!r} meant, which the library knows?" if near else ""


def check_config(configured: ProviderInput[ContextT], tools: ProviderTools) -> ProviderConfigForClient:
    """
    Check a configuration, client by client.

    Returns:
        That of the last client, complete but for what discovery finds; of none, where there are no clients.

    Raises:
        authweave.types.ConfigurationError: it lacks something, or contradicts itself; all that was found.
    """
    config = configured.config
    provider, profile = config.third_party_id, profile_of(config.third_party_id)
    if not provider:
        raise ProviderFaultsError(["A provider has an empty third_party_id: name it, ProviderConfig('google', ...)."])
    faults = [*address_faults(config, tools.settings), *code_protection.parameter_faults(config)]
    may_be_supplied = may_supply_clients([*tools.services.overrides, *as_overrides(configured.override)])
    types = [each.client_type for each in config.clients]
    if len(set(types)) < len(types):
        faults.append(f"Provider {provider!r} has two clients of one client_type: tell them apart, client_type='ios'.")
    if configured.include_in_non_public_tenants_by_default and not config.clients and not may_be_supplied:
        faults.append(
            f"Provider {provider!r} has no clients, yet include_in_non_public_tenants_by_default offers it to tenants "
            "that have none of their own: list clients in its ProviderConfig, or leave that out."
        )
    complete = ProviderConfigForClient(provider, client_id="")
    for client in config.clients:
        try:
            complete = config_for_client(profile, config, client, tools.services.clock)
        except ConfigurationError as error:
            faults.append(str(error))
            continue
        faults.extend(address_faults(complete, tools.settings))
        faults.extend(client_faults(profile, complete, may_be_supplied=may_be_supplied))
        faults.extend(code_protection.client_faults(complete, may_be_supplied=may_be_supplied))
        faults.extend(proof_faults(complete, may_be_supplied=may_be_supplied))
    raise_faults(faults)
    return complete

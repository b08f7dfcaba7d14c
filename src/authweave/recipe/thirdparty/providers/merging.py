"""How a client's configuration comes together: the library's entry, the application's, the tenant's, the client's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

import attrs
from typing_extensions import TypeVar

from authweave.recipe.thirdparty.exceptions import ClientTypeNotFoundError
from authweave.recipe.thirdparty.provider import (
    CommonProviderConfig,
    ProviderClientConfig,
    ProviderConfig,
    ProviderConfigForClient,
    UserFields,
    UserInfoMap,
)
from authweave.types import JSON, Clock

from .profiles import ProviderProfile

ValueT = TypeVar("ValueT")

COMMON: Final = tuple(field.name for field in attrs.fields(CommonProviderConfig) if field.name != "third_party_id")
OF_CLIENT: Final = tuple(field.name for field in attrs.fields(ProviderClientConfig))


def chosen_client(config: ProviderConfig, client_type: str | None) -> ProviderClientConfig:
    """
    Return the client of a type, or the only one.

    Raises:
        ClientTypeNotFoundError: there is none such, or there are several and none was named.
    """
    fitting = [each for each in config.clients if client_type in {None, each.client_type}]
    if len(fitting) != 1:
        message = client_fault(config, named=client_type is not None)
        raise ClientTypeNotFoundError(message, third_party_id=config.third_party_id)
    return fitting[0]


def client_fault(config: ProviderConfig, *, named: bool) -> str:
    """Say why there is no client to choose. What was named came from outside, and is not repeated."""
    provider = f"Provider {config.third_party_id!r}"
    if not config.clients:
        return f"{provider} has no clients: list them in ProviderConfig(..., clients=[...]), here or for the tenant."
    types = ", ".join(repr(each.client_type) for each in config.clients if each.client_type is not None)
    if not named:
        unnamed = "" if all(each.client_type for each in config.clients) else " One has no client_type: give it one."
        return f"{provider} has several clients: say as clientType which one it is, of {types}.{unnamed}"
    if not types:
        return f"{provider} has one client, which has no client_type: leave clientType out."
    return f"{provider} has no client of that clientType: it has {types}."


def config_for_client(
    profile: ProviderProfile, config: ProviderConfig, client: ProviderClientConfig, clock: Clock
) -> ProviderConfigForClient:
    """
    Put together what is known of a client before discovery.

    Raises:
        authweave.types.ConfigurationError: ``additional_config`` lacks something.
    """
    of_client: dict[str, Any] = {name: getattr(client, name) for name in OF_CLIENT}  # Any: as in merged_common
    complete = ProviderConfigForClient(config.third_party_id, **merged_common(profile.defaults, config), **of_client)
    if complete.scope is None:
        openid = complete.oidc_discovery_endpoint or complete.jwks_uri or profile.complete
        complete = attrs.evolve(complete, scope=profile.scope if profile.id or openid else ())
    if profile.auth_method and complete.token_endpoint_auth_method is None and complete.client_secret is not None:
        complete = attrs.evolve(complete, token_endpoint_auth_method=profile.auth_method)
    return complete if profile.complete is None else profile.complete(complete, clock)


def merged_config(below: ProviderConfig, above: ProviderConfig) -> ProviderConfig:
    """Lay a tenant's configuration over the application's. Clients of the same type are replaced, others stay."""
    types = {each.client_type for each in above.clients}
    kept = [each for each in below.clients if each.client_type not in types]
    merged = merged_common(below, above)
    return attrs.evolve(above, clients=(*above.clients, *kept), **merged)


def merged_common(below: CommonProviderConfig, above: CommonProviderConfig) -> dict[str, Any]:
    """Lay one configuration over another, field by field; parameters and maps entry by entry."""
    # Any: each value comes from a field and goes back to it; attrs has no type for that.
    return {name: merged_value(getattr(below, name), getattr(above, name)) for name in COMMON}


def merged_value(below: Any, above: Any) -> Any:  # noqa: ANN401  as above
    """Lay one value over another."""
    if above is None or below is None:
        return below if above is None else above
    if isinstance(above, UserInfoMap | UserFields):
        names = [field.name for field in attrs.fields(type(above))]
        if isinstance(above, UserFields) and above.email is not None:
            below = attrs.evolve(below, email_verified=None)  # what vouched for one address vouches for no other
        return type(above)(**{name: merged_value(getattr(below, name), getattr(above, name)) for name in names})
    if isinstance(above, Mapping):
        return {**below, **cast("Mapping[str, JSON]", above)}  # isinstance cannot see type arguments
    return above


def scopes(config: ProviderConfigForClient) -> Sequence[str]:
    """Return what is asked for."""
    return config.scope or ()

"""Providers, made ready for requests."""

from __future__ import annotations

from typing import Generic, cast

import attrs
from typing_extensions import TypeVar

from authweave.extending import Services, as_overrides
from authweave.kernel import AnyOverride, UserContext, compose, scoped_overrides
from authweave.recipe.thirdparty.oauth import OAuthSettings
from authweave.recipe.thirdparty.oauth.discovery import ProviderMetadata
from authweave.recipe.thirdparty.provider import Provider, ProviderConfig, ProviderConfigForClient, ProviderInput
from authweave.types import ConfigurationError

from .checking import ProviderFaultsError, address_faults, bring_clients, client_faults, raise_faults
from .implementation import ProviderImplementation
from .known import profile_of
from .merging import config_for_client, merged_config
from .use import ProviderTools, ProviderUse

ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)


@attrs.frozen(eq=False)
class PreparedProvider(Generic[ContextT]):
    """
    A provider of an application, before it is known which client and tenant it is for.

    Attributes:
        input: what the application has configured.
        provider: its composed functions, as they are outside of any block of overrides. There is no client yet.
    """

    input: ProviderInput[ContextT]
    _tools: ProviderTools = attrs.field(repr=False)
    provider: Provider[ContextT] = attrs.field(repr=False)
    _use: ProviderUse = attrs.field(repr=False)
    _every: Provider = attrs.field(repr=False)

    @property
    def id(self) -> str:
        """The provider's id."""
        return self.input.config.third_party_id

    @property
    def name(self) -> str:
        """What buttons call it: its name, or else its id."""
        return self.input.config.name or self._use.profile.defaults.name or self.id

    def with_config(self, stored: ProviderConfig) -> PreparedProvider[ContextT]:
        """
        Return the same provider with a tenant's own configuration over the one that it has.

        Raises:
            authweave.types.ConfigurationError: the two together lack something.
        """
        given = attrs.evolve(self.input, config=merged_config(self.input.config, stored))
        use = checked(given, self._tools)
        return PreparedProvider(given, self._tools, self._composed(use), use, self._every)

    async def issuer(self) -> str:
        """
        Return who issues the ids of the provider's users: its issuer, with ``{tenantid}`` in it where there are many.

        It is empty where the provider does not speak OpenID Connect.

        Raises:
            ProviderError: it could not be discovered.
        """
        return (await self._metadata(self._use.config)).issuer

    async def for_client(self, client_type: str | None, tenant_id: str, user_context: ContextT) -> Provider[ContextT]:
        """
        Return the provider for a client and a tenant, endpoints discovered.

        Raises:
            ClientTypeNotFoundError: there is no such client, or there are several and none was named.
            ProviderError: the endpoints could not be discovered.
        """
        config = await self._in_blocks(self.provider).get_config_for_client_type(client_type, user_context)
        metadata = await self._metadata(config)
        config = attrs.evolve(
            config,
            authorization_endpoint=config.authorization_endpoint or metadata.authorization_endpoint,
            token_endpoint=config.token_endpoint or metadata.token_endpoint,
            user_info_endpoint=config.user_info_endpoint or metadata.user_info_endpoint,
            jwks_uri=metadata.jwks_uri,
        )
        use = attrs.evolve(self._use, config=config, metadata=metadata, tenant_id=tenant_id)
        return self._in_blocks(self._composed(use))

    def _composed(self, use: ProviderUse) -> Provider[ContextT]:
        """Put the overrides, which were checked before, around another use."""
        services = self._tools.services
        base: Provider[ContextT] = ProviderImplementation(self._tools, use)
        return compose(base, services.overrides_of(base, self.input.override), journal=services.journal)

    def _in_blocks(self, composed: Provider[ContextT]) -> Provider[ContextT]:
        """Put the overrides of the blocks that hold now around all others."""
        # Of the application's context: `App.overriding` takes no others.
        scoped = cast("tuple[AnyOverride[Provider[ContextT]], ...]", scoped_overrides(self._every))  # of its block
        return compose(composed, scoped, journal=self._tools.services.journal) if scoped else composed

    async def _metadata(self, config: ProviderConfigForClient) -> ProviderMetadata:
        """Return what is known of the provider: discovered, and in part configured."""
        if config.oidc_discovery_endpoint is None:
            return ProviderMetadata(issuer=config.issuer or "", jwks_uri=config.jwks_uri)
        found = await self._tools.discovery.metadata(
            self.id, config.oidc_discovery_endpoint, issuer_template=config.issuer
        )
        return found if config.jwks_uri is None else attrs.evolve(found, jwks_uri=config.jwks_uri)


class Providers:
    """
    What all providers of an application share: the HTTP client, and the documents that were fetched. One per app.

    Args:
        services: what the application hands over.
        settings: limits of what is asked of providers and accepted from them.

    Attributes:
        every: stands for each provider: overrides of blocks are put around it, and hold for all. The application's
            own are checked on it, even where only tenants have providers.
    """

    def __init__(self, services: Services, settings: OAuthSettings | None = None) -> None:
        self._tools = ProviderTools(services, settings or OAuthSettings())
        use = checked(ProviderInput[UserContext](ProviderConfig("every")), self._tools)
        base: Provider = ProviderImplementation(self._tools, use)
        self.every: Provider = services.compose(base, None)

    def prepare(self, given: ProviderInput[ContextT]) -> PreparedProvider[ContextT]:
        """
        Make a provider ready. Faults of overrides are noted in ``services.faults``.

        Raises:
            authweave.types.ConfigurationError: the configuration lacks something.
        """
        use = checked(given, self._tools)
        base: Provider[ContextT] = ProviderImplementation(self._tools, use)
        composed = self._tools.services.compose(base, given.override)
        return PreparedProvider(given, self._tools, composed, use, self.every)

    def close(self) -> None:
        """Let go of connections. Closing twice does nothing."""
        self._tools.http.close()


def checked(given: ProviderInput[ContextT], tools: ProviderTools) -> ProviderUse:
    """
    Check a configuration, client by client.

    Raises:
        authweave.types.ConfigurationError: it lacks something, or contradicts itself; all that was found.
    """
    config = given.config
    provider, profile = config.third_party_id, profile_of(config.third_party_id)
    if not provider:
        raise ProviderFaultsError(["A provider has an empty third_party_id: name it, ProviderConfig('google', ...)."])
    faults = list(address_faults(config, tools.settings))
    brought = bring_clients([*tools.services.overrides, *as_overrides(given.override)])
    types = [each.client_type for each in config.clients]
    if len(set(types)) < len(types):
        faults.append(f"Provider {provider!r} has two clients of one client_type: tell them apart, client_type='ios'.")
    if given.include_in_non_public_tenants_by_default and not config.clients and not brought:
        faults.append(
            f"Provider {provider!r} has no clients, yet include_in_non_public_tenants_by_default offers it to tenants "
            "that have none of their own: list clients in its ProviderConfig, or leave that out."
        )
    use = ProviderUse(profile=profile, input_config=config, config=ProviderConfigForClient(provider, client_id=""))
    for client in config.clients:
        try:
            made = config_for_client(profile, config, client, tools.services.clock)
        except ConfigurationError as error:
            faults.append(str(error))
            continue
        faults.extend(address_faults(made, tools.settings))
        faults.extend(client_faults(profile, made, brought=brought))
        use = attrs.evolve(use, config=made)
    raise_faults(faults)
    return use

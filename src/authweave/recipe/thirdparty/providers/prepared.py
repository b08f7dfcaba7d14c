"""Providers, checked and composed, before it is known which client and tenant they are for."""

from __future__ import annotations

from typing import Generic, cast

import attrs
from typing_extensions import TypeVar

from authweave.extending import Services
from authweave.kernel import AnyOverride, UserContext, compose, scoped_overrides
from authweave.recipe.thirdparty.oauth import OAuthSettings
from authweave.recipe.thirdparty.oauth.discovery import ProviderMetadata
from authweave.recipe.thirdparty.provider import Provider, ProviderConfig, ProviderConfigForClient, ProviderInput

from .checking import check_config
from .code_protection import risk_of
from .implementation import ProviderImplementation
from .merging import config_for_client, merged_config
from .tools import ProviderTools

ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)


@attrs.frozen(eq=False)
class PreparedProvider(Generic[ContextT]):
    """
    A provider of an application or a tenant, before it is known which client and tenant it is for.

    A provider has three forms: its `ProviderInput` is what somebody wrote; this one is checked, and has its overrides
    around it; `for_client` makes the `Provider` that signs somebody in.

    Attributes:
        input: what the application, or the tenant, has configured.
        provider: its composed functions, as they are outside of any block of overrides. There is no client yet.
    """

    input: ProviderInput[ContextT]
    provider: Provider[ContextT] = attrs.field(repr=False)
    _base: ProviderImplementation[ContextT] = attrs.field(repr=False)
    _every: Provider[UserContext] = attrs.field(repr=False)

    @property
    def id(self) -> str:
        """The provider's id."""
        return self.input.config.third_party_id

    @property
    def name(self) -> str:
        """What buttons call it: its name, or else its id."""
        return self.input.config.name or self._base.profile.defaults.name or self.id

    @property
    def risks(self) -> tuple[str, ...]:
        """What its configuration risks, in sentences; each once."""
        config, clock = self.input.config, self._base.tools.services.clock
        found = [risk_of(config_for_client(self._base.profile, config, each, clock)) for each in config.clients]
        return tuple(dict.fromkeys(each for each in found if each is not None))

    def with_config(self, above: ProviderConfig) -> PreparedProvider[ContextT]:
        """
        Return the same provider with a tenant's own configuration over the one that it has.

        Raises:
            authweave.types.ConfigurationError: the two together lack something.
        """
        merged = attrs.evolve(self.input, config=merged_config(self.input.config, above))
        base = implementation(merged, self._base.tools)
        return PreparedProvider(merged, self._compose(base), base, self._every)

    async def issuer(self) -> str:
        """
        Return who issues the ids of the provider's users: its issuer, with ``{tenantid}`` in it where there are many.

        It is empty where the provider does not speak OpenID Connect.

        Raises:
            ProviderError: it could not be discovered.
        """
        if not self._base.profile.identified_by_issuer:
            return ""
        return (await self._metadata(self._base.config)).issuer

    async def config_for_client(self, client_type: str | None, user_context: ContextT) -> ProviderConfigForClient:
        """
        Return the provider as a client uses it, complete but for what discovery finds; nobody is asked.

        Raises:
            ClientTypeNotFoundError: there is no such client, or there are several and none was named.
        """
        return await self._in_blocks(self.provider).get_config_for_client_type(client_type, user_context)

    async def for_client(self, client_type: str | None, tenant_id: str, user_context: ContextT) -> Provider[ContextT]:
        """
        Return the provider for a client and a tenant, endpoints discovered.

        Raises:
            ClientTypeNotFoundError: there is no such client, or there are several and none was named.
            ProviderError: the endpoints could not be discovered.
        """
        config = await self.config_for_client(client_type, user_context)
        metadata = await self._metadata(config)
        complete = attrs.evolve(
            config,
            authorization_endpoint=config.authorization_endpoint or metadata.authorization_endpoint,
            token_endpoint=config.token_endpoint or metadata.token_endpoint,
            user_info_endpoint=config.user_info_endpoint or metadata.user_info_endpoint,
            jwks_uri=metadata.jwks_uri,
        )
        base = ProviderImplementation[ContextT](self._base.tools, self.input.config, complete, metadata, tenant_id)
        return self._in_blocks(self._compose(base))

    def _compose(self, base: ProviderImplementation[ContextT]) -> Provider[ContextT]:
        """Put the overrides, which were checked before, around another implementation."""
        services = base.tools.services
        return compose(
            base,
            services.overrides_of(base, self.input.override),
            journal=services.journal,
            guards_every_layer=services.guards_every_layer,
        )

    def _in_blocks(self, composed: Provider[ContextT]) -> Provider[ContextT]:
        """Put the overrides of the blocks that hold now around all others."""
        # Of the application's context: `App.overriding` takes no others.
        scoped = cast("tuple[AnyOverride[Provider[ContextT]], ...]", scoped_overrides(self._every))  # of its block
        return compose(composed, scoped, journal=self._base.tools.services.journal) if scoped else composed

    async def _metadata(self, config: ProviderConfigForClient) -> ProviderMetadata:
        """Return what is known of the provider: discovered, and in part configured."""
        if config.oidc_discovery_endpoint is None:
            return ProviderMetadata(issuer=config.issuer or "", jwks_uri=config.jwks_uri)
        found = await self._base.tools.discovery.metadata(
            self.id, config.oidc_discovery_endpoint, issuer_template=config.issuer
        )
        return found if config.jwks_uri is None else attrs.evolve(found, jwks_uri=config.jwks_uri)


class Providers:
    """
    Makes providers ready, with what all of an application share. One per application.

    Args:
        services: what the application hands over.
        settings: limits of what is asked of providers and accepted from them.

    Attributes:
        every: stands for each provider: overrides of blocks are put around it, and hold for all. The application's
            own are checked on it, even where only tenants have providers.
    """

    def __init__(self, services: Services, settings: OAuthSettings | None = None) -> None:
        self._tools = ProviderTools(services, settings or OAuthSettings())
        base: Provider[UserContext] = implementation(ProviderInput[UserContext](ProviderConfig("every")), self._tools)
        self.every: Provider[UserContext] = services.compose(base, None)

    def prepare(self, configured: ProviderInput[ContextT]) -> PreparedProvider[ContextT]:
        """
        Make a provider ready. Faults of overrides are noted in ``services.faults``.

        Raises:
            authweave.types.ConfigurationError: the configuration lacks something.
        """
        base = implementation(configured, self._tools)
        bare: Provider[ContextT] = base
        composed = self._tools.services.compose(bare, configured.override)
        return PreparedProvider(configured, composed, base, self.every)

    def load(self) -> None:
        """Load what speaks to providers: blocks the first time, so a thread beside the loop does it."""
        self._tools.load()

    def close(self) -> None:
        """Let go of connections. Closing twice does nothing."""
        self._tools.close()


def implementation(configured: ProviderInput[ContextT], tools: ProviderTools) -> ProviderImplementation[ContextT]:
    """
    Return the functions of a provider that is configured as it should be, without overrides and without a client.

    Raises:
        authweave.types.ConfigurationError: it lacks something, or contradicts itself; all that was found.
    """
    return ProviderImplementation(tools, configured.config, check_config(configured, tools))

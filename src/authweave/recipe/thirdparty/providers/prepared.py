"""Providers, made ready for requests."""

from __future__ import annotations

from typing import Generic

import attrs
from typing_extensions import TypeVar

from authweave.kernel import UserContext
from authweave.recipe._services import Services
from authweave.recipe.thirdparty.oauth import OAuthSettings
from authweave.recipe.thirdparty.provider import Provider, ProviderConfig, ProviderInput

ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)


@attrs.frozen(eq=False)
class PreparedProvider(Generic[ContextT]):
    """A provider of an application, before it is known which client and tenant it is for."""

    input: ProviderInput[ContextT]

    @property
    def id(self) -> str:
        """The provider's id."""
        return self.input.config.third_party_id

    @property
    def name(self) -> str:
        """What buttons call it."""
        raise NotImplementedError

    def with_config(self, stored: ProviderConfig) -> PreparedProvider[ContextT]:
        """Return the same provider with a tenant's own configuration over the one that it has."""
        raise NotImplementedError

    async def for_client(self, client_type: str | None, tenant_id: str, user_context: ContextT) -> Provider[ContextT]:
        """
        Return the provider for a client and a tenant, endpoints discovered.

        Raises:
            ClientTypeNotFoundError: there is no such client, or there are several and none was named.
            ProviderError: the endpoints could not be discovered.
        """
        raise NotImplementedError


@attrs.define(eq=False)
class Providers:
    """What all providers of an application share: the HTTP client, and the documents that were fetched. One per app."""

    services: Services
    settings: OAuthSettings = attrs.field(factory=OAuthSettings)

    def prepare(self, given: ProviderInput[ContextT]) -> PreparedProvider[ContextT]:
        """
        Make a provider ready. When the app is built, faults of overrides are noted in ``services.faults``.

        Raises:
            authweave.types.ConfigurationError: the configuration lacks something.
        """
        return PreparedProvider(given)

    def close(self) -> None:
        """Let go of connections. Closing twice does nothing."""

"""The providers that a tenant has: those of `init`, and those that are kept for it in the store."""

from __future__ import annotations

import contextlib
import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Generic, cast

import attrs
from typing_extensions import TypeVar

from authweave.extending import Services
from authweave.kernel import UserContext
from authweave.security import Sealer
from authweave.types import PUBLIC_TENANT, ConfigurationError, JSONObject

from .exceptions import ClientTypeNotFoundError
from .provider import ProviderConfig, ProviderConfigForClient, ProviderInput
from .providers import (
    PreparedProvider,
    ProviderFaultsError,
    Providers,
    provider_config_to_json,
    raise_faults,
)
from .store import THIRD_PARTIES, TenantProvider, ThirdPartyStore

logger: Final = logging.getLogger("authweave.thirdparty")

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)


@attrs.frozen(eq=False)
class TenantProviders(Generic[ContextT_contra]):
    """
    Finds the providers of a tenant, and keeps those of its own.

    A tenant that has providers of its own has these and no others; each lies over the one of the same id that `init`
    was given. A tenant without any has those of `init`: the tenant ``public`` all, the others those that say so.

    Attributes:
        from_init: the providers that `init` was given, by id.
        providers: makes providers ready.
    """

    services: Services = attrs.field(repr=False)
    store: ThirdPartyStore = attrs.field(repr=False)
    providers: Providers
    from_init: Mapping[str, PreparedProvider[ContextT_contra]]
    sealer: Sealer = attrs.field(repr=False)

    @classmethod
    def of(
        cls, services: Services, providers: Providers, inputs: Iterable[ProviderInput[ContextT_contra]]
    ) -> TenantProviders[ContextT_contra]:
        """
        Make the providers that `init` was given ready.

        Raises:
            authweave.types.ConfigurationError: they lack something; all that was found of all of them.
        """
        listed: dict[str, PreparedProvider[ContextT_contra]] = {}
        faults: list[str] = []
        for each in inputs:
            try:
                prepared = listed[each.config.third_party_id] = providers.prepare(each)
                log_risks(prepared)
            except ProviderFaultsError as error:
                faults.extend(error.faults)
        raise_faults(faults)
        sealer = Sealer(services.secret, "tenant-providers", random_bytes=services.random_bytes)
        return cls(services, services.storage.part(THIRD_PARTIES), providers, listed, sealer)

    async def find(self, third_party_id: str, tenant_id: str) -> PreparedProvider[ContextT_contra] | None:
        """
        Return a provider that a tenant has, or None.

        Raises:
            authweave.storage.StorageError: the store failed.
            authweave.types.ConfigurationError: what is stored cannot be read, or lacks something.
        """
        stored = await self.services.off_loop(self._stored, tenant_id)
        listed = self.from_init.get(third_party_id)
        if stored:
            own = next((each for each in stored if each.third_party_id == third_party_id), None)
            return None if own is None else self.prepare(self.decrypt(own), listed)
        return listed if listed is not None and is_of_init_in(listed, tenant_id) else None

    async def for_client(
        self, tenant_id: str, client_type: str | None, user_context: ContextT_contra
    ) -> tuple[ProviderConfigForClient, ...]:
        """
        Return the providers that a tenant has, as a client of a type uses them. Those without one are left out.

        Raises:
            authweave.storage.StorageError: the store failed.
            authweave.types.ConfigurationError: what is stored cannot be read, or lacks something.
        """
        stored = await self.services.off_loop(self._stored, tenant_id)
        own = [self.prepare(self.decrypt(each), self.from_init.get(each.third_party_id)) for each in stored]
        configs: list[ProviderConfigForClient] = []
        for each in own or [each for each in self.from_init.values() if is_of_init_in(each, tenant_id)]:
            with contextlib.suppress(ClientTypeNotFoundError):
                configs.append(await each.config_for_client(client_type, user_context))
        return tuple(configs)

    def _stored(self, tenant_id: str) -> Sequence[TenantProvider]:
        """Return what is stored of a tenant's own, for who is about to ask providers: what does so is loaded here."""
        self.providers.load()
        return self.store.tenant_providers(tenant_id)

    async def keep(self, tenant_id: str, config: ProviderConfig, *, skip_validation: bool = False) -> bool:
        """
        Keep a provider for a tenant, encrypted. Returns whether it is new there.

        Args:
            tenant_id: the tenant.
            config: the provider, without functions.
            skip_validation: whether one that lacks something is kept too.

        Raises:
            authweave.storage.StorageError: the store failed, or has no such tenant.
            authweave.types.BadInputError: the configuration is too long.
            authweave.types.ConfigurationError: it lacks something, or has functions, which cannot be stored.
        """
        if not skip_validation:
            log_risks(self.prepare(config, self.from_init.get(config.third_party_id)), tenant_id)
        written = provider_config_to_json(config)
        ProviderConfig.from_json(written)  # what cannot be read again is told now, and not to those who sign in
        content = json.dumps(written, separators=(",", ":")).encode()
        sealed = self.sealer.seal(content, self.associated_data(tenant_id, config.third_party_id))
        provider = TenantProvider(
            tenant_id=tenant_id, third_party_id=config.third_party_id, config=sealed.encode("ascii")
        )
        return await self.services.off_loop(self.store.set_tenant_provider, provider)

    async def remove(self, tenant_id: str, third_party_id: str) -> bool:
        """Remove a provider of a tenant's own. Returns whether there was one."""
        return await self.services.off_loop(self.store.remove_tenant_provider, tenant_id, third_party_id)

    async def of_tenant(self, tenant_id: str) -> tuple[ProviderConfig, ...]:
        """Return what a tenant has of its own, by the providers' ids."""
        return await self.services.off_loop(self.read, tenant_id)

    def read(self, tenant_id: str) -> tuple[ProviderConfig, ...]:
        """Return the same. Blocks."""
        return tuple(self.decrypt(each) for each in self.store.tenant_providers(tenant_id))

    def prepare(
        self, config: ProviderConfig, listed: PreparedProvider[ContextT_contra] | None
    ) -> PreparedProvider[ContextT_contra]:
        """Return a provider with a tenant's configuration, over that of `init` where there is one."""
        if listed is not None:
            return listed.with_config(config)
        return self.providers.prepare(ProviderInput[ContextT_contra](config))

    def decrypt(self, stored: TenantProvider) -> ProviderConfig:
        """Decrypt a stored configuration."""
        content = self.sealer.open(
            stored.config.decode("latin-1"), self.associated_data(stored.tenant_id, stored.third_party_id)
        )
        if content is None:
            raise ConfigurationError(
                f"What tenant {stored.tenant_id!r} has configured of provider {stored.third_party_id!r} cannot be "
                "decrypted: it was stored with another secret. Configure that secret, or store it again."
            )
        return ProviderConfig.from_json(cast("JSONObject", json.loads(content)))  # json.loads is typed Any

    def associated_data(self, tenant_id: str, third_party_id: str) -> tuple[str, ...]:
        """Return what a stored configuration is bound to: elsewhere it does not open."""
        return self.services.app_info.app_name, tenant_id, third_party_id


def is_of_init_in(provider: PreparedProvider[ContextT_contra], tenant_id: str) -> bool:
    """Return whether a provider that `init` was given is that of a tenant that has none of its own."""
    return tenant_id == PUBLIC_TENANT or provider.input.include_in_non_public_tenants_by_default


def log_risks(provider: PreparedProvider[ContextT_contra], tenant_id: str = PUBLIC_TENANT) -> None:
    """Log what a configuration risks, once, when the application or a tenant brings it."""
    for each in provider.risks:
        logger.warning("%s", each, extra={"event": "unprotected_codes", "provider": provider.id, "tenant": tenant_id})

"""What the recipe asks of a store. All methods block, and each is one transaction: see `authweave.storage`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from .records import StoredTenantConfig, TenantConfigChange


class TenantConfigStore(Protocol):
    """How tenants are configured. What is kept of a tenant goes with it."""

    def tenant_config(self, tenant_id: str) -> StoredTenantConfig:
        """Return how a tenant is configured; where nothing is kept of it, as it is without."""
        ...

    def tenant_configs(self) -> Mapping[str, StoredTenantConfig]:
        """Return how tenants are configured, by their ids: those of which something is kept."""
        ...

    def change_tenant_config(self, tenant_id: str, change: TenantConfigChange) -> None:
        """
        Change how a tenant is configured. Of two changes at once each keeps what the other one has changed.

        Raises:
            authweave.types.BadInputError: see `records.check_change`; or it would be too long. Nothing was changed.
            authweave.storage.StorageError: there is no such tenant.
        """
        ...

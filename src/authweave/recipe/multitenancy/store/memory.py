"""How tenants are configured, in memory."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from typing_extensions import override

from authweave.storage import OfMemberships, check_text
from authweave.storage.memory import MemoryCore

from .protocol import TenantConfigStore
from .records import StoredTenantConfig, TenantConfigChange, check_change


class MemoryTenantConfigs(TenantConfigStore, OfMemberships):
    """Configurations, as text: so nobody who has one can change what is kept."""

    def __init__(self, core: MemoryCore) -> None:
        self._core = core
        self._texts: dict[str, str] = {}

    @override
    def tenant_config(self, tenant_id: str) -> StoredTenantConfig:
        check_text(tenant_id, "tenant_id")
        with self._core.transaction():
            return StoredTenantConfig.from_text(self._texts.get(tenant_id))

    @override
    def tenant_configs(self) -> Mapping[str, StoredTenantConfig]:
        with self._core.transaction():
            return {tenant_id: StoredTenantConfig.from_text(text) for tenant_id, text in self._texts.items()}

    @override
    def change_tenant_config(self, tenant_id: str, change: TenantConfigChange) -> None:
        check_text(tenant_id, "tenant_id")
        check_change(change)
        with self._core.transaction():
            self._core.check_tenant(tenant_id)
            before = StoredTenantConfig.from_text(self._texts.get(tenant_id))
            self._texts[tenant_id] = change.applied_to(before).to_text()

    @override
    def forget_memberships(self, tenant_id: str, ids: Collection[str] | None) -> None:
        with self._core.transaction():
            if ids is None:
                self._texts.pop(tenant_id, None)

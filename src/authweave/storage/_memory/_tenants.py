"""Tenants, in memory."""

from __future__ import annotations

from typing_extensions import override

from authweave.storage._limits import check_text
from authweave.storage._protocols import TenantStore

from ._part import InMemory


class MemoryTenants(InMemory, TenantStore):
    """Tenants."""

    @override
    def tenant_exists(self, tenant_id: str) -> bool:
        check_text(tenant_id, "tenant_id")
        with self._transaction():
            return tenant_id in self._tenants

    @override
    def create_tenant(self, tenant_id: str) -> bool:
        check_text(tenant_id, "tenant_id")
        with self._transaction():
            is_new = tenant_id not in self._tenants
            self._tenants.add(tenant_id)
            return is_new

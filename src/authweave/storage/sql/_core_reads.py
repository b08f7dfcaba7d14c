"""What every start asks of the core, and the first requests; also before SQLAlchemy is loaded."""

from __future__ import annotations

from authweave.storage._ahead import Ask, Rows
from authweave.storage._limits import check_text
from authweave.storage._records import KeyRecord


class TenantReads:
    """Finds tenants."""

    _tenant: Rows
    _tenants_alike: Rows

    def tenant_exists(self, tenant_id: str) -> bool:
        """Return whether there is a tenant."""
        check_text(tenant_id, "tenant_id")
        return self._tenant.first({"tenant_id": tenant_id}) is not None

    def find_tenant(self, tenant_id: str) -> str | None:
        """Return the id of a tenant as it was made, whatever the case of what is asked; None if there is none."""
        if self.tenant_exists(tenant_id):  # as mostly, and that is one look at an index
            return tenant_id
        found = self._tenants_alike.all({"lower_id": tenant_id.lower()})
        only: str | None = found[0][0] if len(found) == 1 else None
        return only


class KeyReads:
    """Reads signing keys."""

    _keys: Rows

    def signing_keys(self) -> tuple[KeyRecord, ...]:
        """Return all keys, the newest first."""
        return tuple(KeyRecord(*row) for row in self._keys.all({}))


class CoreReads(TenantReads, KeyReads):
    """Both, by statements that were written ahead."""

    def __init__(self, ask: Ask) -> None:
        self._tenant = ask("TENANT")
        self._tenants_alike = ask("TENANTS_ALIKE")
        self._keys = ask("NEWEST_FIRST")

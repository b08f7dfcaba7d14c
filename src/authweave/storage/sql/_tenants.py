"""Tenants, in SQL."""

from __future__ import annotations

from sqlalchemy import exists, insert, select
from typing_extensions import override

from authweave.storage._errors import ConstraintError
from authweave.storage._limits import check_text
from authweave.storage._protocols import TenantStore

from ._over_database import OverDatabase
from ._schema import tenants


class SQLTenants(OverDatabase, TenantStore):
    """Tenants. The first migration adds ``public``."""

    @override
    def tenant_exists(self, tenant_id: str) -> bool:
        check_text(tenant_id, "tenant_id")
        with self._database.reading() as connection:
            return connection.execute(select(exists().where(tenants.c.tenant_id == tenant_id))).scalar_one()

    @override
    def create_tenant(self, tenant_id: str) -> bool:
        check_text(tenant_id, "tenant_id")
        try:
            self._database.write(
                lambda connection: connection.execute(insert(tenants), {"tenant_id": tenant_id}), one_statement=True
            )
        except ConstraintError:
            return False
        return True

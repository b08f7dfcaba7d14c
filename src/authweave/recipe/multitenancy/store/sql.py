"""How tenants are configured, in SQL."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from sqlalchemy import Column, Connection, ForeignKey, Table, Text, select, update
from typing_extensions import override

from authweave.storage import StorageError, check_text
from authweave.storage.sql import (
    ConstraintError,
    Database,
    Id,
    Lookup,
    OverDatabase,
    SQLPart,
    insert_unless_there,
    new_metadata,
    tenants,
)

from .protocol import TenantConfigStore
from .records import StoredTenantConfig, TenantConfigChange, check_change

metadata: Final = new_metadata()

tenant_configs: Final = Table(
    "authweave_tenant_configs",
    metadata,
    Column("tenant_id", Id, ForeignKey(tenants.c.tenant_id, ondelete="CASCADE"), primary_key=True),
    Column("config", Text, nullable=False),
)


class SQLTenantConfigs(OverDatabase, TenantConfigStore):
    """Configurations, as text."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._by_tenant = Lookup(database, tenant_configs.c.tenant_id, ("config",))

    @override
    def tenant_config(self, tenant_id: str) -> StoredTenantConfig:
        check_text(tenant_id, "tenant_id")
        row = self._by_tenant.find(tenant_id)
        return StoredTenantConfig.from_text(None if row is None else row[0])

    @override
    def tenant_configs(self) -> Mapping[str, StoredTenantConfig]:
        with self._database.reading() as connection:
            rows = connection.execute(select(tenant_configs.c.tenant_id, tenant_configs.c.config)).all()
        return {tenant_id: StoredTenantConfig.from_text(text) for tenant_id, text in rows}

    @override
    def change_tenant_config(self, tenant_id: str, change: TenantConfigChange) -> None:
        check_text(tenant_id, "tenant_id")
        check_change(change)
        try:
            self._database.write(lambda connection: apply(connection, tenant_id, change))
        except ConstraintError as error:
            raise StorageError(f"Nothing was changed: there is no tenant {tenant_id!r}; create it first.") from error


def apply(connection: Connection, tenant_id: str, change: TenantConfigChange) -> None:
    """Change the row of a tenant, which is made if need be and locked: of two changes at once neither is lost."""
    of_tenant = tenant_configs.c.tenant_id == tenant_id
    locked = select(tenant_configs.c.config).where(of_tenant).with_for_update()
    while (stored := connection.execute(locked).scalar()) is None:  # the tenant may go in between
        row = {"tenant_id": tenant_id, "config": StoredTenantConfig().to_text()}
        insert_unless_there(connection, tenant_configs, row)
    text = change.applied_to(StoredTenantConfig.from_text(stored)).to_text()
    connection.execute(update(tenant_configs).where(of_tenant).values(config=text))


IN_SQL: Final[SQLPart[TenantConfigStore]] = SQLPart(
    metadata=metadata,
    migrations=Path(__file__).parent / "migrations",
    revision="0001",
    store=SQLTenantConfigs,
)

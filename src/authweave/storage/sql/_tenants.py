"""Tenants, in SQL."""

from __future__ import annotations

from functools import partial
from typing import Final

from sqlalchemy import Connection, bindparam, delete, exists, func, insert, or_, select
from typing_extensions import override

from authweave.storage._limits import check_new_tenant, check_tenant_to_delete, check_text
from authweave.storage._part import StorePart, route_segments
from authweave.storage._protocols import TenantStore

from ._core_reads import TenantReads
from ._database import Database
from ._login_rows import remove_memberships
from ._lookup import Query
from ._over_database import OverDatabase
from ._schema import Id, login_methods, login_tenants, tenants

ONE_AT_A_TIME: Final = "LOCK TABLE authweave_tenants IN SHARE ROW EXCLUSIVE MODE"
"""
Two that differ in case alone violate no constraint, and of two that go at once each would leave login methods to the
other. Who reads tenants, or refers to one, does not wait.
"""

TENANT: Final = select(tenants.c.tenant_id).where(tenants.c.tenant_id == bindparam("tenant_id"))
TENANTS_ALIKE: Final = (
    select(tenants.c.tenant_id).where(func.lower(tenants.c.tenant_id) == bindparam("lower_id", type_=Id)).limit(2)
)

LOCK_METHODS: Final = select(func.count()).select_from(
    select(login_methods.c.recipe_user_id)
    .join(login_tenants, login_tenants.c.recipe_user_id == login_methods.c.recipe_user_id)
    .where(login_tenants.c.tenant_id == bindparam("of_tenant"))
    .order_by(login_methods.c.recipe_user_id)
    .with_for_update(of=login_methods, key_share=True)
    .subquery()
)


class SQLTenants(TenantReads, OverDatabase, TenantStore):
    """Tenants. The first migration adds ``public``."""

    _parts: tuple[StorePart[object], ...] = ()

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._tenant = Query(database, TENANT)
        self._tenants_alike = Query(database, TENANTS_ALIKE)

    @override
    def create_tenant(self, tenant_id: str) -> bool:
        check_text(tenant_id, "tenant_id")
        with self._database.reading() as connection:
            if not is_free(connection, tenant_id):
                return False
        # After those of before there was a rule, whose applications make them again.
        check_new_tenant(tenant_id, route_segments(self._parts))
        return self._database.write(lambda connection: insert_if_free(connection, tenant_id))

    @override
    def tenant_ids(self) -> tuple[str, ...]:
        with self._database.reading() as connection:
            # In the order of Python, which does not depend on the database's collation.
            return tuple(sorted(connection.execute(select(tenants.c.tenant_id)).scalars()))

    @override
    def delete_tenant(self, tenant_id: str) -> bool:
        check_tenant_to_delete(tenant_id)
        return self._database.write(partial(self._delete_tenant, tenant_id))

    def _delete_tenant(self, tenant_id: str, connection: Connection) -> bool:
        let_one_change(connection)
        # Before the tenant, as who takes one of them from another tenant does, and lets this be the one it stands in.
        connection.execute(LOCK_METHODS, {"of_tenant": tenant_id})
        of_tenant = tenants.c.tenant_id == tenant_id
        if connection.execute(select(tenants).where(of_tenant).with_for_update()).first() is None:
            return False
        for column in {column for part in self._parts for column, _ in part.in_sql().of_memberships}:
            connection.execute(delete(column.table).where(column == tenant_id))
        remove_memberships(connection, tenant_id)
        connection.execute(delete(tenants).where(of_tenant))
        return True


def is_free(connection: Connection, tenant_id: str) -> bool:
    """
    Return whether no tenant has an id, in whatever case.

    SQLite's `lower` knows the letters that ids may have; those from before there was a rule may have others.
    """
    taken = exists().where(or_(tenants.c.tenant_id == tenant_id, func.lower(tenants.c.tenant_id) == tenant_id.lower()))
    return not connection.execute(select(taken)).scalar_one()


def let_one_change(connection: Connection) -> None:
    """Let nobody else make or delete a tenant until the transaction ends. SQLite has one writer at a time."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(ONE_AT_A_TIME)


def insert_if_free(connection: Connection, tenant_id: str) -> bool:
    """Insert a tenant unless there is one of its id, in whatever case; return whether it is new."""
    let_one_change(connection)
    if not is_free(connection, tenant_id):
        return False
    connection.execute(insert(tenants), {"tenant_id": tenant_id})
    return True

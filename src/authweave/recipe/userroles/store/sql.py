"""Roles, in SQL."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Final

from sqlalchemy import Column, Connection, ForeignKey, Index, Select, Table, delete, func, insert, select
from typing_extensions import override

from authweave.storage import StorageError, check_text
from authweave.storage.sql import (
    ConstraintError,
    Id,
    OverDatabase,
    SQLPart,
    insert_unless_there,
    new_metadata,
    tenants,
)

from .protocol import (
    MAX_PERMISSIONS_OF_ROLE,
    MAX_ROLES,
    MAX_ROLES_OF_USER,
    RoleChange,
    UserRoleStore,
    check_assignment,
    check_role,
    require_few,
)

metadata: Final = new_metadata()

roles: Final = Table("authweave_roles", metadata, Column("role", Id, primary_key=True))

permissions_of_roles: Final = Table(
    "authweave_role_permissions",
    metadata,
    Column("role", Id, ForeignKey(roles.c.role, ondelete="CASCADE"), primary_key=True),
    Column("permission", Id, primary_key=True, index=True),
)

# The user is no foreign key: an application may keep its users elsewhere.
roles_of_users: Final = Table(
    "authweave_user_roles",
    metadata,
    Column("user_id", Id, primary_key=True),
    Column("tenant_id", Id, ForeignKey(tenants.c.tenant_id), primary_key=True),
    Column("role", Id, ForeignKey(roles.c.role, ondelete="CASCADE"), primary_key=True),
)
Index("ix_authweave_user_roles_role_tenant_id", roles_of_users.c.role, roles_of_users.c.tenant_id)


class SQLUserRoles(OverDatabase, UserRoleStore):
    """Roles."""

    @override
    def add_permissions(self, role: str, permissions: Collection[str]) -> RoleChange:
        check_role(role, permissions)
        return self._database.write(lambda connection: add(connection, role, permissions))

    @override
    def permissions_of_role(self, role: str) -> tuple[str, ...] | None:
        check_role(role)
        of_role = permissions_of_roles.c.role == role
        with self._database.reading() as connection:
            found = texts(connection, select(permissions_of_roles.c.permission).where(of_role))
            return found if found or is_there(connection, role) else None

    @override
    def remove_permissions(self, role: str, permissions: Collection[str]) -> int | None:
        check_role(role, permissions)
        of_role = (permissions_of_roles.c.role == role) & permissions_of_roles.c.permission.in_(permissions)

        def remove(connection: Connection) -> int | None:
            removed = connection.execute(delete(permissions_of_roles).where(of_role)).rowcount
            return removed if removed or is_there(connection, role) else None

        return self._database.write(remove)

    @override
    def roles_with_permission(self, permission: str) -> tuple[str, ...]:
        check_text(permission, "permission")
        with_it = select(permissions_of_roles.c.role).where(permissions_of_roles.c.permission == permission)
        with self._database.reading() as connection:
            return texts(connection, with_it)

    @override
    def drop_role(self, role: str) -> bool:
        check_role(role)
        statement = delete(roles).where(roles.c.role == role)  # the other tables follow
        return self._database.write(lambda connection: connection.execute(statement).rowcount, one_statement=True) == 1

    @override
    def all_roles(self) -> tuple[str, ...]:
        with self._database.reading() as connection:
            return texts(connection, select(roles.c.role))

    @override
    def assign_role(self, user_id: str, role: str, tenant_id: str) -> bool | None:
        check_assignment(user_id, tenant_id, role)
        try:
            return self._database.write(lambda connection: assign(connection, user_id, role, tenant_id))
        except ConstraintError as error:
            raise StorageError(f"The role was not added: there is no tenant {tenant_id!r}.") from error

    @override
    def unassign_role(self, user_id: str, role: str, tenant_id: str) -> bool | None:
        check_assignment(user_id, tenant_id, role)
        statement = delete(roles_of_users).where(
            roles_of_users.c.user_id == user_id, roles_of_users.c.tenant_id == tenant_id, roles_of_users.c.role == role
        )

        def unassign(connection: Connection) -> bool | None:
            was_there = connection.execute(statement).rowcount == 1
            return was_there if was_there or is_there(connection, role) else None

        return self._database.write(unassign)

    @override
    def roles_of_user(self, user_id: str, tenant_id: str) -> tuple[str, ...]:
        check_assignment(user_id, tenant_id)
        with self._database.reading() as connection:
            return texts(connection, roles_in(user_id, tenant_id))

    @override
    def users_with_role(self, role: str, tenant_id: str) -> tuple[str, ...] | None:
        check_assignment("", tenant_id, role)
        of_role = (roles_of_users.c.role == role) & (roles_of_users.c.tenant_id == tenant_id)
        with self._database.reading() as connection:
            found = texts(connection, select(roles_of_users.c.user_id).where(of_role))
            return found if found or is_there(connection, role) else None


def add(connection: Connection, role: str, permissions: Collection[str]) -> RoleChange:
    """Make a role unless it is there, and add permissions to those that it has."""
    is_new = make_and_lock(connection, role)
    if is_new:
        require_few(connection.execute(select(func.count()).select_from(roles)).scalar_one(), MAX_ROLES, "roles")
    there = select(permissions_of_roles.c.permission).where(permissions_of_roles.c.role == role)
    before = set(connection.execute(there).scalars())
    new = sorted(set(permissions) - before)
    require_few(len(before) + len(new), MAX_PERMISSIONS_OF_ROLE, "permissions of one role")
    if new:
        rows = [{"role": role, "permission": permission} for permission in new]
        connection.execute(insert(permissions_of_roles), rows)
    return RoleChange(is_new, len(new))


def make_and_lock(connection: Connection, role: str) -> bool:
    """
    Make a role unless it is there, and return whether it was made.

    It is locked, so that two at once do not both find room for their permissions, and nobody deletes it meanwhile.
    """
    while not insert_unless_there(connection, roles, {"role": role}):
        locked = select(roles.c.role).where(roles.c.role == role).with_for_update()
        if connection.execute(locked).first() is not None:  # it is there still
            return False
    return True


def assign(connection: Connection, user_id: str, role: str, tenant_id: str) -> bool | None:
    """Give a user a role in a tenant."""
    # Locked against being deleted meanwhile, and not against others who assign it.
    locked = select(roles.c.role).where(roles.c.role == role).with_for_update(read=True, key_share=True)
    if connection.execute(locked).first() is None:
        return None
    row = {"user_id": user_id, "tenant_id": tenant_id, "role": role}
    is_new = insert_unless_there(connection, roles_of_users, row)
    if is_new:
        require_few(len(connection.execute(roles_in(user_id, tenant_id)).all()), MAX_ROLES_OF_USER, "roles of one user")
    return is_new


def is_there(connection: Connection, role: str) -> bool:
    """Return whether there is a role."""
    return connection.execute(select(roles.c.role).where(roles.c.role == role)).first() is not None


def roles_in(user_id: str, tenant_id: str) -> Select[str]:
    """Return what asks for the roles of a user in a tenant."""
    return select(roles_of_users.c.role).where(
        roles_of_users.c.user_id == user_id, roles_of_users.c.tenant_id == tenant_id
    )


def texts(connection: Connection, statement: Select[str]) -> tuple[str, ...]:
    """Return a column in the order of Python, which does not depend on the database's collation."""
    return tuple(sorted(connection.execute(statement).scalars().all()))


IN_SQL: Final[SQLPart[UserRoleStore]] = SQLPart(
    metadata=metadata,
    migrations=Path(__file__).parent / "migrations",
    revision="0001",
    store=SQLUserRoles,
    of_users=(roles_of_users.c.user_id,),
    of_memberships=((roles_of_users.c.tenant_id, roles_of_users.c.user_id),),
)

"""Roles, in memory."""

from __future__ import annotations

from collections.abc import Collection

from typing_extensions import override

from authweave.storage import KeepsShownIds, OfMemberships, OfUsers, check_text
from authweave.storage.memory import MemoryCore

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


class MemoryUserRoles(UserRoleStore, OfUsers, OfMemberships, KeepsShownIds):
    """Roles with their permissions, and triples of a user, a tenant and a role."""

    def __init__(self, core: MemoryCore) -> None:
        self._core = core
        self._permissions: dict[str, frozenset[str]] = {}
        self._assigned: set[tuple[str, str, str]] = set()

    @override
    def add_permissions(self, role: str, permissions: Collection[str]) -> RoleChange:
        check_role(role, permissions)
        with self._core.transaction():
            before = self._permissions.get(role)
            after = (before or frozenset()).union(permissions)
            require_few(len(self._permissions) + (before is None), MAX_ROLES, "roles")
            require_few(len(after), MAX_PERMISSIONS_OF_ROLE, "permissions of one role")
            self._permissions[role] = after
            return RoleChange(before is None, len(after) - len(before or ()))

    @override
    def permissions_of_role(self, role: str) -> tuple[str, ...] | None:
        check_role(role)
        with self._core.transaction():
            permissions = self._permissions.get(role)
            return None if permissions is None else tuple(sorted(permissions))

    @override
    def remove_permissions(self, role: str, permissions: Collection[str]) -> int | None:
        check_role(role, permissions)
        with self._core.transaction():
            before = self._permissions.get(role)
            if before is None:
                return None
            self._permissions[role] = before.difference(permissions)
            return len(before) - len(self._permissions[role])

    @override
    def roles_with_permission(self, permission: str) -> tuple[str, ...]:
        check_text(permission, "permission")
        with self._core.transaction():
            return tuple(sorted(role for role, permitted in self._permissions.items() if permission in permitted))

    @override
    def drop_role(self, role: str) -> bool:
        check_role(role)
        with self._core.transaction():
            self._assigned -= {each for each in self._assigned if each[2] == role}
            return self._permissions.pop(role, None) is not None

    @override
    def all_roles(self) -> tuple[str, ...]:
        with self._core.transaction():
            return tuple(sorted(self._permissions))

    @override
    def assign_role(self, user_id: str, role: str, tenant_id: str) -> bool | None:
        check_assignment(user_id, tenant_id, role)
        with self._core.transaction():
            if role not in self._permissions:
                return None
            self._core.check_tenant(tenant_id)
            is_new = (user_id, tenant_id, role) not in self._assigned
            require_few(len(self.roles_of_user(user_id, tenant_id)) + is_new, MAX_ROLES_OF_USER, "roles of one user")
            self._assigned.add((user_id, tenant_id, role))
            return is_new

    @override
    def unassign_role(self, user_id: str, role: str, tenant_id: str) -> bool | None:
        check_assignment(user_id, tenant_id, role)
        with self._core.transaction():
            if role not in self._permissions:
                return None
            was_there = (user_id, tenant_id, role) in self._assigned
            self._assigned.discard((user_id, tenant_id, role))
            return was_there

    @override
    def roles_of_user(self, user_id: str, tenant_id: str) -> tuple[str, ...]:
        check_assignment(user_id, tenant_id)
        with self._core.transaction():
            return tuple(
                sorted(role for user, tenant, role in self._assigned if (user, tenant) == (user_id, tenant_id))
            )

    @override
    def users_with_role(self, role: str, tenant_id: str) -> tuple[str, ...] | None:
        check_assignment("", tenant_id, role)
        with self._core.transaction():
            if role not in self._permissions:
                return None
            return tuple(sorted(user for user, *rest in self._assigned if rest == [tenant_id, role]))

    @override
    def forget_users(self, ids: Collection[str]) -> None:
        with self._core.transaction():
            self._assigned -= {each for each in self._assigned if each[0] in ids}

    @override
    def forget_memberships(self, tenant_id: str, ids: Collection[str] | None) -> None:
        with self._core.transaction():
            self._assigned -= {
                each for each in self._assigned if each[1] == tenant_id and (ids is None or each[0] in ids)
            }

    @override
    def rename_user(self, former: str, new: str) -> None:
        with self._core.transaction():
            held = {each for each in self._assigned if each[0] == former}
            self._assigned -= held
            self._assigned |= {(new, tenant_id, role) for _, tenant_id, role in held}

"""Steps for a store of roles, held against a dictionary of sets and a set of triples."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from typing_extensions import override

from authweave.storage.machine import StorageMachine, tenant_ids

from . import USER_ROLES, RoleChange, UserRoleStore

ROLES = ("admin", "user", "Ü")
PERMISSIONS = ("read", "write")
USERS = ("user-0", "user-1")

roles: st.SearchStrategy[str] = st.sampled_from(ROLES)
permissions: st.SearchStrategy[set[str]] = st.sets(st.sampled_from(PERMISSIONS))
users: st.SearchStrategy[str] = st.sampled_from(USERS)


class UserRoleMachine(StorageMachine):
    """Steps for roles."""

    def __init__(self) -> None:
        super().__init__()
        self.permitted: dict[str, set[str]] = {}
        self.assigned: set[tuple[str, str, str]] = set()
        self.role_store: UserRoleStore = self.storage.part(USER_ROLES)

    @override
    def forget_user(self, ids: AbstractSet[str]) -> None:
        super().forget_user(ids)
        self.assigned = {each for each in self.assigned if ids.isdisjoint(each)}

    @rule(role=roles, added=permissions)
    def add_permissions(self, role: str, added: set[str]) -> None:
        """Make a role, or add to one."""
        change = RoleChange(role not in self.permitted, len(added - self.permitted.get(role, set())))
        assert self.role_store.add_permissions(role, added) == change
        self.permitted.setdefault(role, set()).update(added)

    @rule(role=roles, removed=permissions)
    def remove_permissions(self, role: str, removed: set[str]) -> None:
        """Take some away."""
        there = self.permitted.get(role)
        assert self.role_store.remove_permissions(role, removed) == (None if there is None else len(there & removed))
        if there is not None:
            there -= removed

    @rule(role=roles)
    def drop_role(self, role: str) -> None:
        """Delete one."""
        assert self.role_store.drop_role(role) == (role in self.permitted)
        self.permitted.pop(role, None)
        self.assigned = {each for each in self.assigned if each[2] != role}

    @rule(user_id=users, role=roles, tenant_id=tenant_ids)
    def assign_role(self, user_id: str, role: str, tenant_id: str) -> None:
        """Give it to somebody."""
        triple = (user_id, tenant_id, role)
        expected = triple not in self.assigned if role in self.permitted else None
        assert self.role_store.assign_role(user_id, role, tenant_id) is expected
        if expected:
            self.assigned.add(triple)

    @rule(user_id=users, role=roles, tenant_id=tenant_ids)
    def unassign_role(self, user_id: str, role: str, tenant_id: str) -> None:
        """Take it from somebody."""
        triple = (user_id, tenant_id, role)
        expected = triple in self.assigned if role in self.permitted else None
        assert self.role_store.unassign_role(user_id, role, tenant_id) is expected
        self.assigned.discard(triple)

    @invariant()
    def roles_agree(self) -> None:
        """Hold every answer against the model."""
        assert self.role_store.all_roles() == tuple(sorted(self.permitted))
        for role in ROLES:
            there = self.permitted.get(role)
            assert self.role_store.permissions_of_role(role) == (None if there is None else tuple(sorted(there)))
            for tenant_id in ("public", "other"):
                having = (user for user, tenant, its in self.assigned if (tenant, its) == (tenant_id, role))
                expected = None if there is None else tuple(sorted(having))
                assert self.role_store.users_with_role(role, tenant_id) == expected
        for permission in PERMISSIONS:
            with_it = sorted(role for role, there in self.permitted.items() if permission in there)
            assert self.role_store.roles_with_permission(permission) == tuple(with_it)
        for user_id in USERS:
            for tenant_id in ("public", "other"):
                held = sorted(role for user, tenant, role in self.assigned if (user, tenant) == (user_id, tenant_id))
                assert self.role_store.roles_of_user(user_id, tenant_id) == tuple(held)

"""The functions of the userroles recipe, as they are without overrides."""

from __future__ import annotations

from typing_extensions import override

from authweave.extending import Services
from authweave.kernel import UserContext, overridable

from .interfaces import ContextT_contra, RecipeInterface
from .names import RECIPE_ID, normal_name, normal_names
from .store import USER_ROLES, UserRoleStore
from .types import (
    AddRoleToUserOkResult,
    AddRoleToUserResult,
    CreateNewRoleOrAddPermissionsOkResult,
    DeleteRoleOkResult,
    GetAllRolesOkResult,
    GetPermissionsForRoleOkResult,
    GetPermissionsForRoleResult,
    GetRolesForUserOkResult,
    GetRolesThatHavePermissionOkResult,
    GetUsersThatHaveRoleOkResult,
    GetUsersThatHaveRoleResult,
    RemovePermissionsFromRoleOkResult,
    RemovePermissionsFromRoleResult,
    RemoveUserRoleOkResult,
    RemoveUserRoleResult,
    UnknownRoleError,
)


class RecipeImplementation(RecipeInterface[ContextT_contra]):
    """The functions without overrides. Each is one hop to the store, and tells what it changed as ``roles_changed``."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.store: UserRoleStore = services.storage.part(USER_ROLES)

    @overridable
    @override
    async def add_role_to_user(
        self, user_id: str, role: str, tenant_id: str, user_context: ContextT_contra
    ) -> AddRoleToUserResult:
        name = normal_name(role, "role")
        is_new = await self.services.off_loop(self.store.assign_role, user_id, name, tenant_id)
        if is_new is None:
            return UnknownRoleError()
        if is_new:
            self.tell("added", name, user_context, user_id=user_id, tenant_id=tenant_id)
        return AddRoleToUserOkResult(did_user_already_have_role=not is_new)

    @overridable
    @override
    async def remove_user_role(
        self, user_id: str, role: str, tenant_id: str, user_context: ContextT_contra
    ) -> RemoveUserRoleResult:
        name = normal_name(role, "role")
        was_there = await self.services.off_loop(self.store.unassign_role, user_id, name, tenant_id)
        if was_there is None:
            return UnknownRoleError()
        if was_there:
            self.tell("removed", name, user_context, user_id=user_id, tenant_id=tenant_id)
        return RemoveUserRoleOkResult(did_user_have_role=was_there)

    @overridable
    @override
    async def get_roles_for_user(
        self, user_id: str, tenant_id: str, user_context: ContextT_contra
    ) -> GetRolesForUserOkResult:
        return GetRolesForUserOkResult(list(await self.services.off_loop(self.store.roles_of_user, user_id, tenant_id)))

    @overridable
    @override
    async def get_users_that_have_role(
        self, role: str, tenant_id: str, user_context: ContextT_contra
    ) -> GetUsersThatHaveRoleResult:
        name = normal_name(role, "role")
        users = await self.services.off_loop(self.store.users_with_role, name, tenant_id)
        return UnknownRoleError() if users is None else GetUsersThatHaveRoleOkResult(list(users))

    @overridable
    @override
    async def create_new_role_or_add_permissions(
        self, role: str, permissions: list[str], user_context: ContextT_contra
    ) -> CreateNewRoleOrAddPermissionsOkResult:
        name, added = normal_name(role, "role"), normal_names(permissions, "permissions")
        change = await self.services.off_loop(self.store.add_permissions, name, added)
        if change.is_new_role:
            self.tell("created", name, user_context)
        if change.permissions:
            self.tell("permissions_added", name, user_context)
        return CreateNewRoleOrAddPermissionsOkResult(change.is_new_role)

    @overridable
    @override
    async def get_permissions_for_role(self, role: str, user_context: ContextT_contra) -> GetPermissionsForRoleResult:
        permissions = await self.services.off_loop(self.store.permissions_of_role, normal_name(role, "role"))
        return UnknownRoleError() if permissions is None else GetPermissionsForRoleOkResult(list(permissions))

    @overridable
    @override
    async def remove_permissions_from_role(
        self, role: str, permissions: list[str], user_context: ContextT_contra
    ) -> RemovePermissionsFromRoleResult:
        name, removed = normal_name(role, "role"), normal_names(permissions, "permissions")
        count = await self.services.off_loop(self.store.remove_permissions, name, removed)
        if count is None:
            return UnknownRoleError()
        if count:
            self.tell("permissions_removed", name, user_context)
        return RemovePermissionsFromRoleOkResult()

    @overridable
    @override
    async def get_roles_that_have_permission(
        self, permission: str, user_context: ContextT_contra
    ) -> GetRolesThatHavePermissionOkResult:
        find = self.store.roles_with_permission
        return GetRolesThatHavePermissionOkResult(
            list(await self.services.off_loop(find, normal_name(permission, "permission")))
        )

    @overridable
    @override
    async def delete_role(self, role: str, user_context: ContextT_contra) -> DeleteRoleOkResult:
        name = normal_name(role, "role")
        was_there = await self.services.off_loop(self.store.drop_role, name)
        if was_there:
            self.tell("deleted", name, user_context)
        return DeleteRoleOkResult(was_there)

    @overridable
    @override
    async def get_all_roles(self, user_context: ContextT_contra) -> GetAllRolesOkResult:
        return GetAllRolesOkResult(list(await self.services.off_loop(self.store.all_roles)))

    def tell(
        self,
        change: str,
        role: str,
        user_context: UserContext,
        *,
        user_id: str | None = None,
        tenant_id: str | None = None,
    ) -> None:
        """Tell that a user's roles changed, or (of no user) what a role permits."""
        self.services.events.emit(
            "roles_changed", RECIPE_ID, user_context, user_id=user_id, tenant_id=tenant_id, change=change, role=role
        )

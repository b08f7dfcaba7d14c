"""Overrides of all functions of the recipe, as documents of the reference write them: roles."""

from typing import Any, Dict, List, Union

from authweave.recipe import userroles
from authweave.recipe.userroles.interfaces import (
    AddRoleToUserOkResult,
    CreateNewRoleOrAddPermissionsOkResult,
    DeleteRoleOkResult,
    GetAllRolesOkResult,
    GetPermissionsForRoleOkResult,
    GetRolesForUserOkResult,
    GetRolesThatHavePermissionOkResult,
    GetUsersThatHaveRoleOkResult,
    RecipeInterface,
    RemovePermissionsFromRoleOkResult,
    RemoveUserRoleOkResult,
    UnknownRoleError,
)


def override_userroles_functions(original_implementation: RecipeInterface) -> RecipeInterface:
    original_add_role_to_user = original_implementation.add_role_to_user
    original_remove_user_role = original_implementation.remove_user_role
    original_get_roles_for_user = original_implementation.get_roles_for_user
    original_get_users_that_have_role = original_implementation.get_users_that_have_role
    original_create_new_role_or_add_permissions = original_implementation.create_new_role_or_add_permissions
    original_get_permissions_for_role = original_implementation.get_permissions_for_role
    original_remove_permissions_from_role = original_implementation.remove_permissions_from_role
    original_get_roles_that_have_permission = original_implementation.get_roles_that_have_permission
    original_delete_role = original_implementation.delete_role
    original_get_all_roles = original_implementation.get_all_roles

    async def add_role_to_user(
        user_id: str,
        role: str,
        tenant_id: str,
        user_context: Dict[str, Any],
    ) -> Union[AddRoleToUserOkResult, UnknownRoleError]:
        return await original_add_role_to_user(user_id, role, tenant_id, user_context)

    async def remove_user_role(
        user_id: str,
        role: str,
        tenant_id: str,
        user_context: Dict[str, Any],
    ) -> Union[RemoveUserRoleOkResult, UnknownRoleError]:
        return await original_remove_user_role(user_id, role, tenant_id, user_context)

    async def get_roles_for_user(
        user_id: str,
        tenant_id: str,
        user_context: Dict[str, Any],
    ) -> GetRolesForUserOkResult:
        return await original_get_roles_for_user(user_id, tenant_id, user_context)

    async def get_users_that_have_role(
        role: str,
        tenant_id: str,
        user_context: Dict[str, Any],
    ) -> Union[GetUsersThatHaveRoleOkResult, UnknownRoleError]:
        return await original_get_users_that_have_role(role, tenant_id, user_context)

    async def create_new_role_or_add_permissions(
        role: str,
        permissions: List[str],
        user_context: Dict[str, Any],
    ) -> CreateNewRoleOrAddPermissionsOkResult:
        return await original_create_new_role_or_add_permissions(role, permissions, user_context)

    async def get_permissions_for_role(
        role: str,
        user_context: Dict[str, Any],
    ) -> Union[GetPermissionsForRoleOkResult, UnknownRoleError]:
        return await original_get_permissions_for_role(role, user_context)

    async def remove_permissions_from_role(
        role: str,
        permissions: List[str],
        user_context: Dict[str, Any],
    ) -> Union[RemovePermissionsFromRoleOkResult, UnknownRoleError]:
        return await original_remove_permissions_from_role(role, permissions, user_context)

    async def get_roles_that_have_permission(
        permission: str,
        user_context: Dict[str, Any],
    ) -> GetRolesThatHavePermissionOkResult:
        return await original_get_roles_that_have_permission(permission, user_context)

    async def delete_role(
        role: str,
        user_context: Dict[str, Any],
    ) -> DeleteRoleOkResult:
        return await original_delete_role(role, user_context)

    async def get_all_roles(
        user_context: Dict[str, Any],
    ) -> GetAllRolesOkResult:
        return await original_get_all_roles(user_context)

    original_implementation.add_role_to_user = add_role_to_user
    original_implementation.remove_user_role = remove_user_role
    original_implementation.get_roles_for_user = get_roles_for_user
    original_implementation.get_users_that_have_role = get_users_that_have_role
    original_implementation.create_new_role_or_add_permissions = create_new_role_or_add_permissions
    original_implementation.get_permissions_for_role = get_permissions_for_role
    original_implementation.remove_permissions_from_role = remove_permissions_from_role
    original_implementation.get_roles_that_have_permission = get_roles_that_have_permission
    original_implementation.delete_role = delete_role
    original_implementation.get_all_roles = get_all_roles
    return original_implementation


userroles.init(override=userroles.InputOverrideConfig(functions=override_userroles_functions))

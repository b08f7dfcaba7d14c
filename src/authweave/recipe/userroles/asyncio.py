"""The functions of the recipe in the default application, with the overrides that it has. To be awaited."""

from __future__ import annotations

from authweave.extending import app_in_use
from authweave.kernel import ContextArgument, context_for

from .recipe import UserRolesRecipe
from .types import (
    AddRoleToUserResult,
    CreateNewRoleOrAddPermissionsOkResult,
    DeleteRoleOkResult,
    GetAllRolesOkResult,
    GetPermissionsForRoleResult,
    GetRolesForUserOkResult,
    GetRolesThatHavePermissionOkResult,
    GetUsersThatHaveRoleResult,
    RemovePermissionsFromRoleResult,
    RemoveUserRoleResult,
)


def recipe_in_use(user_context: ContextArgument | None = None) -> UserRolesRecipe:
    """Return the recipe of the application in use."""
    return app_in_use(user_context).recipe(UserRolesRecipe)


async def add_role_to_user(
    tenant_id: str, user_id: str, role: str, user_context: ContextArgument | None = None
) -> AddRoleToUserResult:
    """
    Give a user a role in a tenant.

    Sessions that there are say so when they are refreshed; ``session.fetch_and_set_claim(UserRoleClaim)`` has one say
    so at once.

    Args:
        tenant_id: the tenant; ``"public"`` where there are no others.
        user_id: the user's id, or any other text: there need be no such user.
        role: the role. Blanks around it are not part of it.
        user_context: the current one by default.

    Raises:
        authweave.errors.BadInputError: a text is empty, too long or holds what no store keeps, or the user has 100
            roles in the tenant already.
        authweave.errors.StorageError: the store failed, or there is no such tenant. Nothing was changed.
    """
    functions = recipe_in_use(user_context).functions
    return await functions.add_role_to_user(user_id, role, tenant_id, context_for(functions, user_context))


async def remove_user_role(
    tenant_id: str, user_id: str, role: str, user_context: ContextArgument | None = None
) -> RemoveUserRoleResult:
    """Take a role from a user in a tenant. Parameters and errors as for `add_role_to_user`."""
    functions = recipe_in_use(user_context).functions
    return await functions.remove_user_role(user_id, role, tenant_id, context_for(functions, user_context))


async def get_roles_for_user(
    tenant_id: str, user_id: str, user_context: ContextArgument | None = None
) -> GetRolesForUserOkResult:
    """Return the roles of a user in a tenant. Parameters and errors as for `add_role_to_user`."""
    functions = recipe_in_use(user_context).functions
    return await functions.get_roles_for_user(user_id, tenant_id, context_for(functions, user_context))


async def get_users_that_have_role(
    tenant_id: str, role: str, user_context: ContextArgument | None = None
) -> GetUsersThatHaveRoleResult:
    """
    Return the ids of all who have a role in a tenant, however many they are.

    Parameters and errors as for `add_role_to_user`.
    """
    functions = recipe_in_use(user_context).functions
    return await functions.get_users_that_have_role(role, tenant_id, context_for(functions, user_context))


async def create_new_role_or_add_permissions(
    role: str, permissions: list[str], user_context: ContextArgument | None = None
) -> CreateNewRoleOrAddPermissionsOkResult:
    """
    Make sure that there is a role, and that it has some permissions. Doing so again changes nothing.

    Args:
        role: the role, of the whole application; 1 to 255 characters. Blanks around it are not part of it.
        permissions: what it is to permit beside what it does already; each as long as a role may be.
        user_context: the current one by default.

    Raises:
        authweave.errors.BadInputError: a text is empty, too long or holds what no store keeps; there are 1,000 roles
            already; or the role would have more than 1,000 permissions. Nothing was changed.
        authweave.errors.StorageError: the store failed. Nothing was changed.
    """
    functions = recipe_in_use(user_context).functions
    return await functions.create_new_role_or_add_permissions(role, permissions, context_for(functions, user_context))


async def get_permissions_for_role(
    role: str, user_context: ContextArgument | None = None
) -> GetPermissionsForRoleResult:
    """Return what a role permits. Errors as for `create_new_role_or_add_permissions`."""
    functions = recipe_in_use(user_context).functions
    return await functions.get_permissions_for_role(role, context_for(functions, user_context))


async def remove_permissions_from_role(
    role: str, permissions: list[str], user_context: ContextArgument | None = None
) -> RemovePermissionsFromRoleResult:
    """Take permissions from a role. Parameters and errors as for `create_new_role_or_add_permissions`."""
    functions = recipe_in_use(user_context).functions
    return await functions.remove_permissions_from_role(role, permissions, context_for(functions, user_context))


async def get_roles_that_have_permission(
    permission: str, user_context: ContextArgument | None = None
) -> GetRolesThatHavePermissionOkResult:
    """Return the roles that permit something. Errors as for `create_new_role_or_add_permissions`."""
    functions = recipe_in_use(user_context).functions
    return await functions.get_roles_that_have_permission(permission, context_for(functions, user_context))


async def delete_role(role: str, user_context: ContextArgument | None = None) -> DeleteRoleOkResult:
    """
    Delete a role with its permissions, and take it from everybody in all tenants.

    Errors as for `create_new_role_or_add_permissions`.
    """
    functions = recipe_in_use(user_context).functions
    return await functions.delete_role(role, context_for(functions, user_context))


async def get_all_roles(user_context: ContextArgument | None = None) -> GetAllRolesOkResult:
    """
    Return all roles of the application.

    Raises:
        authweave.errors.StorageError: the store failed.
    """
    functions = recipe_in_use(user_context).functions
    return await functions.get_all_roles(context_for(functions, user_context))

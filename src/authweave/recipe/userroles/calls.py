"""
The functions of the recipe, each as the call that an override is handed.

The parameters stand here and nowhere else: ``nox -s signatures`` writes the methods of the
interfaces from them.
"""

from __future__ import annotations

from typing_extensions import TypeVar

from authweave.kernel import Call, UserContext

from .interfaces import (
    AddRoleToUserResult,
    CreateNewRoleOrAddPermissionsOkResult,
    DeleteRoleOkResult,
    GetAllRolesOkResult,
    GetPermissionsForRoleResult,
    GetRolesForUserOkResult,
    GetRolesThatHavePermissionOkResult,
    GetUsersThatHaveRoleResult,
    RecipeInterface,
    RemovePermissionsFromRoleResult,
    RemoveUserRoleResult,
)

ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)


class AddRoleToUser(Call[RecipeInterface[ContextT], AddRoleToUserResult, ContextT]):
    """
    Give a user a role in a tenant. Sessions that there are say so when they are refreshed.

    Attributes:
        user_id: the user's id, or any other text.
        role: there has to be such a role.
        tenant_id: where the user has it.
    """

    user_id: str
    role: str
    tenant_id: str


class RemoveUserRole(Call[RecipeInterface[ContextT], RemoveUserRoleResult, ContextT]):
    """
    Take a role from a user in a tenant. Sessions that there are say so when they are refreshed.

    Attributes:
        user_id: the user's id, or any other text.
        role: there has to be such a role.
        tenant_id: where the user has it.
    """

    user_id: str
    role: str
    tenant_id: str


class GetRolesForUser(Call[RecipeInterface[ContextT], GetRolesForUserOkResult, ContextT]):
    """
    Return the roles of a user in a tenant. The claims of sessions are made of what it returns.

    Attributes:
        user_id: the user's id, or any other text.
        tenant_id: the tenant.
    """

    user_id: str
    tenant_id: str


class GetUsersThatHaveRole(Call[RecipeInterface[ContextT], GetUsersThatHaveRoleResult, ContextT]):
    """
    Return who has a role in a tenant: all of them.

    Attributes:
        role: the role.
        tenant_id: the tenant.
    """

    role: str
    tenant_id: str


class CreateNewRoleOrAddPermissions(Call[RecipeInterface[ContextT], CreateNewRoleOrAddPermissionsOkResult, ContextT]):
    """
    Make sure that there is a role, and that it has some permissions. None is taken from it.

    Attributes:
        role: the role, of the whole application.
        permissions: what it is to permit; may be empty.
    """

    role: str
    permissions: list[str]


class GetPermissionsForRole(Call[RecipeInterface[ContextT], GetPermissionsForRoleResult, ContextT]):
    """
    Return what a role permits. The claims of sessions are made of what it returns.

    Attributes:
        role: the role.
    """

    role: str


class RemovePermissionsFromRole(Call[RecipeInterface[ContextT], RemovePermissionsFromRoleResult, ContextT]):
    """
    Take permissions from a role; those that it does not have are none.

    Attributes:
        role: the role.
        permissions: what it is no longer to permit.
    """

    role: str
    permissions: list[str]


class GetRolesThatHavePermission(Call[RecipeInterface[ContextT], GetRolesThatHavePermissionOkResult, ContextT]):
    """
    Return the roles that permit something.

    Attributes:
        permission: what.
    """

    permission: str


class DeleteRole(Call[RecipeInterface[ContextT], DeleteRoleOkResult, ContextT]):
    """
    Delete a role with its permissions, and take it from everybody in all tenants.

    Attributes:
        role: the role.
    """

    role: str


class GetAllRoles(Call[RecipeInterface[ContextT], GetAllRolesOkResult, ContextT]):
    """Return all roles of the application."""

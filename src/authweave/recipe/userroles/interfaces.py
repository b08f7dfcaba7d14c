"""The functions of the userroles recipe. It has no APIs: who may change roles is the application's to say."""

from __future__ import annotations

from typing import Protocol

from typing_extensions import TypeVar

from authweave.kernel import Interface, UserContext, overridable

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

__all__ = [
    "APIInterface",
    "AddRoleToUserOkResult",
    "AddRoleToUserResult",
    "CreateNewRoleOrAddPermissionsOkResult",
    "DeleteRoleOkResult",
    "GetAllRolesOkResult",
    "GetPermissionsForRoleOkResult",
    "GetPermissionsForRoleResult",
    "GetRolesForUserOkResult",
    "GetRolesThatHavePermissionOkResult",
    "GetUsersThatHaveRoleOkResult",
    "GetUsersThatHaveRoleResult",
    "RecipeInterface",
    "RemovePermissionsFromRoleOkResult",
    "RemovePermissionsFromRoleResult",
    "RemoveUserRoleOkResult",
    "RemoveUserRoleResult",
    "UnknownRoleError",
]

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, contravariant=True)


class APIInterface(Protocol):
    """The APIs of the recipe: there are none. It is here for overrides that were written for SuperTokens."""


class RecipeInterface(Interface[ContextT_contra], Protocol[ContextT_contra]):
    """The functions of the recipe. Each may be overridden."""

    # Written from calls.py by `python -m authweave.kernel`, down to the closing mark.
    # fmt: off
    @overridable
    async def add_role_to_user(self, user_id: str, role: str, tenant_id: str, user_context: ContextT_contra) -> AddRoleToUserResult:
        """Give a user a role in a tenant. Sessions that there are say so when they are refreshed."""
        ...

    @overridable
    async def remove_user_role(self, user_id: str, role: str, tenant_id: str, user_context: ContextT_contra) -> RemoveUserRoleResult:
        """Take a role from a user in a tenant. Sessions that there are say so when they are refreshed."""
        ...

    @overridable
    async def get_roles_for_user(self, user_id: str, tenant_id: str, user_context: ContextT_contra) -> GetRolesForUserOkResult:
        """Return the roles of a user in a tenant. The claims of sessions are made of what it returns."""
        ...

    @overridable
    async def get_users_that_have_role(self, role: str, tenant_id: str, user_context: ContextT_contra) -> GetUsersThatHaveRoleResult:
        """Return who has a role in a tenant: all of them."""
        ...

    @overridable
    async def create_new_role_or_add_permissions(self, role: str, permissions: list[str], user_context: ContextT_contra) -> CreateNewRoleOrAddPermissionsOkResult:
        """Make sure that there is a role, and that it has some permissions. None is taken from it."""
        ...

    @overridable
    async def get_permissions_for_role(self, role: str, user_context: ContextT_contra) -> GetPermissionsForRoleResult:
        """Return what a role permits. The claims of sessions are made of what it returns."""
        ...

    @overridable
    async def remove_permissions_from_role(self, role: str, permissions: list[str], user_context: ContextT_contra) -> RemovePermissionsFromRoleResult:
        """Take permissions from a role; those that it does not have are none."""
        ...

    @overridable
    async def get_roles_that_have_permission(self, permission: str, user_context: ContextT_contra) -> GetRolesThatHavePermissionOkResult:
        """Return the roles that permit something."""
        ...

    @overridable
    async def delete_role(self, role: str, user_context: ContextT_contra) -> DeleteRoleOkResult:
        """Delete a role with its permissions, and take it from everybody in all tenants."""
        ...

    @overridable
    async def get_all_roles(self, user_context: ContextT_contra) -> GetAllRolesOkResult:
        """Return all roles of the application."""
        ...
    # fmt: on

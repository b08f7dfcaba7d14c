"""What the functions of the recipe return."""

from __future__ import annotations

from typing import TypeAlias

import attrs


@attrs.frozen
class CreateNewRoleOrAddPermissionsOkResult:
    """
    The role has the permissions.

    Attributes:
        created_new_role: whether there was no such role before.
    """

    created_new_role: bool


@attrs.frozen
class GetPermissionsForRoleOkResult:
    """
    What a role permits.

    Attributes:
        permissions: in alphabetical order.
    """

    permissions: list[str]


@attrs.frozen
class RemovePermissionsFromRoleOkResult:
    """The role has none of the permissions any more."""


@attrs.frozen
class GetRolesThatHavePermissionOkResult:
    """
    Who may do something.

    Attributes:
        roles: in alphabetical order.
    """

    roles: list[str]


@attrs.frozen
class DeleteRoleOkResult:
    """
    There is no such role any more, and nobody has it.

    Attributes:
        did_role_exist: whether there was one before.
    """

    did_role_exist: bool


@attrs.frozen
class GetAllRolesOkResult:
    """
    All roles of the application.

    Attributes:
        roles: in alphabetical order.
    """

    roles: list[str]


@attrs.frozen
class AddRoleToUserOkResult:
    """
    The user has the role.

    Attributes:
        did_user_already_have_role: whether it had it before.
    """

    did_user_already_have_role: bool


@attrs.frozen
class RemoveUserRoleOkResult:
    """
    The user does not have the role.

    Attributes:
        did_user_have_role: whether it had it before.
    """

    did_user_have_role: bool


@attrs.frozen
class GetRolesForUserOkResult:
    """
    The roles of a user in a tenant.

    Attributes:
        roles: in alphabetical order.
    """

    roles: list[str]


@attrs.frozen
class GetUsersThatHaveRoleOkResult:
    """
    Who has a role in a tenant.

    Attributes:
        users: their ids, in order.
    """

    users: list[str]


@attrs.frozen
class UnknownRoleError:
    """There is no such role. A result, not an exception: the name is SuperTokens's."""


GetPermissionsForRoleResult: TypeAlias = GetPermissionsForRoleOkResult | UnknownRoleError
RemovePermissionsFromRoleResult: TypeAlias = RemovePermissionsFromRoleOkResult | UnknownRoleError
AddRoleToUserResult: TypeAlias = AddRoleToUserOkResult | UnknownRoleError
RemoveUserRoleResult: TypeAlias = RemoveUserRoleOkResult | UnknownRoleError
GetUsersThatHaveRoleResult: TypeAlias = GetUsersThatHaveRoleOkResult | UnknownRoleError

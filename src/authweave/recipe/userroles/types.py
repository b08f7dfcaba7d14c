"""What the functions of the recipe return."""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

import attrs

from authweave.types import Result


@attrs.frozen
class CreateNewRoleOrAddPermissionsOkResult(Result):
    """
    The role has the permissions.

    Attributes:
        created_new_role: whether there was no such role before.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    created_new_role: bool


@attrs.frozen
class GetPermissionsForRoleOkResult(Result):
    """
    What a role permits.

    Attributes:
        permissions: in alphabetical order.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    permissions: list[str]


@attrs.frozen
class RemovePermissionsFromRoleOkResult(Result):
    """The role has none of the permissions any more."""

    status: ClassVar[Literal["OK"]] = "OK"


@attrs.frozen
class GetRolesThatHavePermissionOkResult(Result):
    """
    Who may do something.

    Attributes:
        roles: in alphabetical order.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    roles: list[str]


@attrs.frozen
class DeleteRoleOkResult(Result):
    """
    There is no such role any more, and nobody has it.

    Attributes:
        did_role_exist: whether there was one before.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    did_role_exist: bool


@attrs.frozen
class GetAllRolesOkResult(Result):
    """
    All roles of the application.

    Attributes:
        roles: in alphabetical order.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    roles: list[str]


@attrs.frozen
class AddRoleToUserOkResult(Result):
    """
    The user has the role.

    Attributes:
        did_user_already_have_role: whether it had it before.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    did_user_already_have_role: bool


@attrs.frozen
class RemoveUserRoleOkResult(Result):
    """
    The user does not have the role.

    Attributes:
        did_user_have_role: whether it had it before.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    did_user_have_role: bool


@attrs.frozen
class GetRolesForUserOkResult(Result):
    """
    The roles of a user in a tenant.

    Attributes:
        roles: in alphabetical order.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    roles: list[str]


@attrs.frozen
class GetUsersThatHaveRoleOkResult(Result):
    """
    Who has a role in a tenant.

    Attributes:
        users: their ids, in order.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    users: list[str]


@attrs.frozen
class UnknownRoleError(Result):
    """There is no such role. A result, not an exception: the name is SuperTokens's."""

    status: ClassVar[Literal["UNKNOWN_ROLE_ERROR"]] = "UNKNOWN_ROLE_ERROR"


GetPermissionsForRoleResult: TypeAlias = GetPermissionsForRoleOkResult | UnknownRoleError
RemovePermissionsFromRoleResult: TypeAlias = RemovePermissionsFromRoleOkResult | UnknownRoleError
AddRoleToUserResult: TypeAlias = AddRoleToUserOkResult | UnknownRoleError
RemoveUserRoleResult: TypeAlias = RemoveUserRoleOkResult | UnknownRoleError
GetUsersThatHaveRoleResult: TypeAlias = GetUsersThatHaveRoleOkResult | UnknownRoleError

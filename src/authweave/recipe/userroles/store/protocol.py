"""What the recipe asks of a store. All methods block, and each is one transaction: see `authweave.storage`."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, Protocol

import attrs

from authweave.storage import check_text
from authweave.types import BadInputError

MAX_ROLES: Final = 1_000
"""Of an application."""

MAX_PERMISSIONS_OF_ROLE: Final = 1_000

MAX_ROLES_OF_USER: Final = 100
"""In one tenant. Those of a session travel in its access token, which holds far fewer."""


@attrs.frozen
class RoleChange:
    """
    What was added.

    Attributes:
        is_new_role: whether there was no such role.
        permissions: how many it did not have.
    """

    is_new_role: bool
    permissions: int


class UserRoleStore(Protocol):
    """
    Roles and what they permit, for the whole application; and who has them, in each tenant.

    Texts are kept as they are. Ids of users are free: a user need not be known here; a tenant has to be.
    """

    def add_permissions(self, role: str, permissions: Collection[str]) -> RoleChange:
        """
        Make a role unless it is there, and add permissions to those that it has.

        Raises:
            authweave.types.BadInputError: there would be too many. Nothing was changed.
        """
        ...

    def permissions_of_role(self, role: str) -> tuple[str, ...] | None:
        """Return what a role permits, in order; None where there is no such role."""
        ...

    def remove_permissions(self, role: str, permissions: Collection[str]) -> int | None:
        """Take permissions from a role. Returns how many it had of them; None where there is no such role."""
        ...

    def roles_with_permission(self, permission: str) -> tuple[str, ...]:
        """Return the roles that permit something, in order."""
        ...

    def drop_role(self, role: str) -> bool:
        """Delete a role, its permissions, and whoever has it has it no more. Returns whether there was one."""
        ...

    def all_roles(self) -> tuple[str, ...]:
        """Return all roles, in order."""
        ...

    def assign_role(self, user_id: str, role: str, tenant_id: str) -> bool | None:
        """
        Give a user a role in a tenant. Returns whether it is new to the user; None where there is no such role.

        Raises:
            authweave.types.BadInputError: the user has too many.
            authweave.storage.StorageError: there is no such tenant.
        """
        ...

    def unassign_role(self, user_id: str, role: str, tenant_id: str) -> bool | None:
        """Take a role from a user in a tenant. Returns whether the user had it; None where there is no such role."""
        ...

    def roles_of_user(self, user_id: str, tenant_id: str) -> tuple[str, ...]:
        """Return the roles of a user in a tenant, in order."""
        ...

    def users_with_role(self, role: str, tenant_id: str) -> tuple[str, ...] | None:
        """Return the ids of those who have a role in a tenant, in order; None where there is no such role."""
        ...


def check_role(role: str, permissions: Collection[str] = ()) -> None:
    """
    Check a role, and permissions.

    Raises:
        authweave.types.BadInputError: see `authweave.storage.check_text`; or there are too many.
    """
    check_text(role, "role")
    require_few(len(permissions), MAX_PERMISSIONS_OF_ROLE, "permissions of one role")
    for permission in permissions:
        check_text(permission, "permission")


def check_assignment(user_id: str, tenant_id: str, role: str = "") -> None:
    """
    Check who has a role, and where.

    Raises:
        authweave.types.BadInputError: see `authweave.storage.check_text`.
    """
    check_text(user_id, "user_id")
    check_text(tenant_id, "tenant_id")
    check_text(role, "role")


def require_few(count: int, most: int, what: str) -> None:
    """
    Check a number that is bounded.

    Raises:
        authweave.types.BadInputError: it is too large.
    """
    if count > most:
        raise BadInputError(f"There would be more than the {most} {what} that are allowed.")

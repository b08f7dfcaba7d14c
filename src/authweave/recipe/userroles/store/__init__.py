"""What the recipe keeps: roles, what they permit, and who has them. Its store is ``storage.part(USER_ROLES)``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from authweave.storage import Ahead, StorePart

from .protocol import MAX_PERMISSIONS_OF_ROLE, MAX_ROLES, MAX_ROLES_OF_USER, RoleChange, UserRoleStore

if TYPE_CHECKING:
    from authweave.storage.memory import MemoryCore
    from authweave.storage.sql import SQLPart

__all__ = [
    "MAX_PERMISSIONS_OF_ROLE",
    "MAX_ROLES",
    "MAX_ROLES_OF_USER",
    "PARTS",
    "USER_ROLES",
    "RoleChange",
    "UserRoleStore",
]


def in_sql() -> SQLPart[UserRoleStore]:
    """Load how roles are kept in SQL."""
    from .sql import IN_SQL

    return IN_SQL


def ahead() -> Ahead:
    """Load what a start knows of the tables."""
    from .ahead import AHEAD

    return AHEAD


def in_memory(core: MemoryCore) -> UserRoleStore:
    """Make a store of roles in memory."""
    from .memory import MemoryUserRoles

    return MemoryUserRoles(core)


USER_ROLES: Final[StorePart[UserRoleStore]] = StorePart(
    name="userroles",
    in_sql=in_sql,
    in_memory=in_memory,
    ahead=ahead,
    contract=f"{__name__}.contract:UserRoleContract",
)
"""Roles, what they permit, and who has them."""

PARTS: Final[tuple[StorePart[object], ...]] = (USER_ROLES,)
"""All that the recipe keeps."""

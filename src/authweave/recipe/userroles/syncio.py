"""The same functions for callers that have no loop. Each is derived from the one in ``asyncio``."""

from authweave.extending import blocking

from . import asyncio as _asyncio


@blocking(_asyncio.add_role_to_user)
def add_role_to_user() -> None:
    """Give a user a role in a tenant, as `asyncio.add_role_to_user` does."""


@blocking(_asyncio.remove_user_role)
def remove_user_role() -> None:
    """Take a role from a user in a tenant, as `asyncio.remove_user_role` does."""


@blocking(_asyncio.get_roles_for_user)
def get_roles_for_user() -> None:
    """Return the roles of a user in a tenant, as `asyncio.get_roles_for_user` does."""


@blocking(_asyncio.get_users_that_have_role)
def get_users_that_have_role() -> None:
    """Return the ids of all who have a role in a tenant, as `asyncio.get_users_that_have_role` does."""


@blocking(_asyncio.create_new_role_or_add_permissions)
def create_new_role_or_add_permissions() -> None:
    """Make sure that there is a role with some permissions, as `asyncio.create_new_role_or_add_permissions` does."""


@blocking(_asyncio.get_permissions_for_role)
def get_permissions_for_role() -> None:
    """Return what a role permits, as `asyncio.get_permissions_for_role` does."""


@blocking(_asyncio.remove_permissions_from_role)
def remove_permissions_from_role() -> None:
    """Take permissions from a role, as `asyncio.remove_permissions_from_role` does."""


@blocking(_asyncio.get_roles_that_have_permission)
def get_roles_that_have_permission() -> None:
    """Return the roles that permit something, as `asyncio.get_roles_that_have_permission` does."""


@blocking(_asyncio.delete_role)
def delete_role() -> None:
    """Delete a role, and take it from everybody, as `asyncio.delete_role` does."""


@blocking(_asyncio.get_all_roles)
def get_all_roles() -> None:
    """Return all roles of the application, as `asyncio.get_all_roles` does."""

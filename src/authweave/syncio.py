"""The same functions for callers that have no loop. Each is derived from the one in ``asyncio``."""

from authweave import asyncio as _asyncio
from authweave.extending import blocking

__all__ = [
    "create_user_id_mapping",
    "delete_user",
    "delete_user_id_mapping",
    "disable_user",
    "enable_user",
    "get_available_first_factors",
    "get_user",
    "get_user_count",
    "get_user_id_mapping",
    "get_users_newest_first",
    "get_users_oldest_first",
    "list_users_by_account_info",
    "update_or_delete_user_id_mapping_info",
]


@blocking(_asyncio.get_user)
def get_user() -> None:
    """Return a user with all login methods, as `asyncio.get_user` does."""


@blocking(_asyncio.get_users_oldest_first)
def get_users_oldest_first() -> None:
    """Return a page of users, those first who joined first, as `asyncio.get_users_oldest_first` does."""


@blocking(_asyncio.get_users_newest_first)
def get_users_newest_first() -> None:
    """Return a page of users, those first who joined last, as `asyncio.get_users_newest_first` does."""


@blocking(_asyncio.get_user_count)
def get_user_count() -> None:
    """Return how many users there are, as `asyncio.get_user_count` does."""


@blocking(_asyncio.list_users_by_account_info)
def list_users_by_account_info() -> None:
    """Return the users who have what is asked for, as `asyncio.list_users_by_account_info` does."""


@blocking(_asyncio.get_available_first_factors)
def get_available_first_factors() -> None:
    """Return how people of a tenant may sign in, as `asyncio.get_available_first_factors` does."""


@blocking(_asyncio.delete_user)
def delete_user() -> None:
    """Delete a user, with all that belongs to it, as `asyncio.delete_user` does."""


@blocking(_asyncio.disable_user)
def disable_user() -> None:
    """Disable a user, as `asyncio.disable_user` does."""


@blocking(_asyncio.enable_user)
def enable_user() -> None:
    """Let a disabled user sign in again, as `asyncio.enable_user` does."""


@blocking(_asyncio.create_user_id_mapping)
def create_user_id_mapping() -> None:
    """Give a user an id of the application's own, as `asyncio.create_user_id_mapping` does."""


@blocking(_asyncio.get_user_id_mapping)
def get_user_id_mapping() -> None:
    """Return the mapping of an id, as `asyncio.get_user_id_mapping` does."""


@blocking(_asyncio.delete_user_id_mapping)
def delete_user_id_mapping() -> None:
    """Have APIs show the library's own id of a user again, as `asyncio.delete_user_id_mapping` does."""


@blocking(_asyncio.update_or_delete_user_id_mapping_info)
def update_or_delete_user_id_mapping_info() -> None:
    """Replace what is noted beside a mapping, as `asyncio.update_or_delete_user_id_mapping_info` does."""

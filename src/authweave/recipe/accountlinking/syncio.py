"""The same functions for callers that have no loop. Each is derived from the one in ``asyncio``."""

from authweave.extending import blocking

from . import asyncio as _asyncio


@blocking(_asyncio.can_create_primary_user)
def can_create_primary_user() -> None:
    """Say what would come of `create_primary_user`, as `asyncio.can_create_primary_user` does."""


@blocking(_asyncio.create_primary_user)
def create_primary_user() -> None:
    """Make the user of a login method a primary one, as `asyncio.create_primary_user` does."""


@blocking(_asyncio.can_link_accounts)
def can_link_accounts() -> None:
    """Say what would come of `link_accounts`, as `asyncio.can_link_accounts` does."""


@blocking(_asyncio.link_accounts)
def link_accounts() -> None:
    """Do what `asyncio.link_accounts` does."""


@blocking(_asyncio.unlink_account)
def unlink_account() -> None:
    """Take a login method from its primary user, as `asyncio.unlink_account` does."""


@blocking(_asyncio.create_primary_user_id_or_link_accounts)
def create_primary_user_id_or_link_accounts() -> None:
    """Do what `asyncio.create_primary_user_id_or_link_accounts` does."""


@blocking(_asyncio.get_primary_user_that_can_be_linked_to_recipe_user_id)
def get_primary_user_that_can_be_linked_to_recipe_user_id() -> None:
    """Do what `asyncio.get_primary_user_that_can_be_linked_to_recipe_user_id` does."""


@blocking(_asyncio.is_sign_up_allowed)
def is_sign_up_allowed() -> None:
    """Do what `asyncio.is_sign_up_allowed` does."""


@blocking(_asyncio.is_sign_in_allowed)
def is_sign_in_allowed() -> None:
    """Return whether a user may sign in with a login method, as `asyncio.is_sign_in_allowed` does."""


@blocking(_asyncio.is_email_change_allowed)
def is_email_change_allowed() -> None:
    """Do what `asyncio.is_email_change_allowed` does."""

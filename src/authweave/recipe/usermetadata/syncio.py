"""The same functions for callers that have no loop. Each is derived from the one in ``asyncio``."""

from authweave.extending import blocking

from . import asyncio as _asyncio


@blocking(_asyncio.get_user_metadata)
def get_user_metadata() -> None:
    """Return what is kept with a user, as `asyncio.get_user_metadata` does."""


@blocking(_asyncio.update_user_metadata)
def update_user_metadata() -> None:
    """Merge into what is kept with a user, as `asyncio.update_user_metadata` does."""


@blocking(_asyncio.clear_user_metadata)
def clear_user_metadata() -> None:
    """Delete all that is kept with a user, as `asyncio.clear_user_metadata` does."""

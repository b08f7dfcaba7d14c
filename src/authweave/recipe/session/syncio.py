"""The same functions for callers that have no loop. Each is derived from the one in ``asyncio``."""

from authweave.app import blocking

from . import asyncio as _asyncio


@blocking(_asyncio.create_new_session)
def create_new_session() -> None:
    """Create a session and attach it to an answer, as `asyncio.create_new_session` does."""


@blocking(_asyncio.get_session)
def get_session() -> None:
    """Verify the session of a request, as `asyncio.get_session` does."""


@blocking(_asyncio.refresh_session)
def refresh_session() -> None:
    """Refresh the session of a request, as `asyncio.refresh_session` does."""


@blocking(_asyncio.revoke_session)
def revoke_session() -> None:
    """Revoke a session, as `asyncio.revoke_session` does."""


@blocking(_asyncio.revoke_all_sessions_for_user)
def revoke_all_sessions_for_user() -> None:
    """Revoke a user's sessions, as `asyncio.revoke_all_sessions_for_user` does."""


@blocking(_asyncio.get_session_information)
def get_session_information() -> None:
    """Return what the store knows of a session, as `asyncio.get_session_information` does."""


@blocking(_asyncio.update_session_data_in_database)
def update_session_data_in_database() -> None:
    """Replace what a session keeps on the server, as `asyncio.update_session_data_in_database` does."""


@blocking(_asyncio.merge_into_access_token_payload)
def merge_into_access_token_payload() -> None:
    """Merge claims into the stored payload, as `asyncio.merge_into_access_token_payload` does."""

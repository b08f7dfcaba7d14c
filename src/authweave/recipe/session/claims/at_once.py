"""Claims that are made of what they were, where several requests change those of a session at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from authweave.kernel import UserContext
from authweave.recipe.session.tokens.payload import ClaimsChangedError, UpdateOfClaims
from authweave.storage import StorageBusyError

if TYPE_CHECKING:
    from authweave.recipe.session.container import SessionContainer

__all__ = ["MAX_TRIES", "UpdateOfClaims", "changed_too_often", "has_merged"]

MAX_TRIES: Final = 100
"""Each that fails means that another request has changed the claims: more than a client has under way at once."""


async def has_merged(session: SessionContainer, update: UpdateOfClaims, user_context: UserContext) -> bool:
    """
    Merge an update into a session's claims, unless these are not what it was made of any more.

    Returns:
        Whether they were: else it has to be made anew of what is stored, at most `MAX_TRIES` times.

    Raises:
        Exception: as `SessionContainer.merge_into_access_token_payload`.
    """
    try:
        await session.merge_into_access_token_payload(update, user_context)
    except ClaimsChangedError:
        return False
    return True


def changed_too_often(session: SessionContainer) -> StorageBusyError:
    """Return what is raised after `MAX_TRIES`."""
    handle = session.get_handle()
    return StorageBusyError(f"The claims of session {handle!r} were changed by {MAX_TRIES} other requests meanwhile")

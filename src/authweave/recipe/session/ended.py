"""What other recipes remember of sessions that are gone, and forget where these are to be gone for good."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import attrs

from authweave.extending import Services

R = TypeVar("R")


@attrs.frozen
class EndedSessions:
    """
    What gives successors to sessions that have ended: a recipe returns one from its `RecipeEntry.contributions`.

    Both block, and join the transaction of their thread.

    Attributes:
        forget_session: lets a session (its handle) have none, that is not there and is revoked all the same.
        forget_sessions_of_user: lets all sessions have none that were a user's, by any of his ids; or (False), that
            were made with that login method alone.
    """

    forget_session: Callable[[Services, str], None]
    forget_sessions_of_user: Callable[[Services, str, bool], None]


def for_good(services: Services, revoke: Callable[[], R], forget: Callable[[EndedSessions], None]) -> R:
    """Revoke sessions, and have what is remembered of others forgotten, together. Blocks."""
    remembered = services.contributions(EndedSessions)
    if not remembered:
        return revoke()

    def both() -> R:
        revoked = revoke()
        for each in remembered:
            forget(each)
        return revoked

    return services.storage.transact(both)

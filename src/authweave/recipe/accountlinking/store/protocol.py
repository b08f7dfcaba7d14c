"""What the recipe asks of a store. All methods block, and each is one transaction: see `authweave.storage`."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

import attrs

from authweave.storage import check_text


@attrs.frozen
class EndedSession:
    """
    A session that ended when its login method was linked.

    Attributes:
        handle: the session's.
        user_id: the primary user's, whose login method it is since.
        recipe_user_id: the login method's.
        expires_at_ms: until when it is remembered.
    """

    handle: str
    user_id: str
    recipe_user_id: str
    expires_at_ms: int


class EndedSessionStore(Protocol):
    """Sessions that links have ended. The ids are those that APIs show."""

    def remember_ended_sessions(self, ended: Collection[EndedSession]) -> None:
        """Remember sessions that a link has ended."""
        ...

    def successor_of(self, handle: str, now_ms: int) -> str | None:
        """Return to which user a session was lost; None where no link has ended it, or too long ago."""
        ...

    def shorten_ended_session(self, handle: str, expires_at_ms: int) -> bool:
        """Remember a session no longer than until then. Returns whether that is sooner than before."""
        ...

    def forget_ended_session(self, handle: str) -> bool:
        """Let a session have no successor. Returns whether it could have had one."""
        ...

    def forget_ended_sessions(self, ids: Collection[str]) -> int:
        """Let the sessions have none that were lost to users of these ids, or made with login methods of them."""
        ...

    def purge_ended_sessions(self, now_ms: int, limit: int) -> int:
        """Forget at most ``limit`` that were remembered long enough. Returns how many."""
        ...


def check_ended(ended: EndedSession) -> None:
    """
    Check that a store can keep one.

    Raises:
        authweave.types.BadInputError: it cannot.
    """
    check_text(ended.handle, "handle")
    check_text(ended.user_id, "user_id")
    check_text(ended.recipe_user_id, "recipe_user_id")

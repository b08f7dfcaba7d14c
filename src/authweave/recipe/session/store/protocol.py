"""What the recipe asks of a store. All methods block, and each is one transaction: see `authweave.storage`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from authweave.types import JSONObject

from .records import SessionRecord


class SessionStore(Protocol):
    """Sessions."""

    def create_session(self, session: SessionRecord, *, at_most: int | None = None) -> tuple[str, ...]:
        """
        Add a session. Its handle is new.

        Args:
            session: the session.
            at_most: how many live sessions its user may have then, of all tenants; None for any number. Beyond it the
                oldest are deleted, and never the new one: also of several that are added at once, that many stay.

        Returns:
            The handles of those that were deleted.

        Raises:
            authweave.storage.BarredUserError: the user is disabled, or was deleted; or the login method was.
            authweave.storage.MappedUserError: the user's id is shown as another one.
            authweave.storage.LinkedUserError: one of the two ids is that of another user's login method.
        """
        ...

    def find_session(self, handle: str) -> SessionRecord | None:
        """Return a session, whether expired or not; None once it is revoked."""
        ...

    def advance_session(self, session: SessionRecord, *, from_generation: int) -> bool:
        """
        Store the progress of a session if its stored generation is still ``from_generation``.

        That is generation, hashes, confirmation time, anti-CSRF token and expiry; payload and data stay.

        Returns:
            Whether it was. Of two callers at once exactly one gets True.
        """
        ...

    def change_session_payload(self, handle: str, change: Callable[[JSONObject], JSONObject]) -> JSONObject | None:
        """
        Replace the custom claims by what ``change`` makes of them. Nobody else changes them in between.

        Args:
            handle: of the session.
            change: is called with the stored claims, again where others got in the way. It is quick, as other writers
                wait for it, and asks no store.

        Returns:
            The new claims; None where there is no such session.

        Raises:
            Exception: what ``change`` raises. Then nothing changes.
        """
        ...

    def update_session_data(self, handle: str, data: JSONObject) -> bool:
        """Replace the session's data. Returns whether the session exists."""
        ...

    def revoke_session(self, handle: str) -> bool:
        """Delete a session. Returns whether it existed."""
        ...

    def revoke_sessions_of_user(
        self, user_id: str, tenant_id: str | None, *, linked_too: bool = True
    ) -> tuple[str, ...]:
        """
        Delete the sessions of a user. Returns their handles.

        Args:
            user_id: the user's id, or that of a login method, which names the user. The store need not know it.
            tenant_id: of one tenant; None of all.
            linked_too: False deletes those alone that were made with the login method of this id. Where the store knows
                no such id, all sessions of the id are meant.
        """
        ...

    def session_handles_of_user(
        self, user_id: str, tenant_id: str | None, now_ms: int, *, linked_too: bool = True
    ) -> tuple[str, ...]:
        """
        Return the handles of a user's sessions that have not expired, the oldest first.

        The arguments are as of `revoke_sessions_of_user`.
        """
        ...

    def purge_expired_sessions(self, now_ms: int, limit: int) -> int:
        """Delete at most ``limit`` sessions that have expired. Returns how many were deleted."""
        ...

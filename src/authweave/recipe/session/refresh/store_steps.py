"""What takes more than one look at the store. All of it blocks: each is one hop to a worker thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import attrs

from authweave.recipe.session.config import SessionConfig
from authweave.recipe.session.store import SessionRecord, SessionStore
from authweave.security import RefreshToken, RefreshTokens
from authweave.types import Clock, JSONObject

from .rotation import Meaning, Unknown, meaning_of, stored_hash, with_child_in_use
from .skew import SkewWatch, greatest_skew_ms

WORTH_A_WRITE: Final = 128
"""A session's life is made longer in the store when that is a 128th of it: 19 hours of 100 days."""


def skew_watch(config: SessionConfig) -> SkewWatch:
    """Return what notices clocks that differ by more than the grace allows."""
    return SkewWatch(greatest_skew_ms(config.refresh_grace_ms))


@attrs.frozen
class StoreSteps:
    """Reads sessions and changes them."""

    store: SessionStore
    clock: Clock
    config: SessionConfig
    refresh_tokens: RefreshTokens
    skew: SkewWatch = attrs.field(
        init=False, default=attrs.Factory(lambda self: skew_watch(self.config), takes_self=True)
    )

    def find(self, handle: str) -> SessionRecord | None:
        """Return a session that has not expired, or None."""
        found, now_ms = self.store.find_session(handle), self.clock()
        if found is None:
            return None
        self.skew.look(found.confirmed_at_ms, now_ms)
        if found.expires_at_ms <= now_ms:
            return None
        end_ms = self.config.end_of(found.created_at_ms)  # it may have been configured since
        return found if end_ms is None or end_ms > now_ms else None

    def interpret(self, presented: RefreshToken) -> tuple[SessionRecord | None, Meaning]:
        """Return the session of a genuine refresh token, and what its use means now."""
        stored = self.find(presented.handle)
        if stored is None:
            return None, Unknown()
        meaning = meaning_of(
            presented.generation,
            presented.hash2,
            stored,
            now_ms=self.clock(),
            grace_ms=self.config.refresh_grace_ms,
            is_child=lambda: self.refresh_tokens.is_child(
                presented, parent_generation=stored.generation, parent_hash2=stored.refresh_hash
            ),
        )
        return stored, meaning

    def confirm(self, handle: str, parent_hash1: str | None, child_hash1: str) -> SessionRecord | None:
        """
        Note that the access token of a child is in use; again is as once. It need not be on a request's own path.

        Args:
            handle: the session's.
            parent_hash1: ``parentRefreshTokenHash1`` of the access token.
            child_hash1: ``refreshTokenHash1`` of the access token.

        Returns:
            The session as it is then, or None.
        """
        stored = self.find(handle)
        if stored is None or parent_hash1 is None or stored_hash(parent_hash1) != stored.refresh_hash:
            return stored
        return self.advance(stored, stored_hash(child_hash1)) or self.find(handle)

    def advance(self, stored: SessionRecord, child_hash: str) -> SessionRecord | None:
        """Store that the child is in use. Returns the session as it is then; None if another was quicker."""
        child = self.advanced(stored, child_hash)
        return child if self.store_progress(child) else None

    def advanced(self, stored: SessionRecord, child_hash: str) -> SessionRecord:
        """Return a session as it is when its child is in use."""
        now_ms = self.clock()
        expires_at_ms = self.config.expiry_of(stored.created_at_ms, now_ms)
        return with_child_in_use(stored, child_hash, now_ms=now_ms, expires_at_ms=expires_at_ms)

    def store_progress(self, child: SessionRecord) -> bool:
        """Store a session whose child is in use. Returns whether nobody was quicker."""
        return self.store.advance_session(child, from_generation=child.generation - 1)

    def keep_alive(self, stored: SessionRecord) -> None:
        """Let a session that is used live on, where that is worth a write. If another is quicker, it lives on too."""
        expires_at_ms = self.config.expiry_of(stored.created_at_ms, self.clock())
        if expires_at_ms - stored.expires_at_ms > self.config.refresh_token_validity_ms // WORTH_A_WRITE:
            later = attrs.evolve(stored, expires_at_ms=expires_at_ms)
            self.store.advance_session(later, from_generation=stored.generation)

    def revoke(self, handle: str) -> SessionRecord | None:
        """Delete a session, also one that has expired. Returns it as it was; None if there is none."""
        found = self.store.find_session(handle)
        return found if found is not None and self.store.revoke_session(handle) else None

    def change_payload(self, handle: str, change: Callable[[JSONObject], JSONObject]) -> JSONObject | None:
        """Replace the custom claims of a session by what ``change`` makes of them. Returns them; None without one."""
        return None if self.find(handle) is None else self.store.change_session_payload(handle, change)

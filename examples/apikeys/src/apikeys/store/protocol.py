"""What the recipe asks of a store. All methods block, and each is one transaction: see `authweave.storage`."""

from __future__ import annotations

from typing import Protocol

from apikeys.types import APIKey

from .records import StoredKey


class APIKeyStore(Protocol):
    """API keys."""

    def add_key(self, stored: StoredKey, *, at_most: int) -> bool:
        """
        Add a key, unless its user has ``at_most`` that have not expired when it was created.

        Returns:
            Whether it was added.

        Raises:
            authweave.storage.StorageError: a key of this id exists already.
        """
        ...

    def find_key(self, key_id: str) -> StoredKey | None:
        """Return a key, or None."""
        ...

    def keys_of(self, user_id: str) -> tuple[APIKey, ...]:
        """Return the keys of a user, the oldest first."""
        ...

    def remove_key(self, user_id: str, key_id: str) -> bool:
        """Delete a key of a user. Return whether there was one."""
        ...

    def purge_expired_keys(self, now_ms: int, limit: int) -> int:
        """Delete at most ``limit`` keys that have expired. Return how many were deleted."""
        ...

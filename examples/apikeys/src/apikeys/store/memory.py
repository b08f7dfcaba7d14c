"""API keys, in memory."""

from __future__ import annotations

from typing_extensions import override

from apikeys.types import APIKey
from authweave.storage import StorageError, check_text
from authweave.storage.memory import MemoryCore

from .protocol import APIKeyStore
from .records import StoredKey, check_key


class MemoryAPIKeys(APIKeyStore):
    """API keys."""

    def __init__(self, core: MemoryCore) -> None:
        self._core = core
        self._keys: dict[str, StoredKey] = {}

    @override
    def add_key(self, stored: StoredKey, *, at_most: int) -> bool:
        check_key(stored)
        with self._core.transaction():
            if stored.key.key_id in self._keys:
                raise StorageError("An API key of this id exists already: ids have to be new.")
            alive = [key for key in self.keys_of(stored.key.user_id) if key.expires_at_ms > stored.key.created_at_ms]
            if len(alive) >= at_most:
                return False
            self._keys[stored.key.key_id] = stored
            return True

    @override
    def find_key(self, key_id: str) -> StoredKey | None:
        check_text(key_id, "key_id")
        with self._core.transaction():
            return self._keys.get(key_id)

    @override
    def keys_of(self, user_id: str) -> tuple[APIKey, ...]:
        check_text(user_id, "user_id")
        with self._core.transaction():
            keys = (stored.key for stored in self._keys.values() if stored.key.user_id == user_id)
            return tuple(sorted(keys, key=lambda key: (key.created_at_ms, key.key_id)))

    @override
    def remove_key(self, user_id: str, key_id: str) -> bool:
        check_text(user_id, "user_id")
        with self._core.transaction():
            found = self.find_key(key_id)
            if found is None or found.key.user_id != user_id:
                return False
            del self._keys[key_id]
            return True

    @override
    def purge_expired_keys(self, now_ms: int, limit: int) -> int:
        with self._core.transaction():
            expired = [key_id for key_id, stored in self._keys.items() if stored.key.expires_at_ms <= now_ms]
            purged = expired[: max(limit, 0)]
            for key_id in purged:
                del self._keys[key_id]
            return len(purged)

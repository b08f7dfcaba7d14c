"""Signing keys, in memory."""

from __future__ import annotations

from typing_extensions import override

from authweave.storage._limits import check_signing_key, check_text
from authweave.storage._protocols import KeyStore, StorageError
from authweave.storage._records import KeyRecord

from ._part import InMemory


class MemoryKeys(InMemory, KeyStore):
    """Signing keys."""

    @override
    def add_signing_key(self, key: KeyRecord) -> KeyRecord:
        check_signing_key(key)
        with self._transaction():
            holder = self._keys.get(key.slot)
            if holder is not None:
                return holder
            if any(kept.kid == key.kid for kept in self._keys.values()):
                raise StorageError(
                    f"A signing key {key.kid!r} exists already, in another slot: key ids have to be new."
                )
            return self._keys.setdefault(key.slot, key)

    @override
    def signing_keys(self) -> tuple[KeyRecord, ...]:
        with self._transaction():
            return tuple(sorted(self._keys.values(), key=lambda key: (-key.created_at_ms, key.kid)))

    @override
    def remove_signing_key(self, kid: str) -> bool:
        check_text(kid, "kid")
        with self._transaction():
            found = next((slot for slot, key in self._keys.items() if key.kid == kid), None)
            return found is not None and self._keys.pop(found, None) is not None

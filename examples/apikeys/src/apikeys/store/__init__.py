"""What the recipe keeps: API keys. Its store is ``storage.part(API_KEYS)``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from authweave.storage import PurgeExpired, StorePart

from .protocol import APIKeyStore
from .records import StoredKey

if TYPE_CHECKING:
    from authweave.storage.memory import MemoryCore
    from authweave.storage.sql import SQLPart

__all__ = ["API_KEYS", "PARTS", "APIKeyStore", "StoredKey"]


def in_sql() -> SQLPart[APIKeyStore]:
    """Load how keys are kept in SQL."""
    from .sql import IN_SQL

    return IN_SQL


def in_memory(core: MemoryCore) -> APIKeyStore:
    """Make a store of keys in memory."""
    from .memory import MemoryAPIKeys

    return MemoryAPIKeys(core)


def expiring(store: APIKeyStore) -> Mapping[str, PurgeExpired]:
    """Return what deletes expired keys."""
    return {"api_keys": store.purge_expired_keys}


API_KEYS: Final[StorePart[APIKeyStore]] = StorePart(
    name="apikeys",
    in_sql=in_sql,
    in_memory=in_memory,
    expiring=expiring,
    contract=f"{__name__}.contract:APIKeyContract",
    segments=frozenset({"apikeys"}),
)
"""API keys."""

PARTS: Final[tuple[StorePart[object], ...]] = (API_KEYS,)
"""All that the recipe keeps."""

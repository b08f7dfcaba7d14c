"""What the recipe keeps: until when failures count. Its store is ``storage.part(ATTEMPTS)``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from authweave.storage import Ahead, PurgeExpired, StorePart

from .protocol import MAX_MOMENTS, AttemptStore

if TYPE_CHECKING:
    from authweave.storage.memory import MemoryCore
    from authweave.storage.sql import SQLPart

__all__ = ["ATTEMPTS", "MAX_MOMENTS", "PARTS", "AttemptStore"]


def in_sql() -> SQLPart[AttemptStore]:
    """Load how attempts are kept in SQL."""
    from .sql import IN_SQL

    return IN_SQL


def ahead() -> Ahead:
    """Load what a start knows of the tables."""
    from .ahead import AHEAD

    return AHEAD


def in_memory(core: MemoryCore) -> AttemptStore:
    """Make a store of attempts in memory."""
    from .memory import MemoryAttempts

    return MemoryAttempts(core)


def expiring(store: AttemptStore) -> Mapping[str, PurgeExpired]:
    """Return what deletes what does not count any more."""
    return {"attempts": store.purge_expired_attempts}


ATTEMPTS: Final[StorePart[AttemptStore]] = StorePart(
    name="attempts",
    in_sql=in_sql,
    in_memory=in_memory,
    ahead=ahead,
    expiring=expiring,
    contract=f"{__name__}.contract:AttemptContract",
)
"""Moments, under keys that are hashes."""

PARTS: Final[tuple[StorePart[object], ...]] = (ATTEMPTS,)
"""All that the recipe keeps."""

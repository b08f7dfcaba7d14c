"""What the recipe keeps: which sessions links have ended. Its store is ``storage.part(ENDED_SESSIONS)``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from authweave.storage import Ahead, PurgeExpired, StorePart

from .protocol import EndedSession, EndedSessionStore

if TYPE_CHECKING:
    from authweave.storage.memory import MemoryCore
    from authweave.storage.sql import SQLPart

__all__ = ["ENDED_SESSIONS", "PARTS", "EndedSession", "EndedSessionStore"]


def in_sql() -> SQLPart[EndedSessionStore]:
    """Load how they are kept in SQL."""
    from .sql import IN_SQL

    return IN_SQL


def ahead() -> Ahead:
    """Load what a start knows of the tables."""
    from .ahead import AHEAD

    return AHEAD


def in_memory(core: MemoryCore) -> EndedSessionStore:
    """Make a store of them in memory."""
    from .memory import MemoryEndedSessions

    return MemoryEndedSessions(core)


def expiring(store: EndedSessionStore) -> Mapping[str, PurgeExpired]:
    """Return what forgets them when their access tokens have expired."""
    return {"sessions that links have ended": store.purge_ended_sessions}


ENDED_SESSIONS: Final[StorePart[EndedSessionStore]] = StorePart(
    name="accountlinking",
    in_sql=in_sql,
    in_memory=in_memory,
    ahead=ahead,
    expiring=expiring,
    contract=f"{__name__}.contract:EndedSessionContract",
)
"""Handles of sessions that were ended by linking their login methods, and to whom."""

PARTS: Final[tuple[StorePart[object], ...]] = (ENDED_SESSIONS,)
"""All that the recipe keeps."""

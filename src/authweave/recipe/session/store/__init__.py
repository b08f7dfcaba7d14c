"""What the recipe keeps: sessions. Its store is ``storage.part(SESSIONS)``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from authweave.storage import Ahead, PurgeExpired, StorePart

from .protocol import SessionStore
from .records import SessionRecord, check_session

if TYPE_CHECKING:
    from authweave.storage.memory import MemoryCore
    from authweave.storage.sql import SQLPart


__all__ = ["PARTS", "SESSIONS", "SessionRecord", "SessionStore", "check_session"]


def in_sql() -> SQLPart[SessionStore]:
    """Load how sessions are kept in SQL."""
    from .sql import IN_SQL

    return IN_SQL


def ahead() -> Ahead:
    """Load what a start knows of the tables."""
    from .ahead import AHEAD

    return AHEAD


def in_memory(core: MemoryCore) -> SessionStore:
    """Make a store of sessions in memory."""
    from .memory import MemorySessions

    return MemorySessions(core)


def expiring(store: SessionStore) -> Mapping[str, PurgeExpired]:
    """Return what deletes expired sessions."""
    return {"sessions": store.purge_expired_sessions}


SESSIONS: Final[StorePart[SessionStore]] = StorePart(
    name="session",
    in_sql=in_sql,
    in_memory=in_memory,
    ahead=ahead,
    expiring=expiring,
    contract=f"{__name__}.contract:SessionContract",
    segments=frozenset({"jwt", "session", "signout"}),
)
"""Sessions, with their payload and data."""

PARTS: Final[tuple[StorePart[object], ...]] = (SESSIONS,)
"""All that the recipe keeps."""

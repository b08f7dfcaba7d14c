"""What is kept in the outbox. Its store is ``storage.part(OUTBOX)``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from authweave.storage import Ahead, Ask, PurgeExpired, StorePart

from .protocol import OutboxStore
from .records import ClaimedRow, OutboxRow, OutboxState, Outlook

if TYPE_CHECKING:
    from authweave.storage.memory import MemoryCore
    from authweave.storage.sql import SQLPart

__all__ = ["OUTBOX", "ClaimedRow", "OutboxRow", "OutboxState", "OutboxStore", "Outlook"]


def in_sql() -> SQLPart[OutboxStore]:
    """Load how the outbox is kept in SQL."""
    from .sql import IN_SQL

    return IN_SQL


def ahead() -> Ahead:
    """Load what a start knows of the tables."""
    from .ahead import AHEAD

    return AHEAD


def reads(ask: Ask) -> object:
    """Load what looks ahead before the rest is loaded."""
    from .reads import OutboxReadsAhead

    return OutboxReadsAhead(ask)


def in_memory(core: MemoryCore) -> OutboxStore:
    """Make an outbox in memory."""
    from .memory import MemoryOutbox

    return MemoryOutbox(core)


def expiring(store: OutboxStore) -> Mapping[str, PurgeExpired]:
    """Return what deletes messages that nobody wants any more."""
    return {"messages in the outbox": store.purge_expired_messages}


OUTBOX: Final[StorePart[OutboxStore]] = StorePart(
    name="outbox",
    in_sql=in_sql,
    in_memory=in_memory,
    ahead=ahead,
    reads=reads,
    expiring=expiring,
    contract=f"{__name__}.contract:OutboxContract",
)
"""Messages that wait to be delivered."""

"""What is kept of one-time tokens: their hashes. The store is ``storage.part(ONE_TIME_TOKENS)``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from authweave.storage import Ahead, PurgeExpired, StorePart

from .protocol import OneTimeTokenStore
from .records import OneTimeToken, Voids, check_token

if TYPE_CHECKING:
    from authweave.storage.memory import MemoryCore
    from authweave.storage.sql import SQLPart

__all__ = ["ONE_TIME_TOKENS", "OneTimeToken", "OneTimeTokenStore", "Voids", "check_token"]


def in_sql() -> SQLPart[OneTimeTokenStore]:
    """Load how tokens are kept in SQL."""
    from .sql import IN_SQL

    return IN_SQL


def ahead() -> Ahead:
    """Load what a start knows of the tables."""
    from .ahead import AHEAD

    return AHEAD


def in_memory(core: MemoryCore) -> OneTimeTokenStore:
    """Make a store of tokens in memory."""
    from .memory import MemoryOneTimeTokens

    return MemoryOneTimeTokens(core)


def expiring(store: OneTimeTokenStore) -> Mapping[str, PurgeExpired]:
    """Return what deletes expired tokens."""
    return {"one-time tokens": store.purge_expired_tokens}


ONE_TIME_TOKENS: Final[StorePart[OneTimeTokenStore]] = StorePart(
    name="one_time_tokens",
    in_sql=in_sql,
    in_memory=in_memory,
    ahead=ahead,
    expiring=expiring,
    contract=f"{__name__}.contract:OneTimeTokenContract",
)
"""The hashes of tokens, with what they are good for."""

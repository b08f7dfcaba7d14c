"""What the recipe keeps: which addresses were verified. Its store is ``storage.part(VERIFIED_EMAILS)``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from authweave.storage import Ahead, StorePart

from .protocol import VerifiedEmailStore

if TYPE_CHECKING:
    from authweave.storage.memory import MemoryCore
    from authweave.storage.sql import SQLPart

__all__ = ["PARTS", "VERIFIED_EMAILS", "VerifiedEmailStore"]


def in_sql() -> SQLPart[VerifiedEmailStore]:
    """Load how verified addresses are kept in SQL."""
    from .sql import IN_SQL

    return IN_SQL


def ahead() -> Ahead:
    """Load what a start knows of the tables."""
    from .ahead import AHEAD

    return AHEAD


def in_memory(core: MemoryCore) -> VerifiedEmailStore:
    """Make a store of verified addresses in memory."""
    from .memory import MemoryVerifiedEmails

    return MemoryVerifiedEmails(core)


VERIFIED_EMAILS: Final[StorePart[VerifiedEmailStore]] = StorePart(
    name="emailverification",
    in_sql=in_sql,
    in_memory=in_memory,
    ahead=ahead,
    contract=f"{__name__}.contract:VerifiedEmailContract",
    segments=frozenset({"user"}),
)
"""Addresses that were verified, each of one login method."""

PARTS: Final[tuple[StorePart[object], ...]] = (VERIFIED_EMAILS,)
"""All that the recipe keeps."""

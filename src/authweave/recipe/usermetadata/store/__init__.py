"""What the recipe keeps: a JSON object with each user. Its store is ``storage.part(USER_METADATA)``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from authweave.storage import Ahead, StorePart

from .protocol import UserMetadataStore
from .strict_json import MAX_METADATA_CHARACTERS, MAX_METADATA_DEPTH, check_metadata

if TYPE_CHECKING:
    from authweave.storage.memory import MemoryCore
    from authweave.storage.sql import SQLPart

__all__ = [
    "MAX_METADATA_CHARACTERS",
    "MAX_METADATA_DEPTH",
    "PARTS",
    "USER_METADATA",
    "UserMetadataStore",
    "check_metadata",
]


def in_sql() -> SQLPart[UserMetadataStore]:
    """Load how metadata is kept in SQL."""
    from .sql import IN_SQL

    return IN_SQL


def ahead() -> Ahead:
    """Load what a start knows of the tables."""
    from .ahead import AHEAD

    return AHEAD


def in_memory(core: MemoryCore) -> UserMetadataStore:
    """Make a store of metadata in memory."""
    from .memory import MemoryUserMetadata

    return MemoryUserMetadata(core)


USER_METADATA: Final[StorePart[UserMetadataStore]] = StorePart(
    name="usermetadata",
    in_sql=in_sql,
    in_memory=in_memory,
    ahead=ahead,
    contract=f"{__name__}.contract:UserMetadataContract",
)
"""Metadata of users."""

PARTS: Final[tuple[StorePart[object], ...]] = (USER_METADATA,)
"""All that the recipe keeps."""

"""What the recipe keeps: organisations. Its store is ``storage.part(ORGANISATIONS)``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from authweave.storage import PurgeExpired, StorePart

from .protocol import OrganisationStore
from .records import StoredInvitation, StoredMember

if TYPE_CHECKING:
    from authweave.storage.memory import MemoryCore
    from authweave.storage.sql import SQLPart

__all__ = ["ORGANISATIONS", "OrganisationStore", "StoredInvitation", "StoredMember"]


def in_sql() -> SQLPart[OrganisationStore]:
    """Load how organisations are kept in SQL."""
    from .sql import IN_SQL

    return IN_SQL


def in_memory(core: MemoryCore) -> OrganisationStore:
    """Make a store of organisations in memory."""
    from .memory import MemoryOrganisations

    return MemoryOrganisations(core)


def expiring(store: OrganisationStore) -> Mapping[str, PurgeExpired]:
    """Return what deletes expired invitations."""
    return {"invitations": store.purge_expired_invitations}


ORGANISATIONS: Final[StorePart[OrganisationStore]] = StorePart(
    name="organisations",
    in_sql=in_sql,
    in_memory=in_memory,
    expiring=expiring,
    contract=f"{__name__}.contract:OrganisationContract",
    segments=frozenset({"organisations"}),
)
"""Organisations, their members and invitations."""

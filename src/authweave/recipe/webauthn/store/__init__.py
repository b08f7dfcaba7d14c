"""What the recipe keeps: passkeys, and the options of ceremonies under way. Its store is ``storage.part(WEBAUTHN)``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from authweave.storage import Ahead, PurgeExpired, StorePart

from .protocol import PasskeyStore
from .records import (
    MAX_PUBLIC_KEY_CHARACTERS,
    Ceremony,
    CeremonyOptions,
    Passkey,
    check_options,
    check_passkey,
)

if TYPE_CHECKING:
    from authweave.storage.memory import MemoryCore
    from authweave.storage.sql import SQLPart

__all__ = [
    "MAX_PUBLIC_KEY_CHARACTERS",
    "PARTS",
    "WEBAUTHN",
    "Ceremony",
    "CeremonyOptions",
    "Passkey",
    "PasskeyStore",
    "check_options",
    "check_passkey",
]


def in_sql() -> SQLPart[PasskeyStore]:
    """Load how passkeys are kept in SQL."""
    from .sql import IN_SQL

    return IN_SQL


def ahead() -> Ahead:
    """Load what a start knows of the tables."""
    from .ahead import AHEAD

    return AHEAD


def in_memory(core: MemoryCore) -> PasskeyStore:
    """Make a store of passkeys in memory."""
    from .memory import MemoryPasskeys

    return MemoryPasskeys(core)


def expiring(store: PasskeyStore) -> Mapping[str, PurgeExpired]:
    """Return what deletes expired options."""
    return {"passkey options": store.purge_expired_options}


WEBAUTHN: Final[StorePart[PasskeyStore]] = StorePart(
    name="webauthn",
    in_sql=in_sql,
    in_memory=in_memory,
    ahead=ahead,
    expiring=expiring,
    contract=f"{__name__}.contract:PasskeyContract",
    segments=frozenset({"user", "webauthn"}),
)
"""Login methods with passkeys."""

PARTS: Final[tuple[StorePart[object], ...]] = (WEBAUTHN,)
"""All that the recipe keeps."""

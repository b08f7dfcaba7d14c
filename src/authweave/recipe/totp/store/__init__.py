"""What the recipe keeps: devices, recovery codes, and what was tried. Its store is ``storage.part(TOTP_DEVICES)``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from authweave.storage import Ahead, PurgeExpired, StorePart

from .protocol import CountedAttempt, DeviceAdded, DeviceRenamed, TOTPStore, UsedCode
from .records import TOTPDevice

if TYPE_CHECKING:
    from authweave.storage.memory import MemoryCore
    from authweave.storage.sql import SQLPart

__all__ = [
    "PARTS",
    "TOTP_DEVICES",
    "CountedAttempt",
    "DeviceAdded",
    "DeviceRenamed",
    "TOTPDevice",
    "TOTPStore",
    "UsedCode",
]


def in_sql() -> SQLPart[TOTPStore]:
    """Load how devices are kept in SQL."""
    from .sql import IN_SQL

    return IN_SQL


def ahead() -> Ahead:
    """Load what a start knows of the tables."""
    from .ahead import AHEAD

    return AHEAD


def in_memory(core: MemoryCore) -> TOTPStore:
    """Make a store of devices in memory."""
    from .memory import MemoryTOTP

    return MemoryTOTP(core)


def expiring(store: TOTPStore) -> Mapping[str, PurgeExpired]:
    """Return what deletes codes that were used, and failures that count no more."""
    return {"used TOTP codes": store.purge_used_codes, "failed TOTP attempts": store.purge_totp_attempts}


TOTP_DEVICES: Final[StorePart[TOTPStore]] = StorePart(
    name="totp",
    in_sql=in_sql,
    in_memory=in_memory,
    ahead=ahead,
    expiring=expiring,
    contract=f"{__name__}.contract:TOTPContract",
    segments=frozenset({"totp"}),
)
"""Devices that make one-time passwords, with their users' recovery codes."""

PARTS: Final[tuple[StorePart[object], ...]] = (TOTP_DEVICES,)
"""All that the recipe keeps."""

"""What the recipe keeps: browsers that asked for codes, and login methods. Its store: ``part(PASSWORDLESS_CODES)``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from authweave.storage import Ahead, PurgeExpired, StorePart

from .protocol import PasswordlessCodeStore
from .records import (
    Code,
    Contact,
    ContactKind,
    Device,
    PasswordlessLogin,
    PasswordlessSignIn,
    Right,
    Tried,
    Wrong,
    check_code,
    check_contact,
    check_device,
    check_passwordless_login,
)

if TYPE_CHECKING:
    from authweave.storage.memory import MemoryCore
    from authweave.storage.sql import SQLPart


__all__ = [
    "PARTS",
    "PASSWORDLESS_CODES",
    "Code",
    "Contact",
    "ContactKind",
    "Device",
    "PasswordlessCodeStore",
    "PasswordlessLogin",
    "PasswordlessSignIn",
    "Right",
    "Tried",
    "Wrong",
    "check_code",
    "check_contact",
    "check_device",
    "check_passwordless_login",
]


def in_sql() -> SQLPart[PasswordlessCodeStore]:
    """Load how codes are kept in SQL."""
    from .sql import IN_SQL

    return IN_SQL


def ahead() -> Ahead:
    """Load what a start knows of the tables."""
    from .ahead import AHEAD

    return AHEAD


def in_memory(core: MemoryCore) -> PasswordlessCodeStore:
    """Make a store of codes in memory."""
    from .memory import MemoryPasswordlessCodes

    return MemoryPasswordlessCodes(core)


def expiring(store: PasswordlessCodeStore) -> Mapping[str, PurgeExpired]:
    """Return what deletes expired codes."""
    return {"codes to sign in": store.purge_expired_codes}


PASSWORDLESS_CODES: Final[StorePart[PasswordlessCodeStore]] = StorePart(
    name="passwordless",
    in_sql=in_sql,
    in_memory=in_memory,
    ahead=ahead,
    expiring=expiring,
    contract=f"{__name__}.contract:PasswordlessContract",
    segments=frozenset({"passwordless", "signinup", "signup"}),
)
"""Browsers that asked for codes, the hashes of these, and the login methods of who had one."""

PARTS: Final[tuple[StorePart[object], ...]] = (PASSWORDLESS_CODES,)
"""All that the recipe keeps."""

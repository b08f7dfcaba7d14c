"""What the recipe keeps: login methods with a password. Its store is ``storage.part(PASSWORDS)``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from authweave.storage import Ahead, Ask, StorePart

from .protocol import PasswordStore
from .records import PasswordLogin, PasswordUser, check_password_hash, check_password_login

if TYPE_CHECKING:
    from authweave.storage.memory import MemoryCore
    from authweave.storage.sql import SQLPart


__all__ = [
    "PARTS",
    "PASSWORDS",
    "PasswordLogin",
    "PasswordStore",
    "PasswordUser",
    "check_password_hash",
    "check_password_login",
]


def in_sql() -> SQLPart[PasswordStore]:
    """Load how passwords are kept in SQL."""
    from .sql import IN_SQL

    return IN_SQL


def ahead() -> Ahead:
    """Load what a start knows of the tables."""
    from .ahead import AHEAD

    return AHEAD


def reads(ask: Ask) -> object:
    """Load what finds logins before the rest is loaded."""
    from .reads import PasswordReadsAhead

    return PasswordReadsAhead(ask)


def in_memory(core: MemoryCore) -> PasswordStore:
    """Make a store of passwords in memory."""
    from .memory import MemoryPasswords

    return MemoryPasswords(core)


PASSWORDS: Final[StorePart[PasswordStore]] = StorePart(
    name="emailpassword",
    in_sql=in_sql,
    in_memory=in_memory,
    ahead=ahead,
    reads=reads,
    contract=f"{__name__}.contract:PasswordContract",
    segments=frozenset({"emailpassword", "signin", "signup", "user"}),
)
"""Login methods with an address and a password."""

PARTS: Final[tuple[StorePart[object], ...]] = (PASSWORDS,)
"""All that the recipe keeps."""

"""What the recipe keeps: login methods of providers, their tokens, tenants' providers: ``part(THIRD_PARTIES)``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from authweave.storage import Ahead, StorePart

from .protocol import ThirdPartyStore
from .records import (
    ProviderTokens,
    TenantProvider,
    ThirdPartyLogin,
    ThirdPartySignIn,
    check_provider_tokens,
    check_tenant_provider,
    check_third_party_login,
)

if TYPE_CHECKING:
    from authweave.storage.memory import MemoryCore
    from authweave.storage.sql import SQLPart


__all__ = [
    "PARTS",
    "THIRD_PARTIES",
    "ProviderTokens",
    "TenantProvider",
    "ThirdPartyLogin",
    "ThirdPartySignIn",
    "ThirdPartyStore",
    "check_provider_tokens",
    "check_tenant_provider",
    "check_third_party_login",
]


def in_sql() -> SQLPart[ThirdPartyStore]:
    """Load how third parties are kept in SQL."""
    from .sql import IN_SQL

    return IN_SQL


def ahead() -> Ahead:
    """Load what a start knows of the tables."""
    from .ahead import AHEAD

    return AHEAD


def in_memory(core: MemoryCore) -> ThirdPartyStore:
    """Make a store of third parties in memory."""
    from .memory import MemoryThirdParties

    return MemoryThirdParties(core)


THIRD_PARTIES: Final[StorePart[ThirdPartyStore]] = StorePart(
    name="thirdparty",
    in_sql=in_sql,
    in_memory=in_memory,
    ahead=ahead,
    contract=f"{__name__}.contract:ThirdPartyContract",
    segments=frozenset({"authorisationurl", "callback", "signinup"}),
)
"""Login methods that providers vouch for, the tokens that they gave, and which providers the tenants have."""

PARTS: Final[tuple[StorePart[object], ...]] = (THIRD_PARTIES,)
"""All that the recipe keeps."""

"""What the recipe keeps: how tenants are configured. Its store is ``storage.part(TENANT_CONFIGS)``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from authweave.storage import Ahead, StorePart

from .protocol import TenantConfigStore
from .records import (
    MAX_CORE_CONFIG_CHARACTERS,
    MAX_FACTORS,
    NO_CHANGE,
    NoChange,
    StoredTenantConfig,
    TenantConfigChange,
    check_change,
)

if TYPE_CHECKING:
    from authweave.storage.memory import MemoryCore
    from authweave.storage.sql import SQLPart

__all__ = [
    "MAX_CORE_CONFIG_CHARACTERS",
    "MAX_FACTORS",
    "NO_CHANGE",
    "PARTS",
    "TENANT_CONFIGS",
    "NoChange",
    "StoredTenantConfig",
    "TenantConfigChange",
    "TenantConfigStore",
    "check_change",
]


def in_sql() -> SQLPart[TenantConfigStore]:
    """Load how configurations are kept in SQL."""
    from .sql import IN_SQL

    return IN_SQL


def ahead() -> Ahead:
    """Load what a start knows of the tables."""
    from .ahead import AHEAD

    return AHEAD


def in_memory(core: MemoryCore) -> TenantConfigStore:
    """Make a store of configurations in memory."""
    from .memory import MemoryTenantConfigs

    return MemoryTenantConfigs(core)


TENANT_CONFIGS: Final[StorePart[TenantConfigStore]] = StorePart(
    name="multitenancy",
    in_sql=in_sql,
    in_memory=in_memory,
    ahead=ahead,
    contract=f"{__name__}.contract:TenantConfigContract",
)
"""How tenants are configured."""

PARTS: Final[tuple[StorePart[object], ...]] = (TENANT_CONFIGS,)
"""All that the recipe keeps."""

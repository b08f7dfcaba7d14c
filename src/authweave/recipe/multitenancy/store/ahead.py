"""What a start knows of the tables: written by ``python -m authweave.storage.sql``."""

from typing import Final

from authweave.storage import Ahead, WrittenAhead

# fmt: off

AHEAD: Final = Ahead(
    "0001",
    WrittenAhead(
        "SELECT authweave_multitenancy_version.version_num FROM authweave_multitenancy_version",
        (),
        {},
    ),
    {
        "authweave_tenant_configs": (
            "tenant_id",
            "config",
        ),
    },
    {
    },
)
# fmt: on

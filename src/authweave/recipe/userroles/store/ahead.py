"""What a start knows of the tables: written by ``python -m authweave.storage.sql``."""

from typing import Final

from authweave.storage import Ahead, WrittenAhead

# fmt: off

AHEAD: Final = Ahead(
    "0001",
    WrittenAhead(
        "SELECT authweave_userroles_version.version_num FROM authweave_userroles_version",
        (),
        {},
    ),
    {
        "authweave_roles": (
            "role",
        ),
        "authweave_role_permissions": (
            "role",
            "permission",
        ),
        "authweave_user_roles": (
            "user_id",
            "tenant_id",
            "role",
        ),
    },
    {
    },
)
# fmt: on

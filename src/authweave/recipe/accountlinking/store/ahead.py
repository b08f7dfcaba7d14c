"""What a start knows of the tables: written by ``python -m authweave.storage.sql``."""

from typing import Final

from authweave.storage import Ahead, WrittenAhead

# fmt: off

AHEAD: Final = Ahead(
    "0001",
    WrittenAhead(
        "SELECT authweave_accountlinking_version.version_num FROM authweave_accountlinking_version",
        (),
        {},
    ),
    {
        "authweave_linked_sessions": (
            "handle",
            "user_id",
            "recipe_user_id",
            "expires_at_ms",
        ),
    },
    {
    },
)
# fmt: on

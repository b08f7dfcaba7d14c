"""What a start knows of the tables: written by ``python -m authweave.storage.sql``."""

from typing import Final

from authweave.storage import Ahead, WrittenAhead

# fmt: off

AHEAD: Final = Ahead(
    "0001",
    WrittenAhead(
        "SELECT authweave_emailverification_version.version_num FROM authweave_emailverification_version",
        (),
        {},
    ),
    {
        "authweave_verified_emails": (
            "recipe_user_id",
            "email",
            "verified_at_ms",
        ),
    },
    {
    },
)
# fmt: on

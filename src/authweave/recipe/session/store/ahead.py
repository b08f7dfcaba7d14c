"""What a start knows of the tables: written by ``python -m authweave.storage.sql``."""

from typing import Final

from authweave.storage import Ahead, WrittenAhead

# fmt: off

AHEAD: Final = Ahead(
    "0001",
    WrittenAhead(
        "SELECT authweave_session_version.version_num FROM authweave_session_version",
        (),
        {},
    ),
    {
        "authweave_sessions": (
            "handle",
            "user_id",
            "recipe_user_id",
            "tenant_id",
            "generation",
            "refresh_hash",
            "previous_hash",
            "confirmed_at_ms",
            "anti_csrf_token",
            "payload",
            "data",
            "created_at_ms",
            "expires_at_ms",
            "expires_day",
        ),
    },
    {
    },
)
# fmt: on

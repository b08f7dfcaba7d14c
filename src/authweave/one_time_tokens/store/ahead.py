"""What a start knows of the tables: written by ``python -m authweave.storage.sql``."""

from typing import Final

from authweave.storage import Ahead, WrittenAhead

# fmt: off

AHEAD: Final = Ahead(
    "0001",
    WrittenAhead(
        "SELECT authweave_one_time_tokens_version.version_num FROM authweave_one_time_tokens_version",
        (),
        {},
    ),
    {
        "authweave_one_time_tokens": (
            "token_hash",
            "purpose",
            "tenant_id",
            "user_id",
            "email",
            "created_at_ms",
            "expires_at_ms",
        ),
    },
    {
    },
)
# fmt: on

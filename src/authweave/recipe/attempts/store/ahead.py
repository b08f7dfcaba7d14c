"""What a start knows of the tables: written by ``python -m authweave.storage.sql``."""

from typing import Final

from authweave.storage import Ahead, WrittenAhead

# fmt: off

AHEAD: Final = Ahead(
    "0001",
    WrittenAhead(
        "SELECT authweave_attempts_version.version_num FROM authweave_attempts_version",
        (),
        {},
    ),
    {
        "authweave_attempts": (
            "key",
            "until_ms",
            "expires_day",
        ),
    },
    {
    },
)
# fmt: on

"""What a start knows of the tables: written by ``python -m authweave.storage.sql``."""

from typing import Final

from authweave.storage import Ahead, WrittenAhead

# fmt: off

AHEAD: Final = Ahead(
    "0001",
    WrittenAhead(
        "SELECT authweave_events_version.version_num FROM authweave_events_version",
        (),
        {},
    ),
    {
        "authweave_events": (
            "event_id",
            "kind",
            "recipe_id",
            "user_id",
            "tenant_id",
            "client",
            "session_handle",
            "details",
            "time_ms",
            "expires_at_ms",
        ),
    },
    {
    },
)
# fmt: on

"""What a start knows of the tables: written by ``python -m authweave.storage.sql``."""

from typing import Final

from authweave.storage import Ahead, WrittenAhead

# fmt: off

AHEAD: Final = Ahead(
    "0001",
    WrittenAhead(
        "SELECT authweave_outbox_version.version_num FROM authweave_outbox_version",
        (),
        {},
    ),
    {
        "authweave_outbox": (
            "row_id",
            "kind",
            "state",
            "attempts",
            "lease",
            "last_error",
            "payload",
            "created_at_ms",
            "due_at_ms",
            "expires_at_ms",
        ),
    },
    {
        "OUTLOOK_OF_ONE": WrittenAhead(
            "SELECT (SELECT min(authweave_outbox.due_at_ms) AS min_1 FROM authweave_outbox WHERE "
            "authweave_outbox.state = ? AND authweave_outbox.kind IN (?)) AS anon_1, (SELECT "
            "min(authweave_outbox.expires_at_ms) AS min_2 FROM authweave_outbox WHERE authweave_outbox.state IN "
            "(?, ?)) AS anon_2",
            ("state_1", "kind_0", "param_1", "param_2"),
            {"state_1": "waiting", "param_1": "waiting", "param_2": "dead"},
        ),
    },
)
# fmt: on

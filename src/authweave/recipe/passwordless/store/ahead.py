"""What a start knows of the tables: written by ``python -m authweave.storage.sql``."""

from typing import Final

from authweave.storage import Ahead, WrittenAhead

# fmt: off

AHEAD: Final = Ahead(
    "0001",
    WrittenAhead(
        "SELECT authweave_passwordless_version.version_num FROM authweave_passwordless_version",
        (),
        {},
    ),
    {
        "authweave_passwordless_devices": (
            "pre_auth_session_id",
            "tenant_id",
            "kind",
            "value",
            "client",
            "failures",
            "expires_at_ms",
        ),
        "authweave_passwordless_codes": (
            "code_id",
            "pre_auth_session_id",
            "code_hash",
            "created_at_ms",
            "expires_at_ms",
        ),
    },
    {
    },
)
# fmt: on

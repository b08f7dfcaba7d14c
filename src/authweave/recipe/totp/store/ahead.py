"""What a start knows of the tables: written by ``python -m authweave.storage.sql``."""

from typing import Final

from authweave.storage import Ahead, WrittenAhead

# fmt: off

AHEAD: Final = Ahead(
    "0001",
    WrittenAhead(
        "SELECT authweave_totp_version.version_num FROM authweave_totp_version",
        (),
        {},
    ),
    {
        "authweave_totp_devices": (
            "user_id",
            "name",
            "secret",
            "period_s",
            "skew",
            "verified",
            "created_at_ms",
        ),
        "authweave_totp_recovery_codes": (
            "user_id",
            "code_hash",
        ),
        "authweave_totp_used_codes": (
            "user_id",
            "code",
            "until_ms",
        ),
        "authweave_totp_attempts": (
            "user_id",
            "tenant_id",
            "failures",
            "until_ms",
        ),
    },
    {
    },
)
# fmt: on

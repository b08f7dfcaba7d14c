"""What a start knows of the tables: written by ``python -m authweave.storage.sql``."""

from typing import Final

from authweave.storage import Ahead, WrittenAhead

# fmt: off

AHEAD: Final = Ahead(
    "0001",
    WrittenAhead(
        "SELECT authweave_webauthn_version.version_num FROM authweave_webauthn_version",
        (),
        {},
    ),
    {
        "authweave_passkeys": (
            "credential_id",
            "recipe_user_id",
            "relying_party_id",
            "public_key",
            "sign_count",
            "user_handle",
            "created_at_ms",
        ),
        "authweave_passkey_options": (
            "options_id",
            "ceremony",
            "tenant_id",
            "client",
            "relying_party_id",
            "relying_party_name",
            "origin",
            "email",
            "user_handle",
            "user_verification",
            "user_presence",
            "attestation",
            "algorithms",
            "challenge",
            "timeout_ms",
            "created_at_ms",
            "expires_at_ms",
        ),
    },
    {
    },
)
# fmt: on

"""What a start knows of the tables: written by ``python -m authweave.storage.sql``."""

from typing import Final

from authweave.storage import Ahead, WrittenAhead

# fmt: off

AHEAD: Final = Ahead(
    "0002",
    WrittenAhead(
        "SELECT authweave_thirdparty_version.version_num FROM authweave_thirdparty_version",
        (),
        {},
    ),
    {
        "authweave_tenant_providers": (
            "tenant_id",
            "third_party_id",
            "config",
        ),
        "authweave_provider_tokens": (
            "recipe_user_id",
            "client_id",
            "client_type",
            "access_token",
            "refresh_token",
            "signed_in_at_ms",
            "leased_until_ms",
        ),
    },
    {
    },
)
# fmt: on

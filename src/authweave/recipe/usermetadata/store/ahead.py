"""What a start knows of the tables: written by ``python -m authweave.storage.sql``."""

from typing import Final

from authweave.storage import Ahead, WrittenAhead

# fmt: off

AHEAD: Final = Ahead(
    "0001",
    WrittenAhead(
        "SELECT authweave_usermetadata_version.version_num FROM authweave_usermetadata_version",
        (),
        {},
    ),
    {
        "authweave_user_metadata": (
            "user_id",
            "metadata",
        ),
    },
    {
    },
)
# fmt: on

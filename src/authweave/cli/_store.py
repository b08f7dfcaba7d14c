"""The store that a command works on."""

from __future__ import annotations

from typing import Final

from authweave import AuthweaveError
from authweave.storage import StorageOptions
from authweave.storage.sql import database_file, is_on_server

from ._output import fail

PATIENT: Final = StorageOptions(statement_timeout_s=600, busy_timeout_s=60)
"""For commands that write many rows at once, beside an application that may be busy."""


def require_database(url: str) -> None:
    """End the command where a URL is that of a file which is not there: it would be made, and be empty."""
    try:
        file = database_file(url)
    except AuthweaveError as error:
        fail(str(error))
    if not is_on_server(url) and (file is None or not file.is_file()):
        fail("There is no such database: check the URL, and the directory that the command was started in.")

"""Stores with the parts of all recipes of the library."""

from typing import Final

from authweave.recipe._builtin import builtin_store_parts
from authweave.storage import Storage, StorageOptions, StorePart
from authweave.storage.sql import Migrations, open_storage

PARTS: Final[tuple[StorePart[object], ...]] = builtin_store_parts()


def open_whole(url: str, options: StorageOptions | None = None) -> Storage:
    """Open the store at a URL."""
    return open_storage(url, options, PARTS)


def migrations(url: str) -> Migrations:
    """Return the migrations of a database."""
    return Migrations(url, parts=PARTS)

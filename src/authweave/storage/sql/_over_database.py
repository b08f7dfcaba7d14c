"""What the parts of the store share: the database."""

from __future__ import annotations

from ._database import Database


class OverDatabase:
    """A part of the store, over the database that all parts share."""

    def __init__(self, database: Database) -> None:
        self._database = database

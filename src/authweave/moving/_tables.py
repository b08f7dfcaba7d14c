"""The tables that users are spread over: those of the core, and those of the recipes that a store was opened with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import attrs
from sqlalchemy import BigInteger, Column, MetaData, String, Table, Text

from authweave.storage import MAX_ID_CHARACTERS, StorePart
from authweave.storage.sql import login_methods, login_tenants, primary_contacts, tenants, users

CORE: Final = (users.metadata,)

moves: Final = Table(
    "authweave_moves",
    MetaData(),
    Column("move_id", String(MAX_ID_CHARACTERS), primary_key=True),
    Column("state", Text, nullable=False),
    Column("updated_at_ms", BigInteger, nullable=False),
)
"""How far an import or a copy has come. It is there while one is under way, and no part of the store."""


@attrs.frozen
class Tables:
    """
    Tables by name; those of recipes that the store was opened without are not there.

    Attributes:
        by_name: all of them, each after those that it refers to.
    """

    by_name: dict[str, Table]

    @classmethod
    def of(cls, parts: Sequence[StorePart[object]]) -> Tables:
        """Return those of the core and of parts."""
        metadatas = (*CORE, *(part.in_sql().metadata for part in parts))
        own = [table for metadata in metadatas for table in metadata.sorted_tables]
        return cls({table.name: table for table in own})

    def get(self, name: str) -> Table | None:
        """Return a table of a recipe; None where the store was opened without."""
        return self.by_name.get(name)


__all__ = ["Tables", "login_methods", "login_tenants", "moves", "primary_contacts", "tenants", "users"]

"""Metadata of users, in SQL."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import Column, Connection, Table, Text, delete, select, update
from typing_extensions import override

from authweave.storage import check_text
from authweave.storage.sql import Database, Id, Lookup, OverDatabase, SQLPart, insert_unless_there, new_metadata
from authweave.types import JSON, JSONObject

from .protocol import UserMetadataStore
from .strict_json import check_update, merged, read

metadata: Final = new_metadata()

# The user is no foreign key: an application may keep its users elsewhere.
user_metadata: Final = Table(
    "authweave_user_metadata",
    metadata,
    Column("user_id", Id, primary_key=True),
    Column("metadata", Text, nullable=False),
)


class SQLUserMetadata(OverDatabase, UserMetadataStore):
    """Metadata, as text."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._by_user = Lookup(database, user_metadata.c.user_id, ("metadata",))

    @override
    def metadata_of_user(self, user_id: str) -> dict[str, JSON]:
        check_text(user_id, "user_id")
        row = self._by_user.find(user_id)
        return read(None if row is None else row[0])

    @override
    def merge_metadata(self, user_id: str, update: JSONObject) -> dict[str, JSON]:
        check_text(user_id, "user_id")
        check_update(update)
        return read(self._database.write(lambda connection: merge(connection, user_id, update)))

    @override
    def clear_metadata(self, user_id: str) -> bool:
        check_text(user_id, "user_id")
        statement = delete(user_metadata).where(user_metadata.c.user_id == user_id)
        return self._database.write(lambda connection: connection.execute(statement).rowcount, one_statement=True) == 1


def merge(connection: Connection, user_id: str, changes: JSONObject) -> str:
    """Merge into the row of a user, which is made if need be and locked: of two at once neither is lost."""
    of_user = user_metadata.c.user_id == user_id
    locked = select(user_metadata.c.metadata).where(of_user).with_for_update()
    while (stored := connection.execute(locked).scalar()) is None:  # it may be cleared in between
        insert_unless_there(connection, user_metadata, {"user_id": user_id, "metadata": "{}"})
    text = merged(stored, changes)
    connection.execute(update(user_metadata).where(of_user).values(metadata=text))
    return text


IN_SQL: Final[SQLPart[UserMetadataStore]] = SQLPart(
    metadata=metadata,
    migrations=Path(__file__).parent / "migrations",
    revision="0001",
    store=SQLUserMetadata,
    of_users=(user_metadata.c.user_id,),
)

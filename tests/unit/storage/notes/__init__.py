"""
A part of the store that is not the library's, with a history of two revisions.

Its notes belong to a login method. The second revision keeps who may read one, which the first has no place for.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final, Protocol

from sqlalchemy import Boolean, Column, Connection, ForeignKey, Table, Text, delete, false, insert, select
from typing_extensions import override

from authweave.storage import PurgeExpired, StorageError, StorePart
from authweave.storage.memory import MemoryCore
from authweave.storage.sql import ConstraintError, Id, OverDatabase, SQLPart, login_methods, new_metadata

MIGRATIONS: Final = Path(__file__).parent / "migrations"

metadata: Final = new_metadata()

notes: Final = Table(
    "authweave_notes",
    metadata,
    Column("note_id", Id, primary_key=True),
    Column("recipe_user_id", Id, ForeignKey(login_methods.c.recipe_user_id, ondelete="CASCADE"), nullable=False),
    Column("text", Text, nullable=False),
    Column("is_public", Boolean, nullable=False, server_default=false()),
)


class NoteStore(Protocol):
    """Notes of users."""

    def keep_note(self, note_id: str, recipe_user_id: str, text: str) -> None:
        """Keep a note."""
        ...

    def find_note(self, note_id: str) -> str | None:
        """Return the text of a note, or None."""
        ...

    def purge_notes(self, now_ms: int, limit: int) -> int:
        """Delete notes: all of them expire at once."""
        ...


class SQLNotes(OverDatabase, NoteStore):
    """Notes in SQL."""

    @override
    def keep_note(self, note_id: str, recipe_user_id: str, text: str) -> None:
        row = {"note_id": note_id, "recipe_user_id": recipe_user_id, "text": text}
        try:
            self._database.write(lambda connection: connection.execute(insert(notes), row), one_statement=True)
        except ConstraintError as error:
            message = "The note was not kept."
            raise StorageError(message) from error

    @override
    def find_note(self, note_id: str) -> str | None:
        with self._database.reading() as connection:
            return connection.execute(select(notes.c.text).where(notes.c.note_id == note_id)).scalar()

    @override
    def purge_notes(self, now_ms: int, limit: int) -> int:
        some = select(notes.c.note_id).limit(limit)

        def purge(connection: Connection) -> int:
            return connection.execute(delete(notes).where(notes.c.note_id.in_(some))).rowcount

        return self._database.write(purge, one_statement=True)


class MemoryNotes(NoteStore):
    """Notes in memory."""

    def __init__(self, core: MemoryCore) -> None:
        self._core = core
        self._notes: dict[str, str] = {}

    @override
    def keep_note(self, note_id: str, recipe_user_id: str, text: str) -> None:
        with self._core.transaction():
            if recipe_user_id not in self._core.logins or note_id in self._notes:
                message = "The note was not kept."
                raise StorageError(message)
            self._notes[note_id] = text

    @override
    def find_note(self, note_id: str) -> str | None:
        with self._core.transaction():
            return self._notes.get(note_id)

    @override
    def purge_notes(self, now_ms: int, limit: int) -> int:
        with self._core.transaction():
            purged = list(self._notes)[:limit]
            for note_id in purged:
                del self._notes[note_id]
            return len(purged)


IN_SQL: Final[SQLPart[NoteStore]] = SQLPart(metadata=metadata, migrations=MIGRATIONS, revision="0002", store=SQLNotes)


def expiring(store: NoteStore) -> Mapping[str, PurgeExpired]:
    """Return what deletes notes."""
    return {"notes": store.purge_notes}


NOTES: Final[StorePart[NoteStore]] = StorePart(
    name="notes", in_sql=lambda: IN_SQL, in_memory=MemoryNotes, expiring=expiring
)

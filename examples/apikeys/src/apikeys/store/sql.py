"""API keys, in SQL."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from sqlalchemy import BigInteger, Column, Connection, Row, String, Table, delete, func, insert, select
from typing_extensions import override

from apikeys.types import APIKey
from authweave.storage import StorageError, check_text
from authweave.storage.sql import ConstraintError, Id, OverDatabase, SQLPart, new_metadata

from .protocol import APIKeyStore
from .records import MAX_SCOPES_CHARACTERS, StoredKey, check_key

metadata: Final = new_metadata()

# The user is no foreign key: an application may keep its users elsewhere, as it may for sessions.
keys: Final = Table(
    "authweave_apikeys",
    metadata,
    Column("key_id", Id, primary_key=True),
    Column("user_id", Id, nullable=False, index=True),
    Column("name", Id, nullable=False),
    Column("scopes", String(MAX_SCOPES_CHARACTERS), nullable=False),
    Column("secret_hash", Id, nullable=False),
    Column("created_at_ms", BigInteger, nullable=False),
    Column("expires_at_ms", BigInteger, nullable=False, index=True),
)


class SQLAPIKeys(OverDatabase, APIKeyStore):
    """API keys."""

    @override
    def add_key(self, stored: StoredKey, *, at_most: int) -> bool:
        check_key(stored)
        key = stored.key
        alive = (
            select(func.count())
            .select_from(keys)
            .where(keys.c.user_id == key.user_id, keys.c.expires_at_ms > key.created_at_ms)
        )

        def add(connection: Connection) -> bool:
            if connection.execute(alive).scalar_one() >= at_most:
                return False
            connection.execute(insert(keys), row_of(stored))
            return True

        try:
            return self._database.write(add)
        except ConstraintError as error:
            raise StorageError("An API key of this id exists already: ids have to be new.") from error

    @override
    def find_key(self, key_id: str) -> StoredKey | None:
        check_text(key_id, "key_id")
        with self._database.reading() as connection:
            row = connection.execute(select(keys).where(keys.c.key_id == key_id)).one_or_none()
        return None if row is None else StoredKey(key_of(row), row.secret_hash)

    @override
    def keys_of(self, user_id: str) -> tuple[APIKey, ...]:
        check_text(user_id, "user_id")
        of_user = select(keys).where(keys.c.user_id == user_id).order_by(keys.c.created_at_ms, keys.c.key_id)
        with self._database.reading() as connection:
            return tuple(key_of(row) for row in connection.execute(of_user))

    @override
    def remove_key(self, user_id: str, key_id: str) -> bool:
        check_text(user_id, "user_id")
        check_text(key_id, "key_id")
        statement = delete(keys).where(keys.c.key_id == key_id, keys.c.user_id == user_id)
        return self._database.write(lambda connection: connection.execute(statement).rowcount, one_statement=True) == 1

    @override
    def purge_expired_keys(self, now_ms: int, limit: int) -> int:
        # SQLite takes a negative limit for none.
        expired = select(keys.c.key_id).where(keys.c.expires_at_ms <= now_ms).limit(max(limit, 0))
        statement = delete(keys).where(keys.c.key_id.in_(expired))
        return self._database.write(lambda connection: connection.execute(statement).rowcount, one_statement=True)


def row_of(stored: StoredKey) -> dict[str, str | int]:
    """Return a key as a row."""
    key = stored.key
    return {
        "key_id": key.key_id,
        "user_id": key.user_id,
        "name": key.name,
        "scopes": " ".join(key.scopes),
        "secret_hash": stored.secret_hash,
        "created_at_ms": key.created_at_ms,
        "expires_at_ms": key.expires_at_ms,
    }


def key_of(row: Row[Any]) -> APIKey:  # Any: a row has no static type
    """Return a row as a key."""
    return APIKey(
        key_id=row.key_id,
        user_id=row.user_id,
        name=row.name,
        scopes=tuple(row.scopes.split()),
        created_at_ms=row.created_at_ms,
        expires_at_ms=row.expires_at_ms,
    )


IN_SQL: Final[SQLPart[APIKeyStore]] = SQLPart(
    metadata=metadata, migrations=Path(__file__).parent / "migrations", revision="0001", store=SQLAPIKeys
)

"""Sessions that links have ended, in SQL."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Final

from sqlalchemy import BigInteger, Column, Table, delete, insert, or_, select, update
from typing_extensions import override

from authweave.storage import check_text
from authweave.storage.sql import Id, OverDatabase, SQLPart, new_metadata

from .protocol import EndedSession, EndedSessionStore, check_ended

metadata: Final = new_metadata()

# No foreign keys: the ids are those that APIs show.
ended_sessions: Final = Table(
    "authweave_linked_sessions",
    metadata,
    Column("handle", Id, primary_key=True),
    Column("user_id", Id, nullable=False, index=True),
    Column("recipe_user_id", Id, nullable=False, index=True),
    Column("expires_at_ms", BigInteger, nullable=False, index=True),
)


class SQLEndedSessions(OverDatabase, EndedSessionStore):
    """Sessions that links have ended, by their handles."""

    @override
    def remember_ended_sessions(self, ended: Collection[EndedSession]) -> None:
        rows: list[dict[str, str | int]] = []
        for each in ended:
            check_ended(each)
            rows.append(
                {
                    "handle": each.handle,
                    "user_id": each.user_id,
                    "recipe_user_id": each.recipe_user_id,
                    "expires_at_ms": each.expires_at_ms,
                }
            )
        if rows:
            self._database.write(lambda connection: connection.execute(insert(ended_sessions), rows))

    @override
    def successor_of(self, handle: str, now_ms: int) -> str | None:
        check_text(handle, "handle")
        is_meant = (ended_sessions.c.handle == handle) & (ended_sessions.c.expires_at_ms > now_ms)
        with self._database.reading() as connection:
            return connection.execute(select(ended_sessions.c.user_id).where(is_meant)).scalar_one_or_none()

    @override
    def shorten_ended_session(self, handle: str, expires_at_ms: int) -> bool:
        check_text(handle, "handle")
        is_meant = (ended_sessions.c.handle == handle) & (ended_sessions.c.expires_at_ms > expires_at_ms)
        statement = update(ended_sessions).where(is_meant).values(expires_at_ms=expires_at_ms)
        return self._database.write(lambda connection: connection.execute(statement).rowcount, one_statement=True) == 1

    @override
    def forget_ended_session(self, handle: str) -> bool:
        check_text(handle, "handle")
        statement = delete(ended_sessions).where(ended_sessions.c.handle == handle)
        return self._database.write(lambda connection: connection.execute(statement).rowcount, one_statement=True) == 1

    @override
    def forget_ended_sessions(self, ids: Collection[str]) -> int:
        for each in ids:
            check_text(each, "user_id")
        columns = (ended_sessions.c.user_id, ended_sessions.c.recipe_user_id)
        statement = delete(ended_sessions).where(or_(*(column.in_(list(ids)) for column in columns)))
        return self._database.write(lambda connection: connection.execute(statement).rowcount, one_statement=True)

    @override
    def purge_ended_sessions(self, now_ms: int, limit: int) -> int:
        expired = (
            select(ended_sessions.c.handle)
            .where(ended_sessions.c.expires_at_ms <= now_ms)
            .order_by(ended_sessions.c.expires_at_ms)
            .limit(max(limit, 0))  # SQLite takes a negative one for no limit
        )
        statement = delete(ended_sessions).where(ended_sessions.c.handle.in_(expired))
        return self._database.write(lambda connection: connection.execute(statement).rowcount, one_statement=True)


IN_SQL: Final[SQLPart[EndedSessionStore]] = SQLPart(
    metadata=metadata,
    migrations=Path(__file__).parent / "migrations",
    revision="0001",
    store=SQLEndedSessions,
    of_users=(ended_sessions.c.user_id, ended_sessions.c.recipe_user_id),
    of_login_methods=((ended_sessions.c.user_id, ended_sessions.c.recipe_user_id),),
    of_enabled_users=(ended_sessions.c.user_id,),
)

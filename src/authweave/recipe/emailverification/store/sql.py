"""Verified addresses, in SQL."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import BigInteger, Column, Connection, String, Table, bindparam, delete, exists, or_, select, update
from typing_extensions import override

from authweave.storage import check_email, check_text
from authweave.storage.sql import Id, OverDatabase, SQLPart, insert_unless_there, known_as, login_methods, new_metadata
from authweave.types import MAX_EMAIL_CHARACTERS

from .protocol import VerifiedEmailStore

metadata: Final = new_metadata()

# No foreign key: an application may have login methods of its own.
verified_emails: Final = Table(
    "authweave_verified_emails",
    metadata,
    Column("recipe_user_id", Id, primary_key=True),
    Column("email", String(MAX_EMAIL_CHARACTERS), primary_key=True),
    Column("verified_at_ms", BigInteger, nullable=False),
)

LOGIN: Final = bindparam("login", type_=Id)
IS_ROW: Final = known_as(verified_emails.c.recipe_user_id, LOGIN) & (verified_emails.c.email == bindparam("address"))
IS_LOGIN: Final = known_as(login_methods.c.recipe_user_id, LOGIN)
HAS_IT: Final = IS_LOGIN & (login_methods.c.email == bindparam("address"))

IS_VERIFIED: Final = select(or_(exists().where(IS_ROW), exists().where(HAS_IT, login_methods.c.verified.is_(True))))
REMEMBERED: Final = select(exists().where(IS_ROW))
CURRENT: Final = select(login_methods.c.email, login_methods.c.verified).where(
    IS_LOGIN, login_methods.c.email.is_not(None)
)
SHOW: Final = update(login_methods).where(HAS_IT, login_methods.c.verified.is_(False)).values(verified=True)
HIDE: Final = update(login_methods).where(HAS_IT, login_methods.c.verified.is_(True)).values(verified=False)
FORGET: Final = delete(verified_emails).where(IS_ROW)


class SQLVerifiedEmails(OverDatabase, VerifiedEmailStore):
    """Verified addresses."""

    @override
    def mark_verified(self, recipe_user_id: str, email: str, now_ms: int) -> bool:
        check_text(recipe_user_id, "recipe_user_id")
        check_email(email)

        def mark(connection: Connection) -> bool:
            is_new = remember(connection, recipe_user_id, email, now_ms)
            is_shown = connection.execute(SHOW, {"login": recipe_user_id, "address": email}).rowcount == 1
            # Where the login method has the address, it has said so before this store knew of it.
            return is_new and (is_shown or not is_current(connection, recipe_user_id, email))

        return self._database.write(mark)

    @override
    def unverify(self, recipe_user_id: str, email: str) -> bool:
        check_text(recipe_user_id, "recipe_user_id")
        check_email(email)
        of_address = {"login": recipe_user_id, "address": email}

        def unverify(connection: Connection) -> bool:
            forgotten = connection.execute(FORGET, of_address).rowcount
            return connection.execute(HIDE, of_address).rowcount + forgotten > 0

        return self._database.write(unverify)

    @override
    def is_verified(self, recipe_user_id: str, email: str) -> bool:
        check_text(recipe_user_id, "recipe_user_id")
        check_email(email)
        with self._database.reading() as connection:
            return bool(connection.execute(IS_VERIFIED, {"login": recipe_user_id, "address": email}).scalar_one())

    @override
    def settle(self, recipe_user_id: str, now_ms: int) -> bool:
        check_text(recipe_user_id, "recipe_user_id")

        def settle(connection: Connection) -> bool:
            row = connection.execute(CURRENT, {"login": recipe_user_id}).one_or_none()
            if row is None:
                return False
            of_address = {"login": recipe_user_id, "address": row.email}
            if row.verified:
                remember(connection, recipe_user_id, row.email, now_ms)
                return False
            is_remembered = connection.execute(REMEMBERED, of_address).scalar_one()
            return bool(is_remembered) and connection.execute(SHOW, of_address).rowcount == 1

        return self._database.write(settle)


def remember(connection: Connection, recipe_user_id: str, email: str, now_ms: int) -> bool:
    """Remember an address; return whether it was not remembered yet."""
    row: dict[str, str | int | None] = {"recipe_user_id": recipe_user_id, "email": email, "verified_at_ms": now_ms}
    return insert_unless_there(connection, verified_emails, row)


def is_current(connection: Connection, recipe_user_id: str, email: str) -> bool:
    """Return whether a login method has an address now."""
    row = connection.execute(CURRENT, {"login": recipe_user_id}).one_or_none()
    return row is not None and row.email == email


IN_SQL: Final[SQLPart[VerifiedEmailStore]] = SQLPart(
    metadata=metadata,
    migrations=Path(__file__).parent / "migrations",
    revision="0001",
    store=SQLVerifiedEmails,
    of_users=(verified_emails.c.recipe_user_id,),
)

"""One-time tokens, in SQL. The columns of the table are the attributes of the record."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import attrs
from sqlalchemy import (
    BigInteger,
    BindParameter,
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Index,
    String,
    Table,
    bindparam,
    delete,
    func,
    insert,
    select,
)
from typing_extensions import override

from authweave.storage import MAX_EMAIL_CHARACTERS, StorageError, check_email, check_text
from authweave.storage.sql import (
    Change,
    ConstraintError,
    Database,
    Id,
    OverDatabase,
    SQLPart,
    new_metadata,
    own_id_of,
    shown_id_of,
    tenants,
)

from .protocol import OneTimeTokenStore
from .records import OneTimeToken, Voids, check_token

metadata: Final = new_metadata()

# The user is no foreign key: a recipe may make tokens for users that the application keeps elsewhere.
tokens: Final = Table(
    "authweave_one_time_tokens",
    metadata,
    Column("token_hash", Id, primary_key=True),
    Column("purpose", Id, nullable=False),
    Column("tenant_id", Id, ForeignKey(tenants.c.tenant_id), nullable=False),
    Column("user_id", Id, nullable=False),
    Column("email", String(MAX_EMAIL_CHARACTERS), nullable=False),
    Column("created_at_ms", BigInteger, nullable=False),
    Column("expires_at_ms", BigInteger, nullable=False, index=True),
    Index("ix_authweave_one_time_tokens_user_id", "user_id", "purpose"),
)


ALL: Final = 2**31 - 1


class SQLOneTimeTokens(OverDatabase, OneTimeTokenStore):
    """One-time tokens, by their hashes."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        # Under the id that APIs show, whichever is named, as all that follows when that changes (`SQLPart.of_users`).
        named = bindparam("named", type_=Id)
        values: dict[str, object] = {each.name: bindparam(each.name) for each in tokens.c}
        values["user_id"] = func.coalesce(shown_id_of(named), named)
        self._add = Change(database, insert(tokens).values(values))
        siblings = (
            select(tokens.c.token_hash)
            .where(is_user(bindparam("named", type_=Id)), tokens.c.purpose == bindparam("purpose"))
            .order_by(
                (tokens.c.token_hash == bindparam("token_hash")).desc(),  # it is the newest, whatever the clock says
                tokens.c.created_at_ms.desc(),
                tokens.c.token_hash.desc(),
            )
            .limit(bindparam("all"))  # SQLite wants one
            .offset(bindparam("at_most"))
        )
        self._trim = Change(database, delete(tokens).where(tokens.c.token_hash.in_(siblings)))

    @override
    def add_token(self, token: OneTimeToken, *, at_most: int) -> None:
        check_token(token)
        values = attrs.asdict(token)
        values["named"] = values.pop("user_id")

        def add(connection: Connection) -> None:
            self._add.run(connection, values)
            self._trim.run(connection, {**values, "all": ALL, "at_most": at_most})

        try:
            self._database.write(add)
        except ConstraintError as error:
            raise StorageError(
                "The token was not added: its hash has to be new, and its tenant has to exist."
            ) from error

    @override
    def find_token(self, purpose: str, tenant_id: str, token_hash: str) -> OneTimeToken | None:
        statement = select(tokens).where(*of_hash(purpose, tenant_id, token_hash))
        with self._database.reading() as connection:
            row = connection.execute(statement).mappings().one_or_none()
        return None if row is None else OneTimeToken(**row)

    @override
    def consume_token(
        self, purpose: str, tenant_id: str, token_hash: str, now_ms: int, *, voids: Voids
    ) -> OneTimeToken | None:
        is_meant = of_hash(purpose, tenant_id, token_hash)

        def consume(connection: Connection) -> OneTimeToken | None:
            row = connection.execute(select(tokens).where(*is_meant)).mappings().one_or_none()
            if row is None:
                return None
            token = OneTimeToken(**row)
            if token.expires_at_ms <= now_ms:
                connection.execute(delete(tokens).where(*is_meant))
                return None
            siblings = of_user(purpose, token.user_id, token.email if voids == "address" else None)
            # Locked in one order (SQLite has locked all): of two at once, with siblings, the later waits here, and
            # finds that the earlier has deleted both.
            there = select(tokens.c.token_hash).where(*siblings).order_by(tokens.c.token_hash).with_for_update()
            if token_hash not in set(connection.execute(there).scalars()):
                return None
            connection.execute(delete(tokens).where(*siblings))
            return token

        return self._database.write(consume)

    @override
    def revoke_tokens(self, purpose: str, user_id: str, email: str | None) -> int:
        statement = delete(tokens).where(*of_user(purpose, user_id, email))
        return self._database.write(lambda connection: connection.execute(statement).rowcount, one_statement=True)

    @override
    def purge_expired_tokens(self, now_ms: int, limit: int) -> int:
        expired = (
            select(tokens.c.token_hash)
            .where(tokens.c.expires_at_ms <= now_ms)
            .order_by(tokens.c.expires_at_ms)
            .limit(max(limit, 0))  # SQLite takes a negative one for no limit
        )
        statement = delete(tokens).where(tokens.c.token_hash.in_(expired))
        return self._database.write(lambda connection: connection.execute(statement).rowcount, one_statement=True)


def of_hash(purpose: str, tenant_id: str, token_hash: str) -> list[ColumnElement[bool]]:
    """Return the conditions for one token."""
    for name, text in (("purpose", purpose), ("tenant_id", tenant_id), ("token_hash", token_hash)):
        check_text(text, name)
    return [tokens.c.token_hash == token_hash, tokens.c.purpose == purpose, tokens.c.tenant_id == tenant_id]


def is_user(user_id: BindParameter[str]) -> ColumnElement[bool]:
    """Return the condition that a token is that of a user, or login method, who is named by whichever id."""
    return tokens.c.user_id.in_([user_id, shown_id_of(user_id), own_id_of(user_id)])


def of_user(purpose: str, user_id: str, email: str | None) -> list[ColumnElement[bool]]:
    """Return the conditions for the tokens of a user, sent to one address or (None) any."""
    check_text(purpose, "purpose")
    check_text(user_id, "user_id")
    conditions: list[ColumnElement[bool]] = [
        is_user(bindparam("named", user_id, type_=Id)),
        tokens.c.purpose == purpose,
    ]
    if email is None:
        return conditions
    check_email(email)
    return [*conditions, tokens.c.email == email]


IN_SQL: Final[SQLPart[OneTimeTokenStore]] = SQLPart(
    metadata=metadata,
    migrations=Path(__file__).parent / "migrations",
    revision="0001",
    store=SQLOneTimeTokens,
    of_users=(tokens.c.user_id,),
    of_enabled_users=(tokens.c.user_id,),
    of_memberships=((tokens.c.tenant_id, tokens.c.user_id),),
)

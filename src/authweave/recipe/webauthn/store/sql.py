"""Passkeys, and the options of ceremonies under way, in SQL. The columns are the attributes of the records."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import attrs
from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    and_,
    bindparam,
    delete,
    insert,
    or_,
    select,
    update,
)
from typing_extensions import override

from authweave.recipe.webauthn.exceptions import PasskeyTakenError
from authweave.storage import (
    MAX_CREDENTIAL_ID_CHARACTERS,
    MAX_EMAIL_CHARACTERS,
    EmailTakenError,
    LoginRecord,
    StorageError,
    check_email,
    check_login,
    check_text,
    new_user,
)
from authweave.storage.sql import (
    Change,
    ConstraintError,
    Database,
    Id,
    NewUsers,
    OverDatabase,
    Query,
    SQLPart,
    known_as,
    locked_owner,
    login_methods,
    login_tenants,
    method_named,
    new_metadata,
    set_address,
    tenants,
    vouched_for_by_none,
)
from authweave.types import User

from .protocol import PasskeyStore
from .records import (
    MAX_NAME_CHARACTERS,
    MAX_ORIGIN_CHARACTERS,
    MAX_PUBLIC_KEY_CHARACTERS,
    RECIPE_ID,
    Ceremony,
    CeremonyOptions,
    Passkey,
    check_credential_id,
    check_options,
    check_passkey,
)

metadata: Final = new_metadata()

passkeys: Final = Table(
    "authweave_passkeys",
    metadata,
    Column("credential_id", String(MAX_CREDENTIAL_ID_CHARACTERS), primary_key=True),
    Column(
        "recipe_user_id",
        Id,
        ForeignKey(login_methods.c.recipe_user_id, ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("relying_party_id", Id, nullable=False),
    Column("public_key", String(MAX_PUBLIC_KEY_CHARACTERS), nullable=False),
    Column("sign_count", BigInteger, nullable=False),
    Column("user_handle", Id),
    Column("created_at_ms", BigInteger, nullable=False),
)

ceremonies: Final = Table(
    "authweave_passkey_options",
    metadata,
    Column("options_id", Id, primary_key=True),
    Column("ceremony", Id, nullable=False),
    Column("tenant_id", Id, ForeignKey(tenants.c.tenant_id, ondelete="CASCADE"), nullable=False),
    Column("client", Id),
    Column("relying_party_id", Id, nullable=False),
    Column("relying_party_name", String(MAX_NAME_CHARACTERS), nullable=False),
    Column("origin", String(MAX_ORIGIN_CHARACTERS), nullable=False),
    Column("email", String(MAX_EMAIL_CHARACTERS)),
    Column("user_handle", Id),
    Column("user_verification", Id, nullable=False),
    Column("user_presence", Integer, nullable=False),
    Column("attestation", Id),
    Column("algorithms", Id),
    Column("challenge", Id, nullable=False),
    Column("timeout_ms", BigInteger, nullable=False),
    Column("created_at_ms", BigInteger, nullable=False),
    Column("expires_at_ms", BigInteger, nullable=False, index=True),
    Index("ix_authweave_passkey_options_client", "client", "created_at_ms"),
)

NAMES: Final = tuple(each.name for each in attrs.fields(Passkey))
OPTION_NAMES: Final = tuple(each.name for each in attrs.fields(CeremonyOptions))
ALL: Final = 2**31 - 1

COLUMNS: Final[list[Column[Any]]] = [passkeys.c[name] for name in NAMES]  # Any: columns are of several types
OPTION_COLUMNS: Final[list[Column[Any]]] = [ceremonies.c[name] for name in OPTION_NAMES]  # Any: of several types

OF_LOGIN: Final = known_as(passkeys.c.recipe_user_id, bindparam("named", type_=Id))
BY_ID: Final = select(*COLUMNS).where(passkeys.c.credential_id == bindparam("credential_id"))
BY_LOGIN: Final = select(*COLUMNS).where(OF_LOGIN).order_by(passkeys.c.created_at_ms, passkeys.c.credential_id)
OPTIONS: Final = select(*OPTION_COLUMNS).where(ceremonies.c.options_id == bindparam("options_id"))
BY_ADDRESS: Final = select(login_tenants.c.recipe_user_id).where(
    login_tenants.c.tenant_id == bindparam("tenant_id"),
    login_tenants.c.recipe_id == RECIPE_ID,
    login_tenants.c.email == bindparam("email"),
    vouched_for_by_none,  # so says the recipe already, but SQLite uses the index only if the query says it too
)
LOGIN: Final = select(login_methods.c.recipe_user_id).where(
    known_as(login_methods.c.recipe_user_id, bindparam("named", type_=Id)),
    login_methods.c.recipe_id == RECIPE_ID,
)


class SQLPasskeys(OverDatabase, PasskeyStore):
    """Passkeys by their ids, and the options of ceremonies by theirs."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._new_users = NewUsers(database)
        self._add = Change(database, insert(passkeys).values({name: bindparam(name) for name in NAMES}))
        self._by_id = Query(database, BY_ID)
        self._by_login = Query(database, BY_LOGIN)
        self._options = Query(database, OPTIONS)
        self._by_address = Query(database, BY_ADDRESS)
        self._login = Query(database, LOGIN)
        self._add_options = Change(
            database, insert(ceremonies).values({name: bindparam(name) for name in OPTION_NAMES})
        )
        beyond = (
            select(ceremonies.c.options_id)
            .where(ceremonies.c.client == bindparam("client"))
            .order_by(
                (ceremonies.c.options_id == bindparam("options_id")).desc(),  # the newest, whatever the clock says
                ceremonies.c.created_at_ms.desc(),
                ceremonies.c.options_id.desc(),
            )
            .limit(bindparam("all"))  # SQLite wants one
            .offset(bindparam("at_most"))
        )
        self._trim = Change(database, delete(ceremonies).where(ceremonies.c.options_id.in_(beyond)))
        self._use_options = Change(
            database,
            delete(ceremonies).where(
                ceremonies.c.options_id == bindparam("options_id"),
                ceremonies.c.ceremony == bindparam("ceremony"),
                ceremonies.c.expires_at_ms > bindparam("now_ms"),
            ),
        )
        counted = bindparam("counted", type_=BigInteger)
        self._note_use = Change(
            database,
            update(passkeys)
            .where(
                passkeys.c.credential_id == bindparam("of_id"),
                or_(passkeys.c.sign_count < counted, and_(passkeys.c.sign_count == 0, counted == 0)),
            )
            .values(sign_count=counted),
        )

    @override
    def add_options(self, options: CeremonyOptions, *, at_most: int) -> None:
        check_options(options)
        values = {**attrs.asdict(options), "user_presence": int(options.user_presence)}

        def add(connection: Connection) -> None:
            self._add_options.run(connection, values)
            if options.client is not None:
                self._trim.run(connection, {**values, "all": ALL, "at_most": at_most})

        try:
            self._database.write(add)
        except ConstraintError as error:
            raise StorageError(
                "The options were not added: their id has to be new, and their tenant has to exist."
            ) from error

    @override
    def find_options(self, options_id: str) -> CeremonyOptions | None:
        check_text(options_id, "options_id")
        row = self._options.first({"options_id": options_id})
        return None if row is None else CeremonyOptions(**dict(zip(OPTION_NAMES, row, strict=True)))

    @override
    def use_options(self, options_id: str, ceremony: Ceremony, now_ms: int) -> bool:
        check_text(options_id, "options_id")
        used = self._use_options.execute({"options_id": options_id, "ceremony": ceremony, "now_ms": now_ms})
        return used == 1

    @override
    def remove_options(self, tenant_id: str, options_id: str) -> bool:
        check_text(tenant_id, "tenant_id")
        check_text(options_id, "options_id")
        statement = delete(ceremonies).where(ceremonies.c.options_id == options_id, ceremonies.c.tenant_id == tenant_id)
        return self._database.write(lambda connection: connection.execute(statement).rowcount, one_statement=True) == 1

    @override
    def purge_expired_options(self, now_ms: int, limit: int) -> int:
        expired = (
            select(ceremonies.c.options_id)
            .where(ceremonies.c.expires_at_ms <= now_ms)
            .order_by(ceremonies.c.expires_at_ms)
            .limit(max(limit, 0))  # SQLite takes a negative one for no limit
        )
        statement = delete(ceremonies).where(ceremonies.c.options_id.in_(expired))
        return self._database.write(lambda connection: connection.execute(statement).rowcount, one_statement=True)

    @override
    def create_user_with_passkey(self, login: LoginRecord, passkey: Passkey) -> User:
        check_login(login)
        check_passkey(passkey)

        def add(connection: Connection) -> None:
            self._new_users.add(connection, login)
            self._add.run(connection, attrs.asdict(passkey))

        try:
            self._database.write(add)
        except ConstraintError as error:
            if self.find_passkey_login(login.tenant_id, login.email or "") is not None:
                raise EmailTakenError(login.tenant_id) from error
            if self.find_passkey(passkey.credential_id) is not None:
                raise PasskeyTakenError from error
            raise StorageError(
                "The user was not added: the ids of user and login method have to be new, and the tenant has to exist."
            ) from error
        return new_user(login, [passkey.credential_id])

    @override
    def add_passkey(self, passkey: Passkey) -> bool:
        check_passkey(passkey)

        def add(connection: Connection) -> bool:
            row = connection.execute(LOGIN, {"named": passkey.recipe_user_id}).first()
            if row is None:
                return False
            locked_owner(connection, row[0])  # so that of two transactions one sees what the other has done
            self._add.run(connection, {**attrs.asdict(passkey), "recipe_user_id": row[0]})
            return True

        try:
            return self._database.write(add)
        except ConstraintError as error:
            if self.find_passkey(passkey.credential_id) is not None:
                raise PasskeyTakenError from error
            return False  # the login method was deleted just now

    @override
    def find_passkey(self, credential_id: str) -> Passkey | None:
        check_credential_id(credential_id)
        row = self._by_id.first({"credential_id": credential_id})
        return None if row is None else passkey_of(row)

    @override
    def note_use(self, credential_id: str, sign_count: int) -> bool:
        check_credential_id(credential_id)
        return self._note_use.execute({"of_id": credential_id, "counted": sign_count}) == 1

    @override
    def list_passkeys(self, recipe_user_id: str) -> tuple[Passkey, ...]:
        check_text(recipe_user_id, "recipe_user_id")
        return tuple(passkey_of(row) for row in self._by_login.all({"named": recipe_user_id}))

    @override
    def remove_passkey(self, recipe_user_id: str, credential_id: str) -> bool:
        return self._remove(recipe_user_id, passkeys.c.credential_id == bindparam("of_id"), credential_id) == 1

    @override
    def remove_other_passkeys(self, recipe_user_id: str, credential_id: str) -> int:
        return self._remove(recipe_user_id, passkeys.c.credential_id != bindparam("of_id"), credential_id)

    def _remove(self, recipe_user_id: str, which: ColumnElement[bool], credential_id: str) -> int:
        """Delete passkeys of a login method, and return how many there were."""
        check_text(recipe_user_id, "recipe_user_id")
        check_credential_id(credential_id)
        statement, named = delete(passkeys).where(OF_LOGIN, which), {"named": recipe_user_id, "of_id": credential_id}
        return self._database.write(
            lambda connection: connection.execute(statement, named).rowcount, one_statement=True
        )

    @override
    def find_passkey_login(self, tenant_id: str, email: str) -> str | None:
        check_text(tenant_id, "tenant_id")
        check_email(email)
        row = self._by_address.first({"tenant_id": tenant_id, "email": email})
        return None if row is None else str(row[0])

    @override
    def is_passkey_login(self, recipe_user_id: str) -> bool:
        check_text(recipe_user_id, "recipe_user_id")
        return self._login.first({"named": recipe_user_id}) is not None

    @override
    def update_passkey_email(self, recipe_user_id: str, email: str) -> bool:
        check_text(recipe_user_id, "recipe_user_id")
        check_email(email)

        def change(connection: Connection) -> bool:
            if connection.execute(LOGIN, {"named": recipe_user_id}).first() is None:
                return False
            method = method_named(connection, recipe_user_id)
            if method is None:
                return False
            locked_owner(connection, method)  # before its rows, as everybody does
            is_verified = login_methods.c.verified & (login_methods.c.email == email)
            set_address(connection, method, email, verified=is_verified)
            return True

        try:
            return self._database.write(change)
        except ConstraintError as error:
            raise EmailTakenError("") from error  # an address is all that can be taken here


def passkey_of(row: Sequence[Any]) -> Passkey:  # Any: a database's row has no static type
    """Return the passkey of a row of the columns `NAMES`."""
    return Passkey(**dict(zip(NAMES, row, strict=True)))


IN_SQL: Final[SQLPart[PasskeyStore]] = SQLPart(
    metadata=metadata,
    migrations=Path(__file__).parent / "migrations",
    revision="0001",
    store=SQLPasskeys,
    passkeys=(passkeys.c.recipe_user_id, passkeys.c.credential_id),
)

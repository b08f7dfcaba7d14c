"""Login methods with a password, in SQL."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Column, Connection, ForeignKey, String, Table, and_, bindparam, insert, select, update
from typing_extensions import override

from authweave.storage import (
    MAX_PASSWORD_HASH_CHARACTERS,
    EmailTakenError,
    StorageError,
    check_email,
    check_text,
    new_user,
)
from authweave.storage.sql import (
    METHODS,
    Change,
    ConstraintError,
    Database,
    Id,
    Lookup,
    NewUsers,
    OverDatabase,
    Query,
    SQLPart,
    first_tenant,
    known_as,
    locked_owner,
    login_methods,
    login_tenants,
    method_named,
    new_metadata,
    passkeys_of,
    set_address,
    user_of,
    users,
    vouched_for_by_none,
)
from authweave.types import User

from .protocol import PasswordStore
from .reads import NAMES, PasswordReads, login_of
from .records import RECIPE_ID, PasswordLogin, PasswordUser, check_password_hash, check_password_login

metadata: Final = new_metadata()

passwords: Final = Table(
    "authweave_passwords",
    metadata,
    Column("recipe_user_id", Id, ForeignKey(login_methods.c.recipe_user_id, ondelete="CASCADE"), primary_key=True),
    Column("password_hash", String(MAX_PASSWORD_HASH_CHARACTERS), nullable=False),
)

COLUMNS: Final[list[Column[Any]]] = [  # Any: columns are of several types
    (passwords if name == "password_hash" else login_tenants if name == "tenant_id" else login_methods).c[name]
    for name in NAMES
]
HAS_ADDRESS: Final = and_(
    login_tenants.c.tenant_id == bindparam("tenant_id"),
    login_tenants.c.recipe_id == RECIPE_ID,
    login_tenants.c.email == bindparam("email"),
    vouched_for_by_none,  # so says the recipe already, but SQLite uses the index only if the query says it too
)
BY_ADDRESS: Final = select(*COLUMNS).join_from(login_tenants, login_methods).join(passwords).where(HAS_ADDRESS)
OWNER: Final = select(login_tenants.c.user_id).where(HAS_ADDRESS).scalar_subquery()
USER_BY_ADDRESS: Final = (
    METHODS.add_columns(passwords.c.password_hash)
    .outerjoin(passwords, passwords.c.recipe_user_id == login_methods.c.recipe_user_id)
    .where(users.c.user_id == OWNER)
)
USER_NAMES: Final = tuple(USER_BY_ADDRESS.selected_columns.keys())
BY_RECIPE_USER_ID: Final = (
    select(*(first_tenant if each.name == "tenant_id" else each for each in COLUMNS))
    .join_from(login_methods, passwords)
    .where(known_as(login_methods.c.recipe_user_id, bindparam("recipe_user_id")))
)


class SQLPasswords(PasswordReads, OverDatabase, PasswordStore):
    """Users with their email and password login methods."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._new_users = NewUsers(database)
        hash_of = insert(passwords).values(recipe_user_id=bindparam("id"), password_hash=bindparam("hash"))
        self._add_hash = Change(database, hash_of)
        self._by_address = Query(database, BY_ADDRESS)
        self._by_recipe_user_id = Query(database, BY_RECIPE_USER_ID)
        self._user_by_address = Query(database, USER_BY_ADDRESS)
        self._hash = Lookup(database, passwords.c.recipe_user_id, ["password_hash"])

    @override
    def create_user_with_password(self, login: PasswordLogin) -> User:
        check_password_login(login)

        record = login.to_record()

        def add(connection: Connection) -> None:
            self._new_users.add(connection, record)
            self._add_hash.run(connection, {"id": login.recipe_user_id, "hash": login.password_hash})

        try:
            self._database.write(add)
        except ConstraintError as error:
            if self.find_password_login(login.tenant_id, login.email) is not None:
                raise EmailTakenError(login.tenant_id) from error
            raise StorageError(
                "The user was not added: the ids of user and login method have to be new, and the tenant has to exist."
            ) from error
        return new_user(record)

    @override
    def find_password_user(self, tenant_id: str, email: str) -> PasswordUser | None:
        check_text(tenant_id, "tenant_id")
        check_email(email)
        found = self._user_by_address.all({"tenant_id": tenant_id, "email": email})
        rows = [dict(zip(USER_NAMES, row, strict=True)) for row in found]
        for row in rows:
            if (row["recipe_id"], row["tenant_id"], row["email"]) == (RECIPE_ID, tenant_id, email):
                login = PasswordLogin(**{name: row[name] for name in NAMES})
                return PasswordUser(login, partial(user_of, rows, passkeys_of(rows, self._database)))
        return None

    @override
    def has_password_hash(self, login: PasswordLogin) -> bool:
        return self._hash.find(login.recipe_user_id) == (login.password_hash,)

    @override
    def find_password_login_by_id(self, recipe_user_id: str) -> PasswordLogin | None:
        check_text(recipe_user_id, "recipe_user_id")
        return login_of(self._by_recipe_user_id.first({"recipe_user_id": recipe_user_id}))

    @override
    def update_password_login(
        self, recipe_user_id: str, *, email: str | None, password_hash: str | None, from_hash: str | None = None
    ) -> bool:
        check_text(recipe_user_id, "recipe_user_id")
        check_email(email or "")
        check_password_hash(password_hash or "")
        of_login = known_as(passwords.c.recipe_user_id, bindparam("named", recipe_user_id))
        if from_hash is not None:
            of_login &= passwords.c.password_hash == from_hash
        # Written also where it stays as it is: so nobody changes it between this and the address.
        new_hash = passwords.c.password_hash if password_hash is None else password_hash

        def change(connection: Connection) -> bool:
            method = None if email is None else method_named(connection, recipe_user_id)
            if method is not None:
                locked_owner(connection, method)  # before its rows, as everybody does
            if connection.execute(update(passwords).where(of_login).values(password_hash=new_hash)).rowcount == 0:
                return False
            if method is not None:
                # Another address is nobody's yet.
                is_verified = login_methods.c.verified & (login_methods.c.email == email)
                set_address(connection, method, email, verified=is_verified)
            return True

        try:
            return self._database.write(change)
        except ConstraintError as error:
            # An address is all that can be taken here.
            login = self.find_password_login_by_id(recipe_user_id)
            raise EmailTakenError("" if login is None else login.tenant_id) from error


IN_SQL: Final[SQLPart[PasswordStore]] = SQLPart(
    metadata=metadata,
    migrations=Path(__file__).parent / "migrations",
    revision="0001",
    store=SQLPasswords,
    at_start={"BY_ADDRESS": BY_ADDRESS},
)

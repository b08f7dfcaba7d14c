"""Login methods of who signs in by codes, in SQL: they are rows of the core's tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, case, false, select, true, update
from typing_extensions import override

from authweave.storage import (
    MAX_PHONE_NUMBER_CHARACTERS,
    EmailTakenError,
    StorageError,
    check_email,
    check_text,
    new_user,
)
from authweave.storage.sql import (
    METHODS,
    ConstraintError,
    Database,
    NewUsers,
    OverDatabase,
    Query,
    first_tenant,
    known_as,
    locked_owner,
    login_methods,
    login_tenants,
    method_named,
    passkeys_of,
    recipe_user_id_of,
    set_contacts,
    user_of,
    users,
    vouched_for_by_none,
)

from .protocol import PasswordlessCodeStore
from .records import (
    RECIPE_ID,
    Contact,
    ContactKind,
    PasswordlessLogin,
    PasswordlessSignIn,
    check_contact,
    check_passwordless_login,
)

OF_RECIPE: Final = (
    login_tenants.c.tenant_id == bindparam("tenant_id"),
    login_tenants.c.recipe_id == RECIPE_ID,
)
HAS: Final[Mapping[ContactKind, tuple[Any, ...]]] = {  # Any: conditions
    # So says the recipe already, but SQLite uses the index only if the query says it too.
    "email": (*OF_RECIPE, login_tenants.c.email == bindparam("value"), vouched_for_by_none),
    "phone_number": (*OF_RECIPE, login_tenants.c.phone_number == bindparam("value")),
}
COLUMNS: Final = (
    login_methods.c.user_id,
    login_methods.c.recipe_user_id,
    login_methods.c.email,
    login_methods.c.phone_number,
    login_methods.c.verified,
    login_methods.c.time_joined_ms,
)
BY_ID: Final = (
    select(*COLUMNS, first_tenant.label("tenant_id"))
    .where(known_as(login_methods.c.recipe_user_id, bindparam("id")), login_methods.c.recipe_id == RECIPE_ID)
    .order_by(case((login_methods.c.recipe_user_id == bindparam("id"), 0), else_=1))
)
NOTE_VERIFIED: Final = update(login_methods).where(
    login_methods.c.recipe_user_id == bindparam("of_login"),
    login_methods.c.email == bindparam("of_email"),
    login_methods.c.verified == false(),
)
NAMES: Final = tuple(METHODS.selected_columns.keys())


def by_contact(kind: ContactKind) -> Select[*tuple[Any, ...]]:  # Any: rows have no static type
    """Return what asks for the login method of an address or number."""
    return select(*COLUMNS, login_tenants.c.tenant_id).join_from(login_tenants, login_methods).where(*HAS[kind])


def user_by_contact(kind: ContactKind) -> Select[*tuple[Any, ...]]:  # Any: rows have no static type
    """Return what asks for the user of an address or number, with all login methods."""
    return METHODS.where(users.c.user_id.in_(select(login_tenants.c.user_id).where(*HAS[kind]).scalar_subquery()))


class SQLPasswordlessLogins(OverDatabase, PasswordlessCodeStore):
    """Login methods of who signs in by codes."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        kinds: tuple[ContactKind, ...] = ("email", "phone_number")
        self._new_users = NewUsers(database)
        self._by_contact = {kind: Query(database, by_contact(kind)) for kind in kinds}
        self._user_by_contact = {kind: Query(database, user_by_contact(kind)) for kind in kinds}

    @override
    def find_passwordless_login(self, tenant_id: str, contact: Contact) -> PasswordlessLogin | None:
        check_text(tenant_id, "tenant_id")
        check_contact(contact)
        return login_of(self._by_contact[contact.kind].first({"tenant_id": tenant_id, "value": contact.value}))

    @override
    def find_passwordless_login_by_id(self, recipe_user_id: str) -> PasswordlessLogin | None:
        check_text(recipe_user_id, "recipe_user_id")
        with self._database.reading() as connection:
            return login_of(connection.execute(BY_ID, {"id": recipe_user_id}).first())

    @override
    def sign_in_or_up(self, login: PasswordlessLogin, contact: Contact) -> PasswordlessSignIn:
        check_passwordless_login(login)
        signed_in = self._sign_in(login.tenant_id, contact)
        if signed_in is not None:
            return signed_in
        record = login.to_record()
        try:
            self._database.write(lambda connection: self._new_users.add(connection, record))
        except ConstraintError as error:
            signed_in = self._sign_in(login.tenant_id, contact)  # somebody was faster
            if signed_in is None:
                raise StorageError(
                    "The user was not added: the ids of user and login method have to be new, and the tenant has to "
                    "exist."
                ) from error
            return signed_in
        return PasswordlessSignIn(new_user(record), login.recipe_user_id, is_new=True, is_news=True)

    def _sign_in(self, tenant_id: str, contact: Contact) -> PasswordlessSignIn | None:
        """Find the login method, and note that its address is verified."""
        found = self._user_by_contact[contact.kind].all({"tenant_id": tenant_id, "value": contact.value})
        rows = [dict(zip(NAMES, row, strict=True)) for row in found]
        mine = next((row for row in rows if (row["recipe_id"], row[contact.kind]) == (RECIPE_ID, contact.value)), None)
        if mine is None:
            return None
        own_id, is_news = mine["recipe_user_id"], False
        if contact.email is not None and not mine["verified"] and mine["disabled_at_ms"] is None:
            of_login = {"of_login": own_id, "of_email": contact.email}
            is_news = self._database.write(
                lambda connection: connection.execute(NOTE_VERIFIED.values(verified=true()), of_login).rowcount == 1,
                one_statement=True,
            )
            rows = [{**row, "verified": True} if row["recipe_user_id"] == own_id else row for row in rows]
        return PasswordlessSignIn(
            user_of(rows, passkeys_of(rows, self._database)), recipe_user_id_of(mine), is_new=False, is_news=is_news
        )

    @override
    def update_passwordless_login(
        self, recipe_user_id: str, *, email: str | None, phone_number: str | None, verified: bool
    ) -> bool:
        check_text(recipe_user_id, "recipe_user_id")
        check_email(email or "")
        check_text(phone_number or "", "phone_number", MAX_PHONE_NUMBER_CHARACTERS)
        is_recipes = select(login_methods.c.recipe_id).where(
            login_methods.c.recipe_user_id == bindparam("id"), login_methods.c.recipe_id == RECIPE_ID
        )

        def change(connection: Connection) -> bool:
            method = method_named(connection, recipe_user_id)
            if method is None or locked_owner(connection, method) is None:
                return False
            if connection.execute(is_recipes, {"id": method}).first() is None:
                return False
            set_contacts(connection, method, email, phone_number, verified=verified)
            return True

        try:
            return self._database.write(change)
        except ConstraintError as error:
            login = self.find_passwordless_login_by_id(recipe_user_id)
            raise EmailTakenError("" if login is None else login.tenant_id) from error


def login_of(row: Iterable[Any] | None) -> PasswordlessLogin | None:  # Any: a row has no static type
    """Return the login method of a row of `COLUMNS` and a tenant."""
    if row is None:
        return None
    user_id, recipe_user_id, email, phone_number, verified, time_joined_ms, tenant_id = tuple(row)
    return PasswordlessLogin(
        user_id=user_id,
        recipe_user_id=recipe_user_id,
        tenant_id=tenant_id,
        email=email,
        phone_number=phone_number,
        verified=bool(verified),
        time_joined_ms=time_joined_ms,
    )

"""Users and their login methods, in SQL, for all recipes that have some."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import Final

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Connection,
    ScalarSelect,
    bindparam,
    case,
    exists,
    func,
    not_,
    or_,
    select,
)
from typing_extensions import override

from authweave.storage._limits import check_text
from authweave.storage._protocols import UserStore
from authweave.storage._users import passkeys_shown
from authweave.types import PUBLIC_TENANT, LoginMethod, User

from ._database import Database
from ._lookup import Query
from ._over_database import OverDatabase
from ._passkeys import CredentialIds, Row, passkeys_of
from ._schema import barred_users, login_methods, login_tenants, user_id_mappings, users

of_method: Final = user_id_mappings.alias("of_method")
of_tenant: Final = login_tenants.alias("of_tenant")

METHODS: Final = (
    select(
        users.c.is_primary_user,
        users.c.disabled_at_ms,
        *(each for each in login_methods.c if each.name != "tenant_id"),
        of_tenant.c.tenant_id,
        user_id_mappings.c.external_user_id,
        of_method.c.external_user_id.label("external_recipe_user_id"),
    )
    .join_from(users, login_methods)
    .outerjoin(user_id_mappings, user_id_mappings.c.user_id == users.c.user_id)
    .outerjoin(of_method, of_method.c.user_id == login_methods.c.recipe_user_id)
    .outerjoin(of_tenant, of_tenant.c.recipe_user_id == login_methods.c.recipe_user_id)
    .order_by(login_methods.c.time_joined_ms, login_methods.c.recipe_user_id)
)
"""
Users, with a row for each login method in each of its tenants; one whose tenant is NULL where it is in none.

What narrows it has to take all rows of a user or none.
"""

a_tenant: Final = (
    select(login_tenants.c.tenant_id)
    .where(login_tenants.c.recipe_user_id == login_methods.c.recipe_user_id)
    .order_by(case((login_tenants.c.tenant_id == PUBLIC_TENANT, 0), else_=1), login_tenants.c.tenant_id)
    .limit(1)
    .correlate(login_methods)
    .scalar_subquery()
)
"""One of the tenants of a login method: ``public`` where it is in that. NULL where it is in none."""

first_tenant: Final[ColumnElement[str]] = func.coalesce(a_tenant, "")
"""The same, for what names a tenant and was not asked for any."""

NAMES: Final = tuple(METHODS.selected_columns.keys())


def own_id_of(external_user_id: BindParameter[str]) -> ScalarSelect[str]:
    """Return the store's id that APIs show as an external one."""
    return (
        select(user_id_mappings.c.user_id)
        .where(user_id_mappings.c.external_user_id == external_user_id)
        .scalar_subquery()
    )


def shown_id_of(user_id: BindParameter[str]) -> ScalarSelect[str]:
    """Return the external id that APIs show instead of the store's; NULL where there is none."""
    return select(user_id_mappings.c.external_user_id).where(user_id_mappings.c.user_id == user_id).scalar_subquery()


def owner_of(user_id: BindParameter[str]) -> ColumnElement[str]:
    """Return the store's id of the user who is named by whichever id. What is asked ends with the first that is."""
    own = own_id_of(user_id)
    asked = [
        statement
        for each in (user_id, own)
        for statement in (
            select(login_methods.c.user_id).where(login_methods.c.recipe_user_id == each),
            select(login_methods.c.user_id).where(login_methods.c.user_id == each).limit(1),
        )
    ]
    return func.coalesce(*(each.scalar_subquery() for each in asked))


def known_as(column: Column[str], user_id: BindParameter[str]) -> ColumnElement[bool]:
    """Return the condition that a column of the store's ids has the one that is named by whichever id."""
    return column.in_([user_id, own_id_of(user_id)])


def is_barred(user_id: ColumnElement[str]) -> ColumnElement[bool]:
    """
    Return the condition that there is nothing for an id: of a disabled user, or of one who was deleted.

    Added again, or where only the login method of this id was deleted, an enabled user is not; neither is a login
    method that was added again, whose user has another id.
    """
    is_enabled = exists().where(users.c.user_id == barred_users.c.user_id, users.c.disabled_at_ms.is_(None))
    is_method = exists().where(login_methods.c.recipe_user_id == barred_users.c.user_id).correlate(barred_users)
    of_id = barred_users.c.user_id == user_id  # users are asked of barred ids alone
    return exists().where(of_id, or_(barred_users.c.until_ms.is_(None), not_(or_(is_enabled, is_method))))


def login_named(recipe_user_id: BindParameter[str]) -> ColumnElement[str]:
    """Return the store's id of the login method that is named by either of its own ids."""
    own = select(login_methods.c.recipe_user_id).where(login_methods.c.recipe_user_id == recipe_user_id)
    return func.coalesce(own.scalar_subquery(), own_id_of(recipe_user_id))


OF_OWN_ID: Final = METHODS.where(users.c.user_id == bindparam("id"))
OF_ID: Final = METHODS.where(users.c.user_id == owner_of(bindparam("id")))
OF_LOGIN: Final = METHODS.where(login_methods.c.recipe_user_id == login_named(bindparam("id")))
"""One login method, whose user has others maybe."""


def read_user(connection: Connection, user_id: str, database: Database) -> User | None:
    """Return a user by the store's id, as the transaction of the connection sees him; None if there is none."""
    rows = connection.execute(OF_OWN_ID, {"id": user_id}).mappings().all()
    return user_of(rows, passkeys_of(rows, database, connection)) if rows else None


class SQLUsers(OverDatabase, UserStore):
    """Users, each found by an id."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._by_id = Query(database, OF_ID)
        self._login_by_id = Query(database, OF_LOGIN)

    @override
    def find_user(self, user_id: str) -> User | None:
        check_text(user_id, "user_id")
        rows = [dict(zip(NAMES, row, strict=True)) for row in self._by_id.all({"id": user_id})]
        return user_of(rows, passkeys_of(rows, self._database)) if rows else None

    @override
    def find_login_method(self, recipe_user_id: str) -> LoginMethod | None:
        check_text(recipe_user_id, "recipe_user_id")
        rows = [dict(zip(NAMES, row, strict=True)) for row in self._login_by_id.all({"id": recipe_user_id})]
        return login_method_of(rows, passkeys_of(rows, self._database)) if rows else None


def user_of(rows: Sequence[Row], passkeys: CredentialIds) -> User:
    """Return the user whose login methods these are, the oldest first: rows of `METHODS`, with their `passkeys_of`."""
    oldest, each_method = rows[0], groupby(rows, itemgetter("recipe_user_id"))
    return User(
        id=oldest["external_user_id"] or oldest["user_id"],
        is_primary_user=bool(oldest["is_primary_user"]),
        login_methods=tuple(login_method_of(list(of_one), passkeys) for _, of_one in each_method),
        time_joined=oldest["time_joined_ms"],
        disabled=oldest["disabled_at_ms"] is not None,
    )


def login_method_of(rows: Sequence[Row], passkeys: CredentialIds) -> LoginMethod:
    """Return a login method, of its rows of `METHODS`, one for each tenant, with the passkeys of it and others."""
    row = rows[0]
    return LoginMethod.of_identity(
        row["provider_id"],
        row["subject"],
        recipe_id=row["recipe_id"],
        recipe_user_id=recipe_user_id_of(row),
        tenant_ids=sorted(each["tenant_id"] for each in rows if each["tenant_id"] is not None),
        email=row["email"],
        phone_number=row["phone_number"],
        credential_ids=passkeys_shown(row["recipe_id"], passkeys.get(row["recipe_user_id"], ())),
        verified=bool(row["verified"]),
        time_joined=row["time_joined_ms"],
    )


def recipe_user_id_of(row: Row) -> str:
    """Return the id that APIs show of a login method, of one of its rows of `METHODS`."""
    shown: str = row["external_recipe_user_id"] or row["recipe_user_id"]
    return shown

"""Users and their login methods, in SQL, for all recipes that have some."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

import attrs
from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Connection,
    RowMapping,
    ScalarSelect,
    bindparam,
    func,
    insert,
    select,
)
from typing_extensions import override

from authweave.storage._limits import check_text
from authweave.storage._protocols import UserStore
from authweave.storage._records import LoginRecord
from authweave.storage._users import domain_of
from authweave.types import LoginMethod, User

from ._change import Change
from ._database import Database, Value
from ._lookup import Query
from ._over_database import OverDatabase
from ._schema import login_methods, user_id_mappings, users

Row: TypeAlias = RowMapping | Mapping[str, Any]  # Any: a database's row has no static type

of_method: Final = user_id_mappings.alias("of_method")

METHODS: Final = (
    select(
        users.c.is_primary_user,
        users.c.disabled_at_ms,
        login_methods,
        user_id_mappings.c.external_user_id,
        of_method.c.external_user_id.label("external_recipe_user_id"),
    )
    .join_from(users, login_methods)
    .outerjoin(user_id_mappings, user_id_mappings.c.user_id == users.c.user_id)
    .outerjoin(of_method, of_method.c.user_id == login_methods.c.recipe_user_id)
    .order_by(login_methods.c.time_joined_ms, login_methods.c.recipe_user_id)
)
"""Users, with a row for each login method. What narrows it has to take all rows of a user or none."""

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
    asked = (
        select(users.c.user_id).where(users.c.user_id == user_id),
        select(login_methods.c.user_id).where(login_methods.c.recipe_user_id == user_id),
        select(users.c.user_id).where(users.c.user_id == own),
        select(login_methods.c.user_id).where(login_methods.c.recipe_user_id == own),
    )
    return func.coalesce(*(each.scalar_subquery() for each in asked))


def known_as(column: Column[str], user_id: BindParameter[str]) -> ColumnElement[bool]:
    """Return the condition that a column of the store's ids has the one that is named by whichever id."""
    return column.in_([user_id, own_id_of(user_id)])


OF_ID: Final = METHODS.where(users.c.user_id == owner_of(bindparam("id")))


class SQLUsers(OverDatabase, UserStore):
    """Users, each found by an id."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._by_id = Query(database, OF_ID)

    @override
    def find_user(self, user_id: str) -> User | None:
        check_text(user_id, "user_id")
        rows = self._by_id.all({"id": user_id})
        return user_of([dict(zip(NAMES, row, strict=True)) for row in rows]) if rows else None


class NewUsers:
    """
    Adds users, each with one login method.

    Args:
        database: where.
    """

    def __init__(self, database: Database) -> None:
        of_user, of_method = ("user_id", "is_primary_user"), login_methods.c.keys()
        self._user = Change(database, insert(users).values({name: bindparam(name) for name in of_user}))
        self._method = Change(database, insert(login_methods).values({name: bindparam(name) for name in of_method}))

    def add(self, connection: Connection, login: LoginRecord) -> None:
        """
        Add a user, in the transaction of a recipe's part: see `Database.write`.

        The login method has been checked (`authweave.storage.check_login`).
        """
        self._user.run(connection, {"user_id": login.user_id, "is_primary_user": False})
        self._method.run(connection, row_of_login(login))


def row_of_login(login: LoginRecord) -> dict[str, Value]:
    """Return the row of a login method that is the only one of its user."""
    return {**attrs.asdict(login), **address_values(login.email), "user_time_joined_ms": login.time_joined_ms}


def address_values(email: str | None) -> dict[str, str | None]:
    """Return the columns of an address: what changes it in a login method sets all of them."""
    return {"email": email, "email_domain": None if email is None else domain_of(email)}


def user_of(rows: Sequence[Row]) -> User:
    """Return the user whose login methods these are, the oldest first: rows of `METHODS`."""
    oldest = rows[0]
    return User(
        id=oldest["external_user_id"] or oldest["user_id"],
        is_primary_user=bool(oldest["is_primary_user"]),
        login_methods=tuple(login_method_of(row) for row in rows),
        time_joined=oldest["time_joined_ms"],
        disabled=oldest["disabled_at_ms"] is not None,
    )


def login_method_of(row: Row) -> LoginMethod:
    """Return a login method."""
    return LoginMethod.of_identity(
        row["provider_id"],
        row["subject"],
        recipe_id=row["recipe_id"],
        recipe_user_id=row["external_recipe_user_id"] or row["recipe_user_id"],
        tenant_ids=(row["tenant_id"],),
        email=row["email"],
        phone_number=row["phone_number"],
        verified=bool(row["verified"]),
        time_joined=row["time_joined_ms"],
    )

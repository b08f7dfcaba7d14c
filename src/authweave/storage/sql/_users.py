"""Users and their login methods, in SQL, for all recipes that have some."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import attrs
from sqlalchemy import Connection, RowMapping, bindparam, delete, insert, select
from typing_extensions import override

from authweave.storage._limits import check_text
from authweave.storage._protocols import UserStore
from authweave.storage._records import LoginRecord
from authweave.types import LoginMethod, User

from ._over_database import OverDatabase
from ._schema import login_methods, users

METHODS: Final = (
    select(users.c.is_primary_user, login_methods)
    .join_from(users, login_methods)
    .order_by(login_methods.c.time_joined_ms, login_methods.c.recipe_user_id)
)
"""Users, with a row for each login method. What narrows it has to take all rows of a user or none."""

OF_USER: Final = METHODS.where(users.c.user_id == bindparam("id"))
OF_OWNER: Final = METHODS.where(
    users.c.user_id.in_(select(login_methods.c.user_id).where(login_methods.c.recipe_user_id == bindparam("id")))
)


class SQLUsers(OverDatabase, UserStore):
    """Users."""

    @override
    def find_user(self, user_id: str) -> User | None:
        check_text(user_id, "user_id")
        with self._database.reading() as connection:
            rows = connection.execute(OF_USER, {"id": user_id}).mappings().all()
            if not rows:
                rows = connection.execute(OF_OWNER, {"id": user_id}).mappings().all()
        return user_of(rows) if rows else None

    @override
    def delete_user(self, user_id: str) -> bool:
        check_text(user_id, "user_id")
        statement = delete(users).where(users.c.user_id == user_id)  # login methods, and what hangs on them, cascade
        return self._database.write(lambda connection: connection.execute(statement).rowcount, one_statement=True) == 1


def insert_user(connection: Connection, login: LoginRecord) -> None:
    """
    Add a user with one login method, in the transaction of a recipe's part: see `Database.write`.

    The login method has been checked (`authweave.storage.check_login`).
    """
    connection.execute(insert(users), {"user_id": login.user_id, "is_primary_user": False})
    connection.execute(insert(login_methods), attrs.asdict(login))


def user_of(rows: Sequence[RowMapping]) -> User:
    """Return the user whose login methods these are, the oldest first: rows of `METHODS`."""
    oldest = rows[0]
    return User(
        id=oldest["user_id"],
        is_primary_user=oldest["is_primary_user"],
        login_methods=tuple(login_method_of(row) for row in rows),
        time_joined=oldest["time_joined_ms"],
    )


def login_method_of(row: RowMapping) -> LoginMethod:
    """Return a login method."""
    return LoginMethod.of_identity(
        row["provider_id"],
        row["subject"],
        recipe_id=row["recipe_id"],
        recipe_user_id=row["recipe_user_id"],
        tenant_id=row["tenant_id"],
        email=row["email"],
        phone_number=row["phone_number"],
        verified=row["verified"],
        time_joined=row["time_joined_ms"],
    )

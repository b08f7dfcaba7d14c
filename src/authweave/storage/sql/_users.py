"""Users and their login methods, in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, RowMapping, bindparam, insert, select, update
from typing_extensions import override

from authweave.storage import (
    EmailTakenError,
    PasswordLogin,
    StorageError,
    UserStore,
    check_email,
    check_password_hash,
    check_password_login,
    check_text,
)
from authweave.storage._users import new_user
from authweave.types import LoginMethod, RecipeUserId, ThirdPartyInfo, User

from ._database import ConstraintError
from ._part import OverDatabase
from ._schema import login_methods, passwords, users, vouched_for_by_none

PASSWORD_LOGINS: Final = select(
    login_methods.c.user_id,
    login_methods.c.recipe_user_id,
    login_methods.c.tenant_id,
    login_methods.c.email,
    passwords.c.password_hash,
    login_methods.c.time_joined_ms,
).join_from(login_methods, passwords)
BY_ADDRESS: Final = PASSWORD_LOGINS.where(
    login_methods.c.tenant_id == bindparam("tenant_id"),
    login_methods.c.recipe_id == "emailpassword",
    login_methods.c.email == bindparam("email"),
    vouched_for_by_none,  # so says the recipe already, but SQLite uses the index only if the query says it too
)
BY_RECIPE_USER_ID: Final = PASSWORD_LOGINS.where(login_methods.c.recipe_user_id == bindparam("recipe_user_id"))

METHODS: Final = (
    select(users.c.is_primary_user, login_methods)
    .join_from(users, login_methods)
    .order_by(login_methods.c.time_joined_ms, login_methods.c.recipe_user_id)
)
OF_USER: Final = METHODS.where(users.c.user_id == bindparam("id"))
OF_OWNER: Final = METHODS.where(
    users.c.user_id.in_(select(login_methods.c.user_id).where(login_methods.c.recipe_user_id == bindparam("id")))
)


class SQLUsers(OverDatabase, UserStore):
    """Users and their email and password login methods."""

    @override
    def create_user_with_password(self, login: PasswordLogin) -> User:
        check_password_login(login)
        user = new_user(login)

        def add(connection: Connection) -> None:
            connection.execute(insert(users), {"user_id": user.id, "is_primary_user": user.is_primary_user})
            connection.execute(
                insert(login_methods),
                {
                    "recipe_user_id": login.recipe_user_id,
                    "user_id": login.user_id,
                    "recipe_id": "emailpassword",
                    "tenant_id": login.tenant_id,
                    "email": login.email,
                    "verified": False,
                    "time_joined_ms": login.time_joined_ms,
                },
            )
            connection.execute(
                insert(passwords), {"recipe_user_id": login.recipe_user_id, "password_hash": login.password_hash}
            )

        try:
            self._database.write(add)
        except ConstraintError as error:
            if self.find_password_login(login.tenant_id, login.email) is not None:
                raise EmailTakenError(login.tenant_id) from error
            raise StorageError(
                "The user was not added: the ids of user and login method have to be new, and the tenant has to exist."
            ) from error
        return user

    @override
    def find_password_login(self, tenant_id: str, email: str) -> PasswordLogin | None:
        check_text(tenant_id, "tenant_id")
        check_email(email)
        with self._database.reading() as connection:
            row = connection.execute(BY_ADDRESS, {"tenant_id": tenant_id, "email": email}).mappings().one_or_none()
        return None if row is None else PasswordLogin(**row)

    @override
    def find_password_login_by_id(self, recipe_user_id: str) -> PasswordLogin | None:
        check_text(recipe_user_id, "recipe_user_id")
        with self._database.reading() as connection:
            row = connection.execute(BY_RECIPE_USER_ID, {"recipe_user_id": recipe_user_id}).mappings().one_or_none()
        return None if row is None else PasswordLogin(**row)

    @override
    def find_user(self, user_id: str) -> User | None:
        check_text(user_id, "user_id")
        with self._database.reading() as connection:
            rows = connection.execute(OF_USER, {"id": user_id}).mappings().all()
            if not rows:
                rows = connection.execute(OF_OWNER, {"id": user_id}).mappings().all()
        return user_of(rows) if rows else None

    @override
    def update_password_login(
        self, recipe_user_id: str, *, email: str | None, password_hash: str | None, from_hash: str | None = None
    ) -> bool:
        check_text(recipe_user_id, "recipe_user_id")
        check_email(email or "")
        check_password_hash(password_hash or "")
        of_login = passwords.c.recipe_user_id == recipe_user_id
        if from_hash is not None:
            of_login &= passwords.c.password_hash == from_hash
        # Written also where it stays as it is: so nobody changes it between this and the address.
        kept = passwords.c.password_hash if password_hash is None else password_hash

        def change(connection: Connection) -> bool:
            if connection.execute(update(passwords).where(of_login).values(password_hash=kept)).rowcount == 0:
                return False
            if email is not None:
                of_method = login_methods.c.recipe_user_id == recipe_user_id
                connection.execute(update(login_methods).where(of_method).values(email=email))
            return True

        try:
            return self._database.write(change)
        except ConstraintError as error:
            # An address is all that can be taken here.
            login = self.find_password_login_by_id(recipe_user_id)
            raise EmailTakenError("" if login is None else login.tenant_id) from error


def user_of(rows: Sequence[RowMapping]) -> User:
    """Return the user whose login methods these are, the oldest first."""
    oldest = rows[0]
    return User(
        id=oldest["user_id"],
        is_primary_user=oldest["is_primary_user"],
        login_methods=tuple(login_method_of(row) for row in rows),
        time_joined=oldest["time_joined_ms"],
    )


def login_method_of(row: RowMapping) -> LoginMethod:
    """Return a login method."""
    provider: str | None = row["third_party_id"]
    return LoginMethod(
        recipe_id=row["recipe_id"],
        recipe_user_id=RecipeUserId(row["recipe_user_id"]),
        tenant_ids=(row["tenant_id"],),
        email=row["email"],
        phone_number=row["phone_number"],
        third_party=None if provider is None else ThirdPartyInfo(provider, row["third_party_user_id"]),
        time_joined=row["time_joined_ms"],
        verified=row["verified"],
    )

"""Users and their email and password login methods, in memory."""

from __future__ import annotations

import attrs
from typing_extensions import override

from authweave.storage._limits import check_email, check_password_hash, check_password_login, check_text
from authweave.storage._protocols import EmailTakenError, UserStore
from authweave.storage._records import PasswordLogin
from authweave.storage._users import new_user
from authweave.types import User

from ._part import InMemory


class MemoryUsers(InMemory, UserStore):
    """Users and their email and password login methods."""

    @override
    def create_user_with_password(self, login: PasswordLogin) -> User:
        check_password_login(login)
        with self._transaction():
            self._check_tenant(login.tenant_id)
            if self.find_password_login(login.tenant_id, login.email) is not None:
                raise EmailTakenError(login.tenant_id)
            self._check_ids(login)
            self._logins[login.recipe_user_id] = login
            return new_user(login)

    @override
    def find_password_login(self, tenant_id: str, email: str) -> PasswordLogin | None:
        check_text(tenant_id, "tenant_id")
        check_email(email)
        with self._transaction():
            found = (login for login in self._logins.values() if (login.tenant_id, login.email) == (tenant_id, email))
            return next(found, None)

    @override
    def find_password_login_by_id(self, recipe_user_id: str) -> PasswordLogin | None:
        check_text(recipe_user_id, "recipe_user_id")
        with self._transaction():
            return self._logins.get(recipe_user_id)

    @override
    def find_user(self, user_id: str) -> User | None:
        check_text(user_id, "user_id")
        with self._transaction():
            login = self._login_of(user_id)
            return None if login is None else new_user(login)

    @override
    def update_password_login(
        self, recipe_user_id: str, *, email: str | None, password_hash: str | None, from_hash: str | None = None
    ) -> bool:
        check_text(recipe_user_id, "recipe_user_id")
        check_email(email or "")
        check_password_hash(password_hash or "")
        with self._transaction():
            login = self._logins.get(recipe_user_id)
            if login is None or from_hash not in {None, login.password_hash}:
                return False
            if email is not None:
                holder = self.find_password_login(login.tenant_id, email)
                if holder is not None and holder.recipe_user_id != recipe_user_id:
                    raise EmailTakenError(login.tenant_id)
                login = attrs.evolve(login, email=email)
            if password_hash is not None:
                login = attrs.evolve(login, password_hash=password_hash)
            self._logins[recipe_user_id] = login
            return True

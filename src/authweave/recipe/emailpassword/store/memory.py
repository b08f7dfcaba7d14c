"""Login methods with a password, in memory."""

from __future__ import annotations

import attrs
from typing_extensions import override

from authweave.storage import EmailTakenError, check_email, check_text
from authweave.storage.memory import MemoryCore
from authweave.types import User

from .protocol import PasswordStore
from .records import PasswordLogin, PasswordUser, check_password_hash, check_password_login


class MemoryPasswords(PasswordStore):
    """Users with their email and password login methods."""

    def __init__(self, core: MemoryCore) -> None:
        self._core = core
        self._logins: dict[str, PasswordLogin] = {}

    @override
    def create_user_with_password(self, login: PasswordLogin) -> User:
        check_password_login(login)
        with self._core.transaction():
            if self.find_password_login(login.tenant_id, login.email) is not None:
                raise EmailTakenError(login.tenant_id)
            user = self._core.add_user(login.to_record())
            self._logins[login.recipe_user_id] = login
            return user

    @override
    def find_password_login(self, tenant_id: str, email: str) -> PasswordLogin | None:
        check_text(tenant_id, "tenant_id")
        check_email(email)
        with self._core.transaction():
            logins = (login for login in self._logins.values() if login.email == email)
            found = next((login for login in logins if self._core.is_in(login.recipe_user_id, tenant_id)), None)
            return None if found is None else self._now(found, tenant_id)

    @override
    def find_password_user(self, tenant_id: str, email: str) -> PasswordUser | None:
        with self._core.transaction():
            login = self.find_password_login(tenant_id, email)
            if login is None:
                return None
            user = self._core.user_of(login.user_id)
            return PasswordUser(login, lambda: user)

    @override
    def has_password_hash(self, login: PasswordLogin) -> bool:
        with self._core.transaction():
            now = self._logins.get(login.recipe_user_id) if login.recipe_user_id in self._core.logins else None
            return now is not None and now.password_hash == login.password_hash

    @override
    def find_password_login_by_id(self, recipe_user_id: str) -> PasswordLogin | None:
        check_text(recipe_user_id, "recipe_user_id")
        with self._core.transaction():
            own_id = self._core.own_id_of(recipe_user_id)
            login = self._logins.get(own_id) if own_id in self._core.logins else None
            return None if login is None else self._now(login, self._core.tenant_of(own_id))

    def _now(self, login: PasswordLogin, tenant_id: str) -> PasswordLogin:
        """Return a login method with the user whose it is now, as one of a tenant."""
        owner = self._core.logins[login.recipe_user_id].user_id
        return attrs.evolve(login, user_id=owner, tenant_id=tenant_id)

    @override
    def update_password_login(
        self, recipe_user_id: str, *, email: str | None, password_hash: str | None, from_hash: str | None = None
    ) -> bool:
        check_text(recipe_user_id, "recipe_user_id")
        check_email(email or "")
        check_password_hash(password_hash or "")
        with self._core.transaction():
            login = self.find_password_login_by_id(recipe_user_id)
            if login is None or from_hash not in {None, login.password_hash}:
                return False
            if email is not None:
                for tenant_id in sorted(self._core.memberships[login.recipe_user_id]):
                    holder = self.find_password_login(tenant_id, email)
                    if holder is not None and holder.recipe_user_id != login.recipe_user_id:
                        raise EmailTakenError(tenant_id)
                login = attrs.evolve(login, email=email)
            if password_hash is not None:
                login = attrs.evolve(login, password_hash=password_hash)
            former = self._core.logins[login.recipe_user_id]
            is_verified = former.verified and former.email == login.email  # another address is nobody's yet
            self._core.change_address(login.recipe_user_id, login.email, verified=is_verified)
            self._logins[login.recipe_user_id] = login
            return True

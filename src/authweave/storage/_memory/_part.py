"""What the parts of the store share."""

from __future__ import annotations

import threading

from authweave.storage._protocols import StorageError
from authweave.storage._records import KeyRecord, PasswordLogin, SessionRecord, TenantProvider, ThirdPartyLogin
from authweave.types import PUBLIC_TENANT


class InMemory:
    """A part of the store, over the dictionaries and the lock that all parts share."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._closed = False
        self._logins: dict[str, PasswordLogin] = {}
        self._third_party_logins: dict[tuple[str, str, str, str], ThirdPartyLogin] = {}
        self._providers: dict[tuple[str, str], TenantProvider] = {}
        self._sessions: dict[str, SessionRecord] = {}
        self._keys: dict[str, KeyRecord] = {}
        self._tenants = {PUBLIC_TENANT}

    def _transaction(self) -> threading.RLock:
        if self._closed:
            raise StorageError("The store is closed: open another one.")
        return self._lock

    def _check_tenant(self, tenant_id: str) -> None:
        if tenant_id not in self._tenants:
            raise StorageError(f"There is no tenant {tenant_id!r}: create it first.")

    def _login_of(self, user_id: str) -> PasswordLogin | ThirdPartyLogin | None:
        """Return the login method of a user, by the user's id or its own."""
        logins: list[PasswordLogin | ThirdPartyLogin] = [*self._logins.values(), *self._third_party_logins.values()]
        by_user_id = (login for login in logins if login.user_id == user_id)
        by_recipe_user_id = (login for login in logins if login.recipe_user_id == user_id)
        return next(by_user_id, None) or next(by_recipe_user_id, None)

    def _check_ids(self, login: PasswordLogin | ThirdPartyLogin) -> None:
        if self._login_of(login.user_id) is not None or self._login_of(login.recipe_user_id) is not None:
            raise StorageError("A user or login method of this id exists already: ids have to be new.")

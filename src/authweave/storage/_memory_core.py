"""What all parts of a store in memory share."""

from __future__ import annotations

import threading

from authweave.types import PUBLIC_TENANT, User

from ._errors import StorageError
from ._limits import check_login
from ._records import KeyRecord, LoginRecord
from ._users import new_user


class MemoryCore:
    """
    What all parts of a store in memory share. Use it in a block of ``with core.transaction():``.

    Attributes:
        tenants: the ids of the tenants.
        logins: the login methods of all recipes, by their own ids; each is all that its user has.
        keys: the signing keys, by their slots.

    .. versionadded:: 0.1.0
    """

    def __init__(self) -> None:
        self.tenants: set[str] = {PUBLIC_TENANT}
        self.logins: dict[str, LoginRecord] = {}
        self.keys: dict[str, KeyRecord] = {}
        self.is_closed: bool = False
        self._lock = threading.RLock()

    def transaction(self) -> threading.RLock:
        """
        Return the one lock.

        Raises:
            StorageError: the store is closed.
        """
        if self.is_closed:
            raise StorageError("The store is closed: open another one.")
        return self._lock

    def check_tenant(self, tenant_id: str) -> None:
        """
        Check that there is a tenant, as a foreign key does in SQL.

        Raises:
            StorageError: there is none.
        """
        if tenant_id not in self.tenants:
            raise StorageError(f"There is no tenant {tenant_id!r}: create it first.")

    def add_user(self, login: LoginRecord) -> User:
        """
        Add a user with one login method. Whether its address or identity is new, the caller has looked.

        Raises:
            authweave.types.BadInputError: a text cannot be kept.
            StorageError: the ids are not new, or there is no such tenant.
        """
        check_login(login)
        self.check_tenant(login.tenant_id)
        if self.login_of(login.user_id) is not None or self.login_of(login.recipe_user_id) is not None:
            raise StorageError("A user or login method of this id exists already: ids have to be new.")
        self.logins[login.recipe_user_id] = login
        return new_user(login)

    def login_of(self, user_id: str) -> LoginRecord | None:
        """Return the login method of a user, by the user's id or its own."""
        by_user_id = (login for login in self.logins.values() if login.user_id == user_id)
        return next(by_user_id, None) or self.logins.get(user_id)

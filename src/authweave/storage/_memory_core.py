"""What all parts of a store in memory share."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

from authweave.types import PUBLIC_TENANT, User

from ._errors import StorageError
from ._limits import check_login
from ._records import KeyRecord, LoginRecord
from ._transaction import Transaction, check_time, joined
from ._users import new_user

Collection: TypeAlias = dict[Any, Any] | set[Any] | list[Any]  # Any: parts keep what they like


class MemoryCore:
    """
    What all parts of a store in memory share. Use it in a block of ``with core.transaction():``.

    Attributes:
        tenants: the ids of the tenants.
        logins: the login methods of all recipes, by their own ids; each is all that its user has.
        keys: the signing keys, by their slots.
        stores: those of the parts, by name. What they keep is in dictionaries, lists and sets that are their
            attributes; what is in those is not changed, but replaced.

    .. versionadded:: 0.1.0
    """

    def __init__(self) -> None:
        self.tenants: set[str] = {PUBLIC_TENANT}
        self.logins: dict[str, LoginRecord] = {}
        self.keys: dict[str, KeyRecord] = {}
        self.is_closed: bool = False
        self.stores: dict[str, object] = {}
        self._lock = threading.RLock()

    def transaction(self) -> threading.RLock:
        """
        Return the one lock. Who is in a transaction of the whole store holds it already.

        Raises:
            StorageError: the store is closed.
            TransactionError: the transaction that this was begun in has ended, or belongs to another thread.
        """
        if self.is_closed:
            raise StorageError("The store is closed: open another one.")
        joined(self)
        return self._lock

    @contextmanager
    def whole_transaction(self) -> Generator[Transaction]:
        """Hold the lock for several operations. If the block raises, what they did is undone."""
        with self.transaction():
            transaction = Transaction(self, joined(self))
            before = [(kept, copied(kept)) for kept in self._kept()]
            try:
                with transaction.noting_undo():
                    with transaction.running():
                        yield transaction
                    check_time()
            except BaseException:
                for kept, copy in before:
                    put_back(kept, copy)
                raise
        transaction.note_commit()

    def _kept(self) -> Iterator[Collection]:
        """Go through all that the core and the parts keep: what is a container among their attributes."""
        yield from (self.tenants, self.logins, self.keys)
        for store in self.stores.values():
            names = {*getattr(store, "__dict__", ()), *getattr(store, "__slots__", ())}
            values = [getattr(store, name, None) for name in names]
            yield from (each for each in values if isinstance(each, (dict, set, list)))

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


def copied(kept: Collection) -> Collection:
    """Return a copy of a container, and of those in it. What else is in it is shared: it is not changed."""
    if isinstance(kept, dict):
        copy = type(kept)(kept)
        for key, value in kept.items():
            if isinstance(value, (dict, set, list)):
                copy[key] = copied(value)
        return copy
    if isinstance(kept, list):
        return [copied(each) if isinstance(each, (dict, set, list)) else each for each in kept]
    return set(kept)


def put_back(kept: Collection, copy: Collection) -> None:
    """Have a container hold again what it held when it was copied."""
    kept.clear()
    if isinstance(kept, list):
        kept.extend(copy)
    else:
        kept.update(copy)

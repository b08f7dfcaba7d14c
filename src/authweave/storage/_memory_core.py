"""What all parts of a store in memory share."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from typing import Any, TypeAlias

import attrs
from typing_extensions import TypeIs

from authweave.types import PUBLIC_TENANT, LoginMethod, User

from ._errors import ContactTakenError, StorageError
from ._limits import check_login
from ._memory_parts import HasPasskeys, OfLoginMethods
from ._records import PASSKEYS, KeyRecord, LoginRecord
from ._terms import Transaction, check_time, joined
from ._user_records import Place, UserIdMapping
from ._users import login_method, new_user

Reserved: TypeAlias = tuple[str, str]
"""An address or a phone number of a primary user: what it is, and its text."""

Collection: TypeAlias = dict[Any, Any] | set[Any] | list[Any]  # Any: parts keep what they like


class MemoryCore:
    """
    What all parts of a store in memory share. Use it in a block of ``with core.transaction():``.

    Attributes:
        tenants: the ids of the tenants.
        logins: the login methods of all recipes, by their own ids.
        memberships: the tenants that login methods are in, by their ids; of `LoginRecord` the user's id is the present
            one, and the tenant that in which it was made.
        primaries: the ids of primary users.
        keys: the signing keys, by their slots.
        disabled: since when users are disabled, by the store's ids of them.
        barred: ids for which there are no sessions, with the moment until when; None until their user is enabled.
        mappings: which ids APIs show instead, by the store's.
        stores: those of the parts, by name. What they keep is in dictionaries, lists and sets that are their
            attributes; what is in those is not changed, but replaced.

    .. versionadded:: 0.1.0
    """

    def __init__(self) -> None:
        self.tenants: set[str] = {PUBLIC_TENANT}
        self.logins: dict[str, LoginRecord] = {}
        self.memberships: dict[str, frozenset[str]] = {}
        self.primaries: set[str] = set()
        self.keys: dict[str, KeyRecord] = {}
        self.disabled: dict[str, int] = {}
        self.barred: dict[str, int | None] = {}
        self.mappings: dict[str, UserIdMapping] = {}
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
            before = [(kept, copied(kept)) for kept in self._collections()]
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

    def _collections(self) -> Iterator[Collection]:
        """Go through all that the core and the parts keep: what is a container among their attributes."""
        yield from (self.tenants, self.logins, self.memberships, self.primaries)
        yield from (self.keys, self.disabled, self.barred, self.mappings)
        for store in self.stores.values():
            names = {*getattr(store, "__dict__", ()), *getattr(store, "__slots__", ())}
            values = [getattr(store, name, None) for name in names]
            yield from (each for each in values if is_collection(each))

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
        if self.is_known(login.user_id) or self.is_known(login.recipe_user_id):
            raise StorageError("A user or login method of this id exists already: ids have to be new.")
        self.logins[login.recipe_user_id] = login
        self.memberships[login.recipe_user_id] = frozenset({login.tenant_id})
        return new_user(login)

    def change_address(self, recipe_user_id: str, email: str, *, verified: bool) -> None:
        """
        Change the address of a login method. Whether it is new among those of its recipe, the caller has looked.

        Raises:
            ContactTakenError: the user is a primary one, and another primary user has the address.
        """
        login = self.logins[recipe_user_id]
        if login.user_id in self.primaries:
            others = self.others_with({("email", email)}, self.tenants_of_user(login.user_id), login.user_id)
            if others:
                raise ContactTakenError(login.user_id)
        self.logins[recipe_user_id] = attrs.evolve(login, email=email, verified=verified)

    def remove_login(self, recipe_user_id: str) -> None:
        """Delete a login method. What the parts keep of it, they have forgotten, or find no more."""
        self.logins.pop(recipe_user_id, None)
        self.memberships.pop(recipe_user_id, None)

    def forget_login_methods(self, owner: str, *methods: str) -> None:
        """Delete what the parts keep of some login methods of a user: the sessions that were made with them."""
        user_ids, ids = self.all_ids([owner]), self.all_ids(methods)
        for store in self.stores.values():
            if isinstance(store, OfLoginMethods):
                store.forget_login_methods(user_ids, ids)

    def is_in(self, recipe_user_id: str, tenant_id: str) -> bool:
        """Return whether a login method is in a tenant."""
        return tenant_id in self.memberships.get(recipe_user_id, ())

    def tenant_of(self, recipe_user_id: str) -> str:
        """Return one tenant of a login method: `public`, or else the first; nothing where it is in none."""
        tenants = self.memberships[recipe_user_id]
        return PUBLIC_TENANT if PUBLIC_TENANT in tenants else min(tenants, default="")

    def tenants_of_user(self, owner: str) -> frozenset[str]:
        """Return the tenants that the login methods of a user are in."""
        return frozenset[str]().union(*(self.memberships[each.recipe_user_id] for each in self.logins_of(owner)))

    def contacts_of(self, owner: str) -> set[Reserved]:
        """Return the addresses and phone numbers of a user."""
        logins = self.logins_of(owner)
        emails = {("email", login.email) for login in logins if login.email is not None}
        return emails | {("phone_number", each.phone_number) for each in logins if each.phone_number is not None}

    def others_with(self, contacts: AbstractSet[Reserved], tenants: AbstractSet[str], *owners: str) -> list[str]:
        """Return the primary users but these who have one of some addresses and numbers, in one of some tenants."""
        others = sorted(self.primaries.difference(owners), key=self.place_of)
        return [each for each in others if contacts & self.contacts_of(each) and tenants & self.tenants_of_user(each)]

    def logins_of(self, owner: str) -> list[LoginRecord]:
        """Return the login methods of a user, the oldest first, by the store's id."""
        logins = (login for login in self.logins.values() if login.user_id == owner)
        return sorted(logins, key=lambda login: (login.time_joined_ms, login.recipe_user_id))

    def is_known(self, user_id: str) -> bool:
        """Return whether the store has made this id, for a user or a login method."""
        return user_id in self.logins or any(login.user_id == user_id for login in self.logins.values())

    def own_id_of(self, user_id: str) -> str:
        """Return the store's id of what is named by whichever id."""
        if self.is_known(user_id):
            return user_id
        owns = (own for own, mapping in self.mappings.items() if mapping.external_user_id == user_id)
        return next(owns, user_id)

    def own_ids_of(self, *user_ids: str) -> set[str]:
        """Return all that may be meant by ids: themselves, and the store's ids of those who are shown by them."""
        return {*user_ids, *(own for own, mapping in self.mappings.items() if mapping.external_user_id in user_ids)}

    def owner_of(self, user_id: str) -> str | None:
        """Return the store's id of the user who is named by whichever id; None if there is none."""
        own = self.own_id_of(user_id)
        if any(login.user_id == own for login in self.logins.values()):
            return own
        return self.logins[own].user_id if own in self.logins else None

    def shown_id_of(self, own: str) -> str:
        """Return the id that APIs show."""
        return self.mappings[own].external_user_id if own in self.mappings else own

    def all_ids(self, own_ids: Iterable[str]) -> tuple[str, ...]:
        """Return the store's ids, and those that APIs show instead."""
        return tuple(dict.fromkeys(each for own in own_ids for each in (own, self.shown_id_of(own))))

    def is_barred(self, user_id: str) -> bool:
        """Return whether there are no sessions for an id: its user is disabled, or was deleted and not added again."""
        is_enabled = self.is_known(user_id) and user_id not in self.disabled
        return user_id in self.barred and (self.barred[user_id] is None or not is_enabled)

    def place_of(self, owner: str) -> Place:
        """Return a user's place in lists."""
        return Place(self.logins_of(owner)[0].time_joined_ms, owner)

    def user_of(self, owner: str) -> User:
        """Return a user, by the store's id."""
        methods = [self.method_of(login) for login in self.logins_of(owner)]
        return User(
            id=self.shown_id_of(owner),
            is_primary_user=owner in self.primaries,
            login_methods=tuple(methods),
            time_joined=methods[0].time_joined,
            disabled=owner in self.disabled,
        )

    def method_of(self, login: LoginRecord) -> LoginMethod:
        """Return a login method, in the tenants that it is in now."""
        shown = attrs.evolve(login, recipe_user_id=self.shown_id_of(login.recipe_user_id))
        method = login_method(shown, self.credential_ids_of(login))
        return attrs.evolve(method, tenant_ids=sorted(self.memberships[login.recipe_user_id]))

    def credential_ids_of(self, login: LoginRecord) -> list[str]:
        """Return the passkeys of a login method, as its part of the store keeps them."""
        if login.recipe_id != PASSKEYS:
            return []
        parts = (store for store in self.stores.values() if isinstance(store, HasPasskeys))
        return sorted(each for part in parts for each in part.credential_ids(login.recipe_user_id))


def is_collection(value: object) -> TypeIs[Collection]:
    """Return whether something is a container that may be changed."""
    return isinstance(value, (dict, set, list))


def copied(kept: Collection) -> Collection:
    """Return a copy of a container, and of those in it. What else is in it is shared: it is not changed."""
    if isinstance(kept, dict):
        copy = type(kept)(kept)
        for key, value in kept.items():
            if is_collection(value):
                copy[key] = copied(value)
        return copy
    if isinstance(kept, list):
        return [copied(each) if is_collection(each) else each for each in kept]
    return set(kept)


def put_back(kept: Collection, copy: Collection) -> None:
    """Have a container hold again what it held when it was copied."""
    kept.clear()
    if isinstance(kept, list):
        kept.extend(copy)
    else:
        kept.update(copy)

"""Users in memory: found, listed, deleted, disabled, and shown with other ids."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import attrs
from typing_extensions import override

from authweave.types import BadInputError, LoginMethod, User

from ._limits import check_text
from ._memory_core import MemoryCore
from ._memory_parts import KeepsShownIds, OfEnabledUsers, OfUsers
from ._protocols import UserStore
from ._records import LoginRecord
from ._user_checks import check_account, check_info, check_listing, check_mapping
from ._user_records import (
    REMEMBERED_MS,
    AccountInfo,
    MappingTaken,
    Place,
    UserIdMapping,
    UserIdType,
    UserListing,
    UserPage,
    UserSearch,
)
from ._users import domain_of


class MemoryUsers(UserStore):
    """Users, of the core, with what the parts of the store that are in use keep of them."""

    def __init__(self, core: MemoryCore) -> None:
        self._core = core

    @override
    def find_user(self, user_id: str) -> User | None:
        check_text(user_id, "user_id")
        with self._core.transaction():
            owner = self._core.owner_of(user_id)
            return None if owner is None else self._core.user_of(owner)

    @override
    def find_login_method(self, recipe_user_id: str) -> LoginMethod | None:
        check_text(recipe_user_id, "recipe_user_id")
        with self._core.transaction():
            login = self._core.logins.get(self._core.own_id_of(recipe_user_id))
            return None if login is None else self._core.method_of(login)

    @override
    def list_users(self, listing: UserListing) -> UserPage:
        check_listing(listing)
        with self._core.transaction():
            places = sorted(
                {
                    self._core.place_of(login.user_id)
                    for login in self._core.logins.values()
                    if self._core.is_in(login.recipe_user_id, listing.tenant_id) and is_listed(login, listing)
                },
                reverse=listing.newest_first,
            )
            following = [place for place in places if is_reached(place, listing)]
            users = tuple(self._core.user_of(place.user_id) for place in following[: listing.limit])
            return UserPage(users, following[listing.limit] if len(following) > listing.limit else None)

    @override
    def find_users(self, tenant_id: str, account: AccountInfo, *, union: bool) -> tuple[User, ...]:
        check_account(tenant_id, account)
        with self._core.transaction():
            logins = [each for each in self._core.logins.values() if self._core.is_in(each.recipe_user_id, tenant_id)]
            asked = list(matching(logins, account))
            if account.credential_id is not None:
                asked.append(
                    {each.user_id for each in logins if account.credential_id in self._core.credential_ids_of(each)}
                )
            if not asked:
                return ()
            user_ids = set[str]().union(*asked) if union else asked[0].intersection(*asked[1:])
            return tuple(self._core.user_of(each.user_id) for each in sorted(map(self._core.place_of, user_ids)))

    @override
    def count_users(self, tenant_id: str | None, recipe_ids: frozenset[str] | None) -> int:
        check_text(tenant_id or "", "tenant_id")
        with self._core.transaction():
            logins = self._core.logins.values()
            of_tenant = (
                each for each in logins if tenant_id is None or self._core.is_in(each.recipe_user_id, tenant_id)
            )
            return len({each.user_id for each in of_tenant if recipe_ids is None or each.recipe_id in recipe_ids})

    @override
    def delete_user(self, user_id: str, *, now_ms: int, remove_all_linked_accounts: bool = True) -> bool:
        check_text(user_id, "user_id")
        with self._core.transaction():
            owner, own_id = self._core.owner_of(user_id), self._core.own_id_of(user_id)
            if owner is None:
                return False
            methods = [login.recipe_user_id for login in self._core.logins_of(owner)]
            until_ms = now_ms + REMEMBERED_MS
            if remove_all_linked_accounts or methods == [own_id]:
                self._forget([owner, *methods], until_ms)
                self._core.disabled.pop(owner, None)
                self._core.primaries.discard(owner)
            elif own_id in methods:
                self._core.forget_login_methods(owner, own_id)
                if own_id != owner:
                    self._forget([own_id], until_ms)
                else:
                    self._core.remove_login(own_id)
                    self._core.barred[own_id] = until_ms
            return True

    def _forget(self, own_ids: Collection[str], until_ms: int) -> None:
        """Delete login methods, and all that belongs to ids of the store and those that are shown instead."""
        ids = self._core.all_ids(own_ids)
        for store in self._core.stores.values():
            if isinstance(store, OfUsers):
                store.forget_users(ids)
        for each in own_ids:
            self._core.remove_login(each)
            self._core.mappings.pop(each, None)
        self._core.barred |= dict.fromkeys(ids, until_ms)

    @override
    def set_disabled(self, user_id: str, at_ms: int | None) -> bool:
        check_text(user_id, "user_id")
        with self._core.transaction():
            owner = self._core.owner_of(user_id)
            if owner is None or (owner in self._core.disabled) == (at_ms is not None):
                return False
            ids = self._core.all_ids([owner, *(login.recipe_user_id for login in self._core.logins_of(owner))])
            if at_ms is None:
                del self._core.disabled[owner]
                for each in ids:
                    if each in self._core.barred and self._core.barred[each] is None:
                        del self._core.barred[each]
            else:
                self._core.disabled[owner] = at_ms
                for each in ids:
                    if each != owner or owner in self._core.logins:
                        self._core.barred[each] = None
                self._core.barred.setdefault(owner)  # or the login method of this id was deleted, which stays noted
            for store in self._core.stores.values():
                if isinstance(store, OfEnabledUsers):
                    store.forget_disabled_users(ids)
            return True

    @override
    def purge_barred_users(self, now_ms: int, limit: int) -> int:
        with self._core.transaction():
            barred = ((each, until_ms) for each, until_ms in self._core.barred.items() if until_ms is not None)
            over = [each for each, until_ms in barred if until_ms <= now_ms and each not in self._core.disabled]
            for each in over[: max(limit, 0)]:
                del self._core.barred[each]
            return len(over[: max(limit, 0)])

    @override
    def create_user_id_mapping(self, mapping: UserIdMapping, *, force: bool = False) -> bool | MappingTaken:
        check_mapping(mapping)
        own, external = mapping.user_id, mapping.external_user_id
        with self._core.transaction():
            if not self._core.is_known(own):
                return False
            taken = MappingTaken(
                of_user_id=own in self._core.mappings,
                of_external_user_id=any(each.external_user_id == external for each in self._core.mappings.values()),
            )
            if taken.of_user_id or taken.of_external_user_id:
                return taken
            if external != own and not force and self._core.is_known(external):
                message = "external_user_id is the id of a user: choose another, or say force=True."
                raise BadInputError(message)
            self._core.mappings[own] = mapping
            if not self._core.is_known(external):  # what bars an id of the store goes on doing so
                self._core.barred.pop(external, None)
                if self._core.owner_of(own) in self._core.disabled:
                    self._core.barred[external] = None
            for store in self._core.stores.values():
                if isinstance(store, KeepsShownIds):
                    store.rename_user(own, external)
            return True

    @override
    def find_user_id_mapping(self, user_id: str, kind: UserIdType = "ANY") -> UserIdMapping | None:
        check_text(user_id, "user_id")
        with self._core.transaction():
            own = self._core.mappings.get(user_id)
            by_external = (each for each in self._core.mappings.values() if each.external_user_id == user_id)
            external = next(by_external, None)
            return own if kind == "SUPERTOKENS" else external if kind == "EXTERNAL" else own or external

    @override
    def delete_user_id_mapping(self, user_id: str, kind: UserIdType = "ANY") -> bool:
        with self._core.transaction():
            mapping = self.find_user_id_mapping(user_id, kind)
            if mapping is None:
                return False
            for store in self._core.stores.values():
                if isinstance(store, KeepsShownIds):
                    store.rename_user(mapping.external_user_id, mapping.user_id)
            del self._core.mappings[mapping.user_id]
            if not self._core.is_known(mapping.external_user_id):
                self._core.barred.pop(mapping.external_user_id, None)
            return True

    @override
    def set_user_id_mapping_info(self, user_id: str, kind: UserIdType, info: str | None) -> bool:
        check_info(info)
        with self._core.transaction():
            mapping = self.find_user_id_mapping(user_id, kind)
            if mapping is not None:
                self._core.mappings[mapping.user_id] = attrs.evolve(mapping, external_user_info=info)
            return mapping is not None


def is_listed(login: LoginRecord, listing: UserListing) -> bool:
    """Return whether a login method is one that a listing asks for."""
    return (listing.recipe_ids is None or login.recipe_id in listing.recipe_ids) and begins(login, listing.search)


def begins(login: LoginRecord, search: UserSearch) -> bool:
    """Return whether a login method begins with what is searched for."""
    email = login.email or ""
    return all(
        not texts or any(value.startswith(text) for value in values if value for text in texts)
        for texts, values in (
            (search.emails, (email, domain_of(email))),
            (search.phone_numbers, (login.phone_number,)),
            (search.providers, (login.provider_id,)),
        )
    )


def is_reached(place: Place, listing: UserListing) -> bool:
    """Return whether a place is where a listing begins, or after it."""
    if listing.start is None:
        return True
    return place <= listing.start if listing.newest_first else place >= listing.start


def matching(logins: Collection[LoginRecord], account: AccountInfo) -> Iterator[set[str]]:
    """Yield the ids of the users who have each thing that is asked."""
    if account.email is not None:
        yield {login.user_id for login in logins if login.email == account.email}
    if account.phone_number is not None:
        yield {login.user_id for login in logins if login.phone_number == account.phone_number}
    if account.identity is not None:
        yield {login.user_id for login in logins if (login.provider_id, login.subject) == account.identity}

"""Login methods in memory: linked to users, and made members of tenants."""

from __future__ import annotations

import attrs
from typing_extensions import override

from ._errors import DisabledUserError
from ._limits import check_text
from ._links import (
    AccountTaken,
    Contact,
    ContactTaken,
    LinkedAccounts,
    LinkedElsewhere,
    Linking,
    MadePrimary,
    Member,
    Membership,
    NotPrimary,
    PrimaryUser,
    Unlinked,
)
from ._memory_core import MemoryCore
from ._memory_parts import OfMemberships
from ._protocols import LinkStore
from ._records import LoginRecord
from ._user_records import REMEMBERED_MS


class MemoryLinks(LinkStore):
    """Primary users with their login methods, and the tenants of these."""

    def __init__(self, core: MemoryCore) -> None:
        self._core = core

    @override
    def create_primary_user(self, recipe_user_id: str, *, only_check: bool = False) -> MadePrimary:
        check_text(recipe_user_id, "recipe_user_id")
        core = self._core
        with core.transaction():
            owner = core.owner_of(recipe_user_id)
            if owner is None:
                return None
            if owner in core.primaries:
                is_the_users = core.own_id_of(recipe_user_id) == owner or len(core.logins_of(owner)) == 1
                user = core.user_of(owner)
                return PrimaryUser(user, is_new=False) if is_the_users else LinkedElsewhere(user)
            self._require_enabled(owner)
            others = core.others_with(core.contacts_of(owner), core.tenants_of_user(owner), owner)
            if others:
                return AccountTaken(core.user_of(others[0]))
            if not only_check:
                core.primaries.add(owner)
            return PrimaryUser(core.user_of(owner), is_new=True)

    @override
    def link_accounts(self, recipe_user_id: str, primary_user_id: str, *, only_check: bool = False) -> Linking:
        check_text(recipe_user_id, "recipe_user_id")
        check_text(primary_user_id, "primary_user_id")
        core = self._core
        with core.transaction():
            login, owner = self._login(recipe_user_id), core.owner_of(primary_user_id)
            if login is None or owner is None:
                return None
            former = login.user_id
            if owner not in core.primaries:
                return NotPrimary(core.user_of(owner))
            if former == owner:
                return LinkedAccounts(core.user_of(owner), is_new=False)
            if former in core.primaries:
                return LinkedElsewhere(core.user_of(former))
            self._require_enabled(owner)
            self._require_enabled(former)
            others = core.others_with(
                core.contacts_of(owner) | core.contacts_of(former),
                core.tenants_of_user(owner) | core.tenants_of_user(former),
                owner,
            )
            if others:
                return AccountTaken(core.user_of(others[0]))
            if not only_check:
                core.forget_login_methods(former, former, login.recipe_user_id)
                core.logins[login.recipe_user_id] = attrs.evolve(login, user_id=owner)
            return LinkedAccounts(core.user_of(owner), is_new=True)

    @override
    def unlink_account(self, recipe_user_id: str, *, now_ms: int) -> Unlinked | None:
        check_text(recipe_user_id, "recipe_user_id")
        core = self._core
        with core.transaction():
            login = self._login(recipe_user_id)
            if login is None:
                return None
            own, owner = login.recipe_user_id, login.user_id
            if owner not in core.primaries:
                return Unlinked(core.user_of(owner), was_linked=False, was_deleted=False)
            core.forget_login_methods(owner, own)
            is_last, is_deleted = len(core.logins_of(owner)) == 1, False
            if is_last:
                core.primaries.discard(owner)
            elif own == owner:
                is_deleted = True
                core.remove_login(own)
                core.barred[own] = now_ms + REMEMBERED_MS
            else:
                core.logins[own] = attrs.evolve(login, user_id=own)
                if owner in core.disabled:
                    core.disabled[own] = core.disabled[owner]
            return Unlinked(core.user_of(owner), was_linked=True, was_deleted=is_deleted)

    @override
    def add_to_tenant(self, recipe_user_id: str, tenant_id: str) -> Membership:
        check_text(recipe_user_id, "recipe_user_id")
        check_text(tenant_id, "tenant_id")
        core = self._core
        with core.transaction():
            login = self._login(recipe_user_id)
            if login is None:
                return None
            core.check_tenant(tenant_id)
            own, owner = login.recipe_user_id, login.user_id
            if core.is_in(own, tenant_id):
                return Member(core.user_of(owner), is_new=False)
            if owner in core.primaries:
                others = core.others_with(core.contacts_of(owner), {tenant_id}, owner)
                if others:
                    return AccountTaken(core.user_of(others[0]))
            contact = self._find_taken(login, tenant_id)
            if contact is not None:
                return ContactTaken(contact)
            core.memberships[own] |= {tenant_id}
            return Member(core.user_of(owner), is_new=True)

    @override
    def remove_from_tenant(self, recipe_user_id: str, tenant_id: str) -> bool:
        check_text(recipe_user_id, "recipe_user_id")
        check_text(tenant_id, "tenant_id")
        core = self._core
        with core.transaction():
            login = self._login(recipe_user_id)
            if login is None or not core.is_in(login.recipe_user_id, tenant_id):
                return False
            core.memberships[login.recipe_user_id] -= {tenant_id}
            is_gone = tenant_id not in core.tenants_of_user(login.user_id)
            ids = core.all_ids([login.recipe_user_id, *([login.user_id] if is_gone else [])])
            for store in core.stores.values():
                if isinstance(store, OfMemberships):
                    store.forget_memberships(tenant_id, ids)
            return True

    def _login(self, recipe_user_id: str) -> LoginRecord | None:
        """Return a login method, by whichever id."""
        return self._core.logins.get(self._core.own_id_of(recipe_user_id))

    def _require_enabled(self, owner: str) -> None:
        """
        Require that a user is not disabled.

        Raises:
            DisabledUserError: the user is.
        """
        if owner in self._core.disabled:
            raise DisabledUserError(self._core.shown_id_of(owner))

    def _find_taken(self, login: LoginRecord, tenant_id: str) -> Contact | None:
        """Return what another login method of the recipe has in a tenant that has to be unique there."""
        others = [
            each
            for each in self._core.logins.values()
            if each.recipe_id == login.recipe_id and self._core.is_in(each.recipe_user_id, tenant_id)
        ]
        if login.provider_id is not None:
            identity = identity_of(login)
            return "identity" if any(identity_of(each) == identity for each in others) else None
        if login.email is not None and any((each.provider_id, each.email) == (None, login.email) for each in others):
            return "email"
        numbers = {each.phone_number for each in others} - {None}
        return "phone_number" if login.phone_number in numbers else None


def identity_of(login: LoginRecord) -> tuple[str | None, str, str | None]:
    """Return what a provider knows a user by."""
    return login.provider_id, login.issuer, login.subject

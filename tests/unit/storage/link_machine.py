"""Steps for users with several login methods in several tenants, held against a few dictionaries."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

import attrs
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from authweave.recipe.emailpassword.store import PASSWORDS
from authweave.recipe.session.store import SESSIONS
from authweave.recipe.thirdparty.store import THIRD_PARTIES
from authweave.recipe.thirdparty.store.contract import a_third_party_login
from authweave.storage import (
    AccountTaken,
    BarredUserError,
    ContactTaken,
    ContactTakenError,
    DisabledUserError,
    EmailTakenError,
    LinkedAccounts,
    LinkedElsewhere,
    LinkedUserError,
    Member,
    NotPrimary,
    PrimaryUser,
    Unlinked,
)
from authweave.testing.storage_contract import PUBLIC, raises
from authweave.testing.storage_machine import StorageMachine
from authweave.types import User

from .linked_users import OTHER, listed, live, methods, with_password, with_provider, with_session

SHORT: Final = 5
"""So few login methods are there at most, so that steps meet each other."""

picks: st.SearchStrategy[int] = st.integers(0, SHORT - 1)
emails: st.SearchStrategy[str] = st.sampled_from(["a@example.com", "b@example.com"])
tenants: st.SearchStrategy[str] = st.sampled_from([PUBLIC, OTHER])


@attrs.frozen
class Method:
    """A login method, in the model."""

    owner: str
    has_password: bool
    email: str
    tenants: frozenset[str]
    number: int


class LinkMachine(StorageMachine):
    """Steps for links and shared tenants."""

    def __init__(self) -> None:
        super().__init__()
        self.made: list[int] = []
        self.known: dict[str, Method] = {}
        self.primaries: set[str] = set()
        self.off: set[str] = set()
        self.of_sessions: dict[int, tuple[str, str, str]] = {}

    @initialize(found=st.lists(st.tuples(emails, tenants, st.booleans()), min_size=3, max_size=4))
    def begin(self, found: list[tuple[str, str, bool]]) -> None:
        """Begin with some users, of whom those are primary ones who can be."""
        for email, tenant_id, has_password in found:
            self.sign_up(email, tenant_id, has_password=has_password)
        for number in range(len(self.known)):
            self.make_primary(number, only_check=False)

    def pick(self, number: int) -> str:
        """Return the id of one of the login methods."""
        return sorted(self.known)[number % len(self.known)]

    def of(self, owner: str) -> dict[str, Method]:
        """Return the login methods of a user."""
        return {key: each for key, each in self.known.items() if each.owner == owner}

    def holders(self, owner: str, *others: str, tenants: frozenset[str] = frozenset()) -> set[str]:
        """Return the primary users who have an address of these users, in a tenant of theirs or of some more."""
        theirs = [each for user in (owner, *others) for each in self.of(user).values()]
        in_tenants = tenants.union(*(each.tenants for each in theirs))
        return {
            user
            for user in self.primaries - {owner}
            if {each.email for each in theirs} & {each.email for each in self.of(user).values()}
            and in_tenants & frozenset[str]().union(*(each.tenants for each in self.of(user).values()))
        }

    def end_sessions(self, owner: str, *made_with: str, tenant_id: str | None = None) -> None:
        """Take sessions of a user that were made with some login methods out of the model."""
        for number, (user_id, method, tenant) in [*self.of_sessions.items()]:
            if user_id == owner and method in made_with and tenant_id in {None, tenant}:
                del self.of_sessions[number]

    def give(self, key: str, owner: str) -> None:
        """Make a login method a user's."""
        self.known[key] = attrs.evolve(self.known[key], owner=owner)

    @precondition(lambda self: len(self.known) < SHORT)
    @rule(email=emails, tenant_id=tenants, has_password=st.booleans())
    def sign_up(self, email: str, tenant_id: str, *, has_password: bool) -> None:
        """Add a user with a password, or one whom a provider vouches for."""
        number = len(self.made)
        self.made.append(number)
        if not self.storage.tenant_exists(tenant_id):
            return
        add = with_password if has_password else with_provider
        if has_password and self.with_address(email, {tenant_id}):
            assert raises(EmailTakenError, partial(add, tenant_id=tenant_id), self.storage, number, email)
            return
        key = add(self.storage, number, email, tenant_id=tenant_id)
        self.known[key] = Method(key, has_password, email, frozenset({tenant_id}), number)

    def with_address(self, email: str, in_tenants: set[str] | frozenset[str]) -> set[str]:
        """Return the login methods with passwords that have an address in some of the tenants."""
        return {
            key
            for key, each in self.known.items()
            if each.has_password and each.email == email and each.tenants & in_tenants
        }

    @precondition(lambda self: bool(self.known))
    @rule(number=picks, only_check=st.booleans())
    def make_primary(self, number: int, *, only_check: bool) -> None:
        """Make the user of a login method a primary one."""
        key = self.pick(number)
        owner = self.known[key].owner
        make = partial(self.storage.create_primary_user, only_check=only_check)
        if owner in self.primaries:
            expected = PrimaryUser if key == owner or len(self.of(owner)) == 1 else LinkedElsewhere
            answer = make(key)
            assert isinstance(answer, expected)
            assert not isinstance(answer, PrimaryUser) or not answer.is_new
        elif owner in self.off:
            assert raises(DisabledUserError, make, key)
        elif self.holders(owner):
            self.expect_taken(make(key), self.holders(owner))
        else:
            answer = make(key)
            assert isinstance(answer, PrimaryUser)
            assert answer.is_new
            if not only_check:
                self.primaries.add(owner)

    def expect_taken(self, answer: object, holders: set[str]) -> None:
        """Check that one of these users was found to hinder something."""
        assert isinstance(answer, AccountTaken)
        assert answer.user.id in holders

    @precondition(lambda self: len(self.known) > 1)
    @rule(number=picks, other=picks, only_check=st.booleans())
    def link(self, number: int, other: int, *, only_check: bool) -> None:
        """Link a login method to the user of another one."""
        key, named = self.pick(number), self.pick(other)
        former, owner = self.known[key].owner, self.known[named].owner
        link = partial(self.storage.link_accounts, only_check=only_check)
        if owner not in self.primaries:
            answer = link(key, named)
            assert isinstance(answer, NotPrimary)
            assert answer.user.id == owner
        elif former == owner:
            answer = link(key, named)
            assert isinstance(answer, LinkedAccounts)
            assert not answer.is_new
        elif former in self.primaries:
            answer = link(key, named)
            assert isinstance(answer, LinkedElsewhere)
            assert answer.user.id == former
        elif {former, owner} & self.off:
            assert raises(DisabledUserError, link, key, named)
        elif self.holders(owner, former):
            self.expect_taken(link(key, named), self.holders(owner, former))
        else:
            answer = link(key, named)
            assert isinstance(answer, LinkedAccounts)
            assert answer.is_new
            if not only_check:
                self.end_sessions(former, key, former)
                self.give(key, owner)

    @precondition(lambda self: bool(self.known))
    @rule(number=picks)
    def unlink(self, number: int) -> None:
        """Take a login method from its user."""
        key = self.pick(number)
        owner = self.known[key].owner
        answer = self.storage.unlink_account(key, now_ms=0)
        assert isinstance(answer, Unlinked)
        assert answer.was_linked == (owner in self.primaries)
        is_last = len(self.of(owner)) == 1
        assert answer.was_deleted == (owner in self.primaries and key == owner and not is_last)
        if not answer.was_linked:
            return
        self.end_sessions(owner, key)
        if is_last:
            self.primaries.discard(owner)
        elif answer.was_deleted:
            del self.known[key]
        else:
            self.give(key, key)
            if owner in self.off:
                self.off.add(key)

    @precondition(lambda self: bool(self.known))
    @rule(number=picks, tenant_id=tenants)
    def join_tenant(self, number: int, tenant_id: str) -> None:
        """Let a login method be used in a tenant."""
        key = self.pick(number)
        method = self.known[key]
        if not self.storage.tenant_exists(tenant_id):
            return
        answer = self.storage.add_to_tenant(key, tenant_id)
        holders = self.holders(method.owner, tenants=frozenset({tenant_id}))
        if tenant_id in method.tenants:
            assert isinstance(answer, Member)
            assert not answer.is_new
        elif method.owner in self.primaries and holders:
            self.expect_taken(answer, holders)
        elif method.has_password and self.with_address(method.email, {tenant_id}):
            assert answer == ContactTaken("email")
        else:
            assert isinstance(answer, Member)
            assert answer.is_new
            self.known[key] = attrs.evolve(method, tenants=method.tenants | {tenant_id})

    @precondition(lambda self: bool(self.known))
    @rule(number=picks, tenant_id=tenants)
    def leave_tenant(self, number: int, tenant_id: str) -> None:
        """Take a login method from a tenant."""
        key = self.pick(number)
        method = self.known[key]
        assert self.storage.remove_from_tenant(key, tenant_id) == (tenant_id in method.tenants)
        if tenant_id in method.tenants:
            self.known[key] = attrs.evolve(method, tenants=method.tenants - {tenant_id})
            self.end_sessions(method.owner, key, tenant_id=tenant_id)

    @rule()
    def replace_tenant(self) -> None:
        """Delete a tenant, or make it again."""
        if OTHER in self.tenants:
            assert self.storage.delete_tenant(OTHER)
            self.tenants.remove(OTHER)
            for key, each in [*self.known.items()]:
                self.known[key] = attrs.evolve(each, tenants=each.tenants - {OTHER})
            self.of_sessions = {number: each for number, each in self.of_sessions.items() if each[2] != OTHER}
        else:
            assert not self.storage.delete_tenant(OTHER)
            assert self.storage.create_tenant(OTHER)
            self.tenants.add(OTHER)

    @precondition(lambda self: bool(self.known))
    @rule(number=picks, remove_all=st.booleans())
    def delete(self, number: int, *, remove_all: bool) -> None:
        """Delete a user, or one login method."""
        key = self.pick(number)
        owner = self.known[key].owner
        theirs = self.of(owner)
        assert self.storage.delete_user(key, now_ms=0, remove_all_linked_accounts=remove_all)
        if remove_all or [*theirs] == [key]:
            self.end_sessions(owner, owner, *theirs)
            for each in theirs:
                del self.known[each]
            self.primaries.discard(owner)
            self.off.discard(owner)
            return
        del self.known[key]
        self.end_sessions(owner, key)

    @precondition(lambda self: bool(self.known))
    @rule(number=picks, at_ms=st.none() | st.just(1))
    def disable(self, number: int, at_ms: int | None) -> None:
        """Disable a user, or enable one again."""
        owner = self.known[self.pick(number)].owner
        changes = (owner in self.off) == (at_ms is None)
        assert self.storage.set_disabled(self.pick(number), at_ms) == changes
        if changes and at_ms is None:
            self.off.remove(owner)
        elif changes:
            self.off.add(owner)
            self.end_sessions(owner, owner, *self.of(owner))

    @precondition(lambda self: bool(self.known))
    @rule(number=picks, email=emails)
    def change_address(self, number: int, email: str) -> None:
        """Change an address, by the user or by the provider."""
        key = self.pick(number)
        method = self.known[key]
        changed = attrs.evolve(method, email=email)
        change: Callable[[], object]
        if method.has_password:
            change = partial(self.storage.part(PASSWORDS).update_password_login, key, email=email, password_hash=None)
        elif not method.tenants or method.owner in self.off:
            return
        else:
            told = a_third_party_login(
                99, subject=f"subject-{method.number}", tenant_id=min(method.tenants), email=email
            )
            change = partial(self.storage.part(THIRD_PARTIES).sign_in_or_up, told)
        if method.has_password and self.with_address(email, method.tenants) - {key}:
            assert raises(EmailTakenError, change)
            return
        self.known[key] = changed
        if method.owner in self.primaries and self.holders(method.owner):
            self.known[key] = method
            assert raises(ContactTakenError, change)
            return
        assert change()

    @precondition(lambda self: bool(self.known))
    @rule(number=picks, session=st.integers(0, 2), is_stale=st.booleans())
    def sign_in(self, number: int, session: int, *, is_stale: bool) -> None:
        """Make a session with a login method, of its user; or of the one that it was."""
        key = self.pick(number)
        method = self.known[key]
        if session in self.of_sessions or not method.tenants:
            return
        tenant_id = min(method.tenants)
        user_id = key if is_stale and not self.of(key) else method.owner
        make = partial(with_session, tenant_id=tenant_id)
        if method.owner in self.off:
            assert raises(BarredUserError, make, self.storage, session, user_id, key)
        elif user_id != method.owner:
            assert raises(LinkedUserError, make, self.storage, session, user_id, key)
        else:
            make(self.storage, session, user_id, key)
            self.of_sessions[session] = (user_id, key, tenant_id)

    @invariant()
    def users_agree(self) -> None:
        """Hold every user against the model: by all ids, in all lists; and their sessions."""
        for key, method in self.known.items():
            user = self.storage.find_user(key)
            assert user is not None
            theirs = self.of(method.owner)
            assert (user.id, user.is_primary_user) == (method.owner, method.owner in self.primaries)
            assert user.disabled == (method.owner in self.off)
            assert methods(user) == sorted(theirs, key=lambda each: theirs[each].number)
            assert [shown(user, each) for each in methods(user)] == [
                (theirs[each].email, sorted(theirs[each].tenants)) for each in methods(user)
            ]
        for tenant_id in self.tenants & {PUBLIC, OTHER}:
            there = {each.owner for each in self.known.values() if tenant_id in each.tenants}
            joined = {owner: min(each.number for each in self.of(owner).values()) for owner in there}
            assert listed(self.storage, tenant_id) == sorted(there, key=lambda owner: joined[owner])
            for key, method in self.known.items():
                if method.has_password:
                    found = self.storage.part(PASSWORDS).find_password_login(tenant_id, method.email)
                    assert (found is not None and found.recipe_user_id == key) == (tenant_id in method.tenants)
        assert live(self.storage, range(3)) == sorted(self.of_sessions)
        for owner in {each.owner for each in self.known.values()}:
            expected = {f"handle-{number}" for number, each in self.of_sessions.items() if each[0] == owner}
            assert {*self.storage.part(SESSIONS).session_handles_of_user(owner, None, 9)} == expected

    @invariant()
    def no_two_primary_users_share_an_address(self) -> None:
        """In any tenant: the law, on the model, which is what the store has."""
        assert not any(self.holders(owner) for owner in self.primaries)


def shown(user: User, recipe_user_id: str) -> tuple[str | None, list[str]]:
    """Return the address and the tenants of one of a user's login methods."""
    method = next(each for each in user.login_methods if each.recipe_user_id.get_as_string() == recipe_user_id)
    return method.email, [*method.tenant_ids]

"""What every store owes of tenants that share users, as tests."""

from __future__ import annotations

from functools import partial

import attrs

from authweave.one_time_tokens import ONE_TIME_TOKENS
from authweave.one_time_tokens.store.contract import a_token
from authweave.recipe.emailpassword.store import PASSWORDS
from authweave.recipe.emailpassword.store.contract import a_login
from authweave.recipe.thirdparty.store import THIRD_PARTIES
from authweave.recipe.thirdparty.store.contract import a_tenant_provider, a_third_party_login, provider_tokens_of
from authweave.recipe.userroles.store import USER_ROLES
from authweave.storage import (
    AccountInfo,
    AccountTaken,
    ContactTaken,
    EmailTakenError,
    Member,
    Storage,
    StorageError,
)
from authweave.testing.storage_contract import PUBLIC, StoreContract, raises

from .linked_users import (
    OTHER,
    linked,
    listed,
    live,
    made_primary,
    the_user,
    with_password,
    with_provider,
    with_session,
)


class SharedTenantContract(StoreContract):
    """What a store owes of login methods in several tenants."""

    def with_tenants(self) -> Storage:
        """Return a store with one more tenant."""
        storage = self.new_storage()
        storage.create_tenant(OTHER)
        return storage

    def test_a_login_method_is_found_in_all_its_tenants(self) -> None:
        """As one login method of one user, by whatever it is looked up; and in none where it is not."""
        storage = self.with_tenants()
        passwords, third_parties = storage.part(PASSWORDS), storage.part(THIRD_PARTIES)
        user_id, vouched = with_password(storage, 1), with_provider(storage, 2, "b@example.com", tenant_id=OTHER)
        assert storage.add_to_tenant(user_id, OTHER) == Member(the_user(storage, user_id), is_new=True)
        assert storage.add_to_tenant(user_id, OTHER) == Member(the_user(storage, user_id), is_new=False)
        assert isinstance(storage.add_to_tenant(vouched, PUBLIC), Member)
        user = the_user(storage, user_id)
        assert user.login_methods[0].tenant_ids == [OTHER, PUBLIC]
        for tenant_id in (PUBLIC, OTHER):
            login = passwords.find_password_login(tenant_id, "user-1@example.com")
            assert login == attrs.evolve(a_login(1, tenant_id=tenant_id), recipe_user_id=user_id)
            found = passwords.find_password_user(tenant_id, "user-1@example.com")
            assert found is not None
            assert (found.login, found.user()) == (login, user)
            told = a_third_party_login(9, subject="subject-2", email="b@example.com", tenant_id=tenant_id)
            signed_in = third_parties.sign_in_or_up(told)
            assert (signed_in.user.id, signed_in.is_new) == (vouched, False)
            known = third_parties.find_third_party_login(tenant_id, "provider", "", "subject-2")
            assert known is not None
            assert (known.tenant_id, known.recipe_user_id) == (tenant_id, vouched)
            assert storage.find_users(tenant_id, AccountInfo(email="user-1@example.com"), union=True) == (user,)
            assert storage.find_users(tenant_id, AccountInfo(email="b@example.com"), union=False)[0].id == vouched
            assert listed(storage, tenant_id) == [user_id, vouched]
        assert storage.count_users(None, None) == 2
        login = passwords.find_password_login_by_id(user_id)
        vouched_for = third_parties.find_third_party_login_by_id(vouched)
        assert (login and login.tenant_id, vouched_for and vouched_for.tenant_id) == (PUBLIC, PUBLIC)
        assert storage.find_users("nowhere", AccountInfo(email="user-1@example.com"), union=True) == ()
        assert storage.remove_from_tenant(user_id, PUBLIC)
        assert passwords.find_password_login(PUBLIC, "user-1@example.com") is None
        login = passwords.find_password_login_by_id(user_id)
        assert (login and login.tenant_id, listed(storage), listed(storage, OTHER)) == (
            OTHER,
            [vouched],
            [user_id, vouched],
        )

    def test_what_is_unique_in_a_tenant_stays_so(self) -> None:
        """An address of a recipe, and who a provider says somebody is; addresses of other recipes hinder nobody."""
        storage = self.with_tenants()
        here, there = (
            with_password(storage, 1, "a@example.com"),
            with_password(storage, 2, "a@example.com", tenant_id=OTHER),
        )
        vouched = with_provider(storage, 3, "a@example.com")
        told = a_third_party_login(4, subject="subject-3", email="c@example.com", tenant_id=OTHER)
        storage.part(THIRD_PARTIES).sign_in_or_up(told)
        assert storage.add_to_tenant(here, OTHER) == ContactTaken("email")
        assert storage.add_to_tenant(there, PUBLIC) == ContactTaken("email")
        assert storage.add_to_tenant(vouched, OTHER) == ContactTaken("identity")
        assert [listed(storage, each) for each in (PUBLIC, OTHER)] == [[here, vouched], [there, "user-4"]]
        assert storage.delete_user("user-4", now_ms=1)
        assert isinstance(storage.add_to_tenant(vouched, OTHER), Member)
        change = partial(storage.part(PASSWORDS).update_password_login, password_hash=None)
        assert change(there, email="b@example.com")
        assert isinstance(storage.add_to_tenant(here, OTHER), Member)
        assert raises(EmailTakenError, partial(change, email="b@example.com"), here)
        assert raises(EmailTakenError, partial(change, email="a@example.com"), there)
        login = attrs.evolve(a_login(5, email="a@example.com"), tenant_id=OTHER)
        assert raises(EmailTakenError, storage.part(PASSWORDS).create_user_with_password, login)
        assert change(here, email="d@example.com")
        for tenant_id in (PUBLIC, OTHER):
            login_now = storage.part(PASSWORDS).find_password_login(tenant_id, "d@example.com")
            assert login_now is not None
            assert login_now.recipe_user_id == here

    def test_no_login_method_and_no_tenant(self) -> None:
        """Nobody is a member, and nobody becomes one of nothing."""
        storage = self.with_tenants()
        user_id = with_password(storage, 1)
        assert storage.add_to_tenant("nobody", OTHER) is None
        assert not storage.remove_from_tenant("nobody", OTHER)
        assert not storage.remove_from_tenant(user_id, OTHER)
        assert raises(StorageError, storage.add_to_tenant, user_id, "nowhere")
        assert not storage.remove_from_tenant(user_id, "nowhere")
        assert the_user(storage, user_id).tenant_ids == [PUBLIC]

    def test_all_that_a_primary_user_has_goes_along_into_a_tenant(self) -> None:
        """Another primary user who has some of it there hinders it; what is there is reserved from then on."""
        storage = self.with_tenants()
        primary, other = with_password(storage, 1, "a@example.com"), with_provider(storage, 2, "b@example.com")
        made_primary(storage, primary)
        linked(storage, other, primary)
        holder = with_provider(storage, 3, "a@example.com", tenant_id=OTHER)
        made_primary(storage, holder)
        assert storage.add_to_tenant(other, OTHER) == AccountTaken(the_user(storage, holder))
        assert storage.add_to_tenant(holder, PUBLIC) == AccountTaken(the_user(storage, primary))
        storage.unlink_account(holder, now_ms=1)
        assert isinstance(storage.add_to_tenant(other, OTHER), Member)
        assert storage.create_primary_user(holder) == AccountTaken(the_user(storage, primary))
        assert listed(storage, OTHER) == [primary, holder]
        assert [each.tenant_ids for each in the_user(storage, primary).login_methods] == [[PUBLIC], [OTHER, PUBLIC]]
        assert storage.remove_from_tenant(other, OTHER)
        made_primary(storage, holder)
        assert storage.add_to_tenant(primary, OTHER) == AccountTaken(the_user(storage, holder))

    def test_who_leaves_a_tenant_leaves_nothing_in_it(self) -> None:
        """Sessions, tokens and roles of the login method there end; those of elsewhere and of others go on."""
        storage = self.with_tenants()
        roles, tokens = storage.part(USER_ROLES), storage.part(ONE_TIME_TOKENS)
        roles.add_permissions("admin", [])
        number = 0
        for user in (1, 2):
            user_id = with_password(storage, user)
            storage.add_to_tenant(user_id, OTHER)
            for tenant_id in (PUBLIC, OTHER):
                number += 1
                with_session(storage, number, user_id, tenant_id=tenant_id)
                roles.assign_role(user_id, "admin", tenant_id)
                tokens.add_token(a_token(number, user=user, tenant_id=tenant_id), at_most=9)

        def good_tokens() -> list[int]:
            found = ((each, tokens.find_token("reset", (OTHER, PUBLIC)[each % 2], f"hash-{each}")) for each in range(5))
            return [each for each, token in found if token is not None]

        assert storage.remove_from_tenant("user-1", OTHER)
        assert not storage.remove_from_tenant("user-1", OTHER)
        assert (live(storage, range(5)), good_tokens()) == ([1, 3, 4], [1, 3, 4])
        assert roles.users_with_role("admin", PUBLIC) == ("user-1", "user-2")
        assert roles.users_with_role("admin", OTHER) == ("user-2",)
        assert storage.remove_from_tenant("user-1", PUBLIC)
        assert (live(storage, range(5)), good_tokens()) == ([3, 4], [3, 4])
        left = the_user(storage, "user-1")
        assert (left.tenant_ids, left.login_methods[0].tenant_ids) == ([], [])
        assert (listed(storage), storage.count_users(None, None)) == (["user-2"], 2)
        assert storage.part(PASSWORDS).find_password_login(PUBLIC, "user-1@example.com") is None
        login = storage.part(PASSWORDS).find_password_login_by_id("user-1")
        assert login is not None
        assert login.tenant_id == ""
        assert isinstance(storage.add_to_tenant("user-1", OTHER), Member)
        assert listed(storage, OTHER) == ["user-1", "user-2"]
        assert storage.delete_user("user-1", now_ms=1)

    def test_of_a_linked_user_one_login_method_leaves_a_tenant(self) -> None:
        """What was made with the others there goes on, and so do the roles of the user."""
        storage = self.with_tenants()
        roles = storage.part(USER_ROLES)
        roles.add_permissions("admin", [])
        primary, other = with_password(storage, 1), with_password(storage, 2)
        made_primary(storage, primary)
        linked(storage, other, primary)
        for user_id in (primary, other):
            storage.add_to_tenant(user_id, OTHER)
        with_session(storage, 1, primary, primary, tenant_id=OTHER)
        with_session(storage, 2, primary, other, tenant_id=OTHER)
        roles.assign_role(primary, "admin", OTHER)
        assert storage.remove_from_tenant(other, OTHER)
        assert live(storage, (1, 2)) == [1]
        assert roles.users_with_role("admin", OTHER) == (primary,)
        assert storage.remove_from_tenant(primary, OTHER)
        assert live(storage, (1, 2)) == []
        assert roles.users_with_role("admin", OTHER) == ()

    def test_a_deleted_tenant_takes_along_what_is_in_it(self) -> None:
        """Sessions, tokens, roles and providers; users stay, and one made anew under its id is empty."""
        storage = self.with_tenants()
        roles, tokens, third_parties = (
            storage.part(USER_ROLES),
            storage.part(ONE_TIME_TOKENS),
            storage.part(THIRD_PARTIES),
        )
        roles.add_permissions("admin", [])
        both, only = with_password(storage, 1), with_password(storage, 2, tenant_id=OTHER)
        storage.add_to_tenant(both, OTHER)
        made_primary(storage, only)
        for number, (user_id, tenant_id) in enumerate(((both, PUBLIC), (both, OTHER), ("not kept here", OTHER))):
            with_session(storage, number, user_id, tenant_id=tenant_id)
            roles.assign_role(user_id, "admin", tenant_id)
        for number, tenant_id in enumerate((PUBLIC, OTHER)):
            tokens.add_token(a_token(number, tenant_id=tenant_id), at_most=9)
            third_parties.set_tenant_provider(a_tenant_provider("provider", tenant_id=tenant_id))
        assert storage.delete_tenant(OTHER)
        assert not storage.delete_tenant(OTHER)
        assert [storage.tenant_exists(OTHER), storage.find_tenant(OTHER), storage.tenant_ids()] == [
            False,
            None,
            (PUBLIC,),
        ]
        assert raises(StorageError, storage.add_to_tenant, only, OTHER)
        assert (the_user(storage, both).tenant_ids, the_user(storage, only).tenant_ids) == ([PUBLIC], [])
        assert storage.create_tenant(OTHER)
        assert (live(storage, range(3)), listed(storage, OTHER)) == ([0], [])
        assert roles.users_with_role("admin", OTHER) == ()
        assert roles.users_with_role("admin", PUBLIC) == (both,)
        assert tokens.find_token("reset", OTHER, "hash-1") is None
        assert tokens.find_token("reset", PUBLIC, "hash-0") is not None
        assert third_parties.tenant_providers(OTHER) == ()
        assert len(third_parties.tenant_providers(PUBLIC)) == 1
        same = with_password(storage, 3, "user-2@example.com", tenant_id=OTHER)
        made_primary(storage, same)
        assert storage.add_to_tenant(only, OTHER) == AccountTaken(the_user(storage, same))

    def test_tokens_of_a_provider_are_those_of_a_tenant_that_the_login_method_is_in(self) -> None:
        """The public one, or else the first."""
        storage = self.with_tenants()
        third_parties = storage.part(THIRD_PARTIES)
        third_parties.sign_in_or_up(a_third_party_login(1))
        assert third_parties.keep_provider_tokens(provider_tokens_of(1))
        storage.add_to_tenant("method-1", OTHER)

        def tenant_of_tokens() -> str | None:
            kept = third_parties.find_provider_tokens("user-1", "provider")
            return None if kept is None else kept.tenant_id

        assert tenant_of_tokens() == PUBLIC
        storage.remove_from_tenant("method-1", PUBLIC)
        assert tenant_of_tokens() == OTHER

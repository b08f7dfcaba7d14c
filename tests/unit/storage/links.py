"""What every store owes of linked login methods and of tenants that share users, as tests."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial

import attrs
import pytest

from authweave.one_time_tokens import ONE_TIME_TOKENS
from authweave.one_time_tokens.store.contract import a_token
from authweave.recipe.emailpassword.store import PASSWORDS
from authweave.recipe.emailpassword.store.contract import a_login
from authweave.recipe.session.store import SESSIONS
from authweave.recipe.session.store.contract import a_session
from authweave.recipe.thirdparty.store import THIRD_PARTIES
from authweave.recipe.thirdparty.store.contract import a_tenant_provider, a_third_party_login, provider_tokens_of
from authweave.recipe.totp.store import TOTP_DEVICES
from authweave.recipe.totp.store.contract import a_device
from authweave.recipe.usermetadata.store import USER_METADATA
from authweave.recipe.userroles.store import USER_ROLES
from authweave.storage import (
    REMEMBERED_MS,
    AccountInfo,
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
    Storage,
    StorageError,
    Unlinked,
    UserIdMapping,
    UserListing,
)
from authweave.testing.storage_contract import AT_ONCE, PUBLIC, StoreContract, at_once, raises
from authweave.types import BadInputError, User

OTHER = "other"


def with_password(storage: Storage, number: int, email: str | None = None, *, tenant_id: str = PUBLIC) -> str:
    """Add a user with a password; the user's id is that of the login method, as the recipes make them. Return it."""
    login = attrs.evolve(a_login(number, email=email, tenant_id=tenant_id), recipe_user_id=f"user-{number}")
    return storage.part(PASSWORDS).create_user_with_password(login).id


def with_provider(storage: Storage, number: int, email: str, *, tenant_id: str = PUBLIC) -> str:
    """Add a user whom a provider vouches for, as `with_password` does one."""
    login = a_third_party_login(number, subject=f"subject-{number}", tenant_id=tenant_id, email=email)
    return storage.part(THIRD_PARTIES).sign_in_or_up(attrs.evolve(login, recipe_user_id=login.user_id)).user.id


def made_primary(storage: Storage, *user_ids: str) -> None:
    """Make users primary ones."""
    for user_id in user_ids:
        assert isinstance(storage.create_primary_user(user_id), PrimaryUser)


def linked(storage: Storage, recipe_user_id: str, primary_user_id: str) -> User:
    """Link a login method, which nothing hinders. Return the user."""
    answer = storage.link_accounts(recipe_user_id, primary_user_id)
    assert isinstance(answer, LinkedAccounts)
    return answer.user


def the_user(storage: Storage, user_id: str) -> User:
    """Return a user who is there."""
    user = storage.find_user(user_id)
    assert user is not None
    return user


def methods(user: User) -> list[str]:
    """Return the ids of a user's login methods."""
    return [method.recipe_user_id.get_as_string() for method in user.login_methods]


def with_session(
    storage: Storage,
    number: int,
    user_id: str,
    recipe_user_id: str | None = None,
    *,
    tenant_id: str = PUBLIC,
    at_most: int | None = None,
) -> None:
    """Add a session that was made with a login method."""
    session = attrs.evolve(
        a_session(number, user_id=user_id, tenant_id=tenant_id), recipe_user_id=recipe_user_id or user_id
    )
    storage.part(SESSIONS).create_session(session, at_most=at_most)


def live(storage: Storage, numbers: Iterable[int]) -> list[int]:
    """Return which of some sessions there are."""
    return [number for number in numbers if storage.part(SESSIONS).find_session(f"handle-{number}") is not None]


def listed(storage: Storage, tenant_id: str = PUBLIC) -> list[str]:
    """Return the ids of a tenant's users."""
    users = [user.id for user in storage.list_users(UserListing(tenant_id=tenant_id, limit=99)).users]
    assert storage.count_users(tenant_id, None) == len(users)
    return users


class LinkContract(StoreContract):
    """What a store owes of primary users and their login methods."""

    def test_a_user_becomes_a_primary_one_once(self) -> None:
        """Who only checks changes nothing; nobody's id makes nobody one; the id of a login method names its user."""
        storage = self.new_storage()
        user_id = with_password(storage, 1)
        before = the_user(storage, user_id)
        assert storage.create_primary_user(user_id, only_check=True) == PrimaryUser(before, is_new=True)
        assert the_user(storage, user_id) == before
        after = attrs.evolve(before, is_primary_user=True)
        assert storage.create_primary_user(user_id) == PrimaryUser(after, is_new=True)
        assert the_user(storage, user_id) == after
        for only_check in (True, False):
            again = storage.create_primary_user(user_id, only_check=only_check)
            assert again == PrimaryUser(after, is_new=False)
            assert storage.create_primary_user("nobody", only_check=only_check) is None
        storage.part(PASSWORDS).create_user_with_password(a_login(2))
        for is_new in (True, False):
            other = storage.create_primary_user("method-2")
            assert other == PrimaryUser(the_user(storage, "user-2"), is_new=is_new)

    def test_of_primary_users_one_has_an_address_in_a_tenant(self) -> None:
        """Another user may have it, and no primary one may, but in another tenant; until the first is gone."""
        storage = self.new_storage()
        storage.create_tenant(OTHER)
        first = with_password(storage, 1, "same@example.com")
        second = with_provider(storage, 2, "same@example.com")
        elsewhere = with_password(storage, 3, "same@example.com", tenant_id=OTHER)
        made_primary(storage, first, elsewhere)
        for only_check in (True, False):
            answer = storage.create_primary_user(second, only_check=only_check)
            assert answer == AccountTaken(the_user(storage, first))
        assert not the_user(storage, second).is_primary_user
        assert storage.delete_user(first, now_ms=1)
        made_primary(storage, second)

    def test_a_linked_login_method_names_its_primary_user(self) -> None:
        """Who is one user from then on, by each id, in every list; who only checks changes nothing."""
        storage = self.new_storage()
        primary, other = with_password(storage, 2, "a@example.com"), with_provider(storage, 1, "b@example.com")
        with_password(storage, 3)
        made_primary(storage, primary)
        before = the_user(storage, primary)
        for name in (primary, other):
            assert storage.link_accounts(other, primary, only_check=True) == LinkedAccounts(before, is_new=True)
            assert the_user(storage, name).id == name
        answer = storage.link_accounts(other, primary)
        user = the_user(storage, primary)
        assert answer == LinkedAccounts(user, is_new=True)
        assert (user.is_primary_user, user.id, methods(user)) == (True, primary, [other, primary])
        assert (user.emails, user.time_joined) == (["b@example.com", "a@example.com"], 1_700_000_000_001)
        assert the_user(storage, other) == user
        assert listed(storage) == [primary, "user-3"]
        assert storage.count_users(None, None) == 2
        assert storage.count_users(None, frozenset({"thirdparty"})) == 1
        account = AccountInfo(email="a@example.com", identity=("provider", "subject-1"))
        assert storage.find_users(PUBLIC, account, union=False) == (user,)
        for only_check in (True, False):
            for name in (primary, other):
                again = storage.link_accounts(other, name, only_check=only_check)
                assert again == LinkedAccounts(user, is_new=False)
        login = storage.part(PASSWORDS).find_password_login(PUBLIC, "a@example.com")
        signed_in = storage.part(THIRD_PARTIES).sign_in_or_up(
            a_third_party_login(9, subject="subject-1", email="b@example.com")
        )
        assert (login and login.user_id, signed_in.user, signed_in.recipe_user_id) == (primary, user, other)

    def test_a_password_of_a_linked_user_is_his(self) -> None:
        """Where the login method with it was linked: it is found with the primary user, and by its own id."""
        storage = self.new_storage()
        primary, other = with_provider(storage, 1, "a@example.com"), with_password(storage, 2)
        made_primary(storage, primary)
        user = linked(storage, other, primary)
        passwords = storage.part(PASSWORDS)
        found = passwords.find_password_user(PUBLIC, "user-2@example.com")
        assert found is not None
        assert (found.login.user_id, found.login.recipe_user_id, found.user()) == (primary, other, user)
        assert passwords.find_password_login_by_id(other) == found.login
        assert passwords.find_password_login_by_id(primary) is None
        assert passwords.update_password_login(other, email=None, password_hash="new", from_hash="hash-2")

    def test_what_cannot_be_linked_says_why(self) -> None:
        """Nobody, oneself, in circles, to who is no primary user, or what is one's or another's already."""
        storage = self.new_storage()
        first, second, third, plain = (with_password(storage, number) for number in (1, 2, 3, 4))
        made_primary(storage, first, second)
        linked(storage, third, second)
        for only_check in (True, False):
            link = partial(storage.link_accounts, only_check=only_check)
            assert link("nobody", first) is None
            assert link(plain, "nobody") is None
            assert link("nobody", "nobody") is None
            assert link(plain, plain) == NotPrimary(the_user(storage, plain))
            assert link(first, plain) == NotPrimary(the_user(storage, plain))
            assert link(first, first) == LinkedAccounts(the_user(storage, first), is_new=False)
            assert link(second, third) == LinkedAccounts(the_user(storage, second), is_new=False)
            assert link(first, second) == LinkedElsewhere(the_user(storage, first))
            assert link(second, first) == link(third, first) == LinkedElsewhere(the_user(storage, second))
            assert storage.create_primary_user(third, only_check=only_check) == LinkedElsewhere(
                the_user(storage, second)
            )
        assert [methods(the_user(storage, each)) for each in (first, second, plain)] == [
            [first],
            [second, third],
            [plain],
        ]

    def test_what_a_third_primary_user_has_is_not_linked(self) -> None:
        """Neither to another user, nor into a tenant that the login method would bring the others to."""
        storage = self.new_storage()
        storage.create_tenant(OTHER)
        primary, holder = with_password(storage, 1, "a@example.com"), with_password(storage, 2, "b@example.com")
        same = with_provider(storage, 3, "b@example.com")
        elsewhere = with_password(storage, 4, "a@example.com", tenant_id=OTHER)
        bridge = with_provider(storage, 5, "c@example.com", tenant_id=OTHER)
        made_primary(storage, primary, holder, elsewhere)
        for only_check in (True, False):
            link = partial(storage.link_accounts, only_check=only_check)
            assert link(same, primary) == AccountTaken(the_user(storage, holder))
            assert link(bridge, primary) == AccountTaken(the_user(storage, elsewhere))
        assert [the_user(storage, each).id for each in (same, bridge)] == [same, bridge]
        linked(storage, bridge, elsewhere)
        linked(storage, same, holder)

    def test_a_disabled_user_is_not_linked(self) -> None:
        """Nor anybody to him, nor made a primary user; enabled again, he is."""
        storage = self.new_storage()
        primary, other = with_password(storage, 1), with_password(storage, 2)
        made_primary(storage, primary)
        assert storage.set_disabled(other, 1)
        for only_check in (True, False):
            assert raises(DisabledUserError, partial(storage.create_primary_user, only_check=only_check), other)
            assert raises(DisabledUserError, partial(storage.link_accounts, only_check=only_check), other, primary)
        assert storage.set_disabled(other, None)
        assert storage.set_disabled(primary, 1)
        for only_check in (True, False):
            assert raises(DisabledUserError, partial(storage.link_accounts, only_check=only_check), other, primary)
        assert methods(the_user(storage, primary)) == [primary]
        assert storage.set_disabled(primary, None)
        linked(storage, other, primary)

    def test_sessions_of_a_linked_login_method_end(self) -> None:
        """Those of its user, in every tenant; those of the primary user and of others go on, and so do tokens."""
        storage = self.new_storage()
        storage.create_tenant(OTHER)
        primary, other, third = (with_password(storage, number) for number in (1, 2, 3))
        made_primary(storage, primary)
        for number, user_id in enumerate((primary, other, third)):
            with_session(storage, number, user_id)
        with_session(storage, 3, other, tenant_id=OTHER)
        tokens = storage.part(ONE_TIME_TOKENS)
        tokens.add_token(a_token(1, user=2), at_most=9)
        storage.link_accounts(other, primary, only_check=True)
        assert live(storage, range(4)) == [0, 1, 2, 3]
        linked(storage, other, primary)
        assert live(storage, range(4)) == [0, 2]
        linked(storage, other, primary)
        assert live(storage, range(4)) == [0, 2]
        assert tokens.find_token("reset", PUBLIC, "hash-1") is not None

    def test_sessions_of_one_login_method_or_of_all_are_listed_and_revoked(self) -> None:
        """Each id of a login method names its user; those of ids that no store knows are those of the id."""
        storage = self.new_storage()
        storage.create_tenant(OTHER)
        primary, other = with_password(storage, 1), with_password(storage, 2)
        made_primary(storage, primary)
        linked(storage, other, primary)
        for own, shown in ((primary, "ours"), (other, "mine")):
            assert storage.create_user_id_mapping(UserIdMapping(user_id=own, external_user_id=shown)) is True
        made_with = {1: "ours", 2: "mine", 3: other}
        for number, recipe_user_id in made_with.items():
            with_session(storage, number, "ours", recipe_user_id, tenant_id=OTHER if number == 3 else PUBLIC)
        with_session(storage, 4, "not kept here", "elsewhere")
        with_session(storage, 5, with_password(storage, 3))
        sessions = storage.part(SESSIONS)

        def handles(user_id: str, tenant_id: str | None = None, *, linked_too: bool) -> list[int]:
            found = sessions.session_handles_of_user(user_id, tenant_id, 9, linked_too=linked_too)
            return [int(each.removeprefix("handle-")) for each in found]

        for name in (primary, other, "ours", "mine"):
            of_method = [1] if name in {primary, "ours"} else [2, 3]
            assert handles(name, linked_too=True) == [1, 2, 3]
            assert handles(name, linked_too=False) == of_method
            assert handles(name, PUBLIC, linked_too=True) == [1, 2]
            assert handles(name, OTHER, linked_too=False) == [each for each in of_method if each == 3]
        assert [handles("not kept here", linked_too=linked_too) for linked_too in (True, False)] == [[4], [4]]
        assert sessions.revoke_sessions_of_user("mine", OTHER, linked_too=False) == ("handle-3",)
        assert sessions.revoke_sessions_of_user(primary, None, linked_too=False) == ("handle-1",)
        assert live(storage, range(6)) == [2, 4, 5]
        with_session(storage, 1, "ours")
        assert set(sessions.revoke_sessions_of_user("mine", None)) == {"handle-1", "handle-2"}
        assert sessions.revoke_sessions_of_user("not kept here", PUBLIC, linked_too=False) == ("handle-4",)
        assert live(storage, range(6)) == [5]

    def test_an_unlinked_login_method_is_a_user_of_its_own(self) -> None:
        """With its own id, and no primary one; its sessions end, and those of the others go on."""
        storage = self.new_storage()
        primary, other = with_password(storage, 2), with_provider(storage, 1, "b@example.com")
        made_primary(storage, primary)
        linked(storage, other, primary)
        with_session(storage, 1, primary, other)
        with_session(storage, 2, primary, primary)
        answer = storage.unlink_account(other, now_ms=1)
        user, former = the_user(storage, other), the_user(storage, primary)
        assert answer == Unlinked(former, was_linked=True, was_deleted=False)
        assert (user.id, user.is_primary_user, methods(user)) == (other, False, [other])
        assert (former.id, former.is_primary_user, methods(former)) == (primary, True, [primary])
        assert former.time_joined == 1_700_000_000_002
        assert listed(storage) == [other, primary]
        assert live(storage, (1, 2)) == [2]
        assert storage.unlink_account(other, now_ms=1) == Unlinked(user, was_linked=False, was_deleted=False)
        with_session(storage, 3, other)
        made_primary(storage, other)

    def test_an_unlinked_login_method_whose_id_is_the_users_is_deleted(self) -> None:
        """The others go on under that id; it makes no session any more, and its address is free."""
        storage = self.new_storage()
        primary, other = with_password(storage, 1, "a@example.com"), with_provider(storage, 2, "b@example.com")
        made_primary(storage, primary)
        linked(storage, other, primary)
        with_session(storage, 1, primary, primary)
        with_session(storage, 2, primary, other)
        storage.part(USER_METADATA).merge_metadata(primary, {"kept": True})
        answer = storage.unlink_account(primary, now_ms=1)
        user = the_user(storage, primary)
        assert answer == Unlinked(user, was_linked=True, was_deleted=True)
        assert (user.id, user.is_primary_user, methods(user)) == (primary, True, [other])
        assert live(storage, (1, 2)) == [2]
        assert storage.part(USER_METADATA).metadata_of_user(primary) == {"kept": True}
        assert storage.part(PASSWORDS).find_password_login(PUBLIC, "a@example.com") is None
        assert storage.unlink_account(primary, now_ms=1) is None
        assert raises(BarredUserError, with_session, storage, 3, primary, primary)
        with_session(storage, 3, primary, other)
        made_primary(storage, with_password(storage, 4, "a@example.com"))

    def test_the_last_login_method_stays(self) -> None:
        """Its user is no primary one any more, also where the user's id is that of one that went before."""
        storage = self.new_storage()
        primary, other = with_password(storage, 1), with_password(storage, 2)
        made_primary(storage, primary)
        linked(storage, other, primary)
        storage.unlink_account(primary, now_ms=1)
        with_session(storage, 1, primary, other)
        answer = storage.unlink_account(other, now_ms=1)
        user = the_user(storage, other)
        assert answer == Unlinked(user, was_linked=True, was_deleted=False)
        assert (user.is_primary_user, methods(user)) == (False, [other])
        assert live(storage, (1,)) == []
        alone = with_password(storage, 3)
        made_primary(storage, alone)
        answer = storage.unlink_account(alone, now_ms=1)
        assert answer == Unlinked(the_user(storage, alone), was_linked=True, was_deleted=False)
        assert not the_user(storage, alone).is_primary_user
        assert storage.unlink_account("nobody", now_ms=1) is None

    def test_a_deleted_login_method_makes_no_session_whoever_is_disabled_and_enabled(self) -> None:
        """Its id is the user's, who makes sessions by the others while he is enabled."""
        for is_unlinked in (True, False):
            for disabled_before in (True, False):
                storage = self.new_storage()
                delete = partial(storage.delete_user, remove_all_linked_accounts=False)
                primary, other = with_password(storage, 1), with_password(storage, 2)
                made_primary(storage, primary)
                linked(storage, other, primary)
                if disabled_before:
                    assert storage.set_disabled(primary, 1)
                assert (storage.unlink_account if is_unlinked else delete)(primary, now_ms=1)
                if not disabled_before:
                    assert storage.set_disabled(primary, 1)
                storage.purge_barred_users(1 + REMEMBERED_MS, 9)
                for number, of_method in enumerate((primary, other)):
                    assert raises(BarredUserError, with_session, storage, number, primary, of_method)
                assert storage.set_disabled(primary, None)
                with_session(storage, 1, primary, other)
                assert raises(BarredUserError, with_session, storage, 2, primary, primary)
                assert live(storage, (1, 2)) == [1]

    def test_a_mapping_takes_no_bar_of_an_id_of_the_store(self) -> None:
        """Neither that of a disabled user, whoever is shown as him, nor that of a deleted login method."""
        for own, external in (("user-1", "user-1"), ("user-2", "user-1")):
            storage = self.new_storage()
            for number in (1, 2):
                with_password(storage, number)
            assert storage.set_disabled("user-1", 1)
            assert (
                storage.create_user_id_mapping(UserIdMapping(user_id=own, external_user_id=external), force=True)
                is True
            )
            assert storage.delete_user_id_mapping(own, "SUPERTOKENS")
            assert raises(BarredUserError, with_session, storage, 1, "user-1")
        storage = self.new_storage()
        primary, other = with_password(storage, 1), with_password(storage, 2)
        made_primary(storage, primary)
        linked(storage, other, primary)
        storage.unlink_account(primary, now_ms=1)
        assert storage.create_user_id_mapping(UserIdMapping(user_id=primary, external_user_id=primary)) is True
        assert storage.delete_user_id_mapping(primary)
        assert raises(BarredUserError, with_session, storage, 1, primary, primary)

    def test_a_user_whose_first_login_method_is_deleted_adds_devices(self) -> None:
        """Not while he is disabled."""
        storage = self.new_storage()
        primary, other = with_password(storage, 1), with_password(storage, 2)
        made_primary(storage, primary)
        linked(storage, other, primary)
        storage.unlink_account(primary, now_ms=1)
        devices = storage.part(TOTP_DEVICES)
        assert devices.add_device(a_device(1, user_id=primary)) == "added"
        assert storage.set_disabled(primary, 1)
        assert devices.add_device(a_device(2, user_id=primary)) == "nobody"

    def test_no_login_method_has_the_id_of_somebody_else(self) -> None:
        """Nor is a user new who has that of a login method: also where the user's own login method is deleted."""
        storage = self.new_storage()
        primary, other = with_password(storage, 1), with_password(storage, 2)
        made_primary(storage, primary)
        linked(storage, other, primary)
        storage.unlink_account(primary, now_ms=1)
        storage.part(PASSWORDS).create_user_with_password(a_login(3))
        for user_id, recipe_user_id in (("user-4", primary), (primary, "method-4"), ("method-3", "method-4")):
            login = attrs.evolve(a_login(4), user_id=user_id, recipe_user_id=recipe_user_id)
            assert raises(StorageError, storage.part(PASSWORDS).create_user_with_password, login)
        assert storage.part(PASSWORDS).find_password_login(PUBLIC, a_login(4).email) is None
        assert methods(the_user(storage, primary)) == [other]

    def test_the_bar_of_a_login_method_ends_when_it_is_added_again(self) -> None:
        """Whatever the user's id is: the store answers as if it had never been deleted."""
        storage = self.new_storage()
        devices = storage.part(TOTP_DEVICES)
        for is_deleted in (False, True):
            number = 1 + is_deleted
            storage.part(PASSWORDS).create_user_with_password(a_login(number))
            if is_deleted:
                assert storage.delete_user("user-2", now_ms=1)
                assert devices.add_device(a_device(2, user_id="method-2")) == "nobody"
                storage.part(PASSWORDS).create_user_with_password(a_login(2))
            user_id, recipe_user_id = f"user-{number}", f"method-{number}"
            assert devices.add_device(a_device(number, user_id=recipe_user_id)) == "added"
            assert raises(LinkedUserError, with_session, storage, number, recipe_user_id)
            with_session(storage, number, user_id, recipe_user_id)
            assert storage.set_disabled(user_id, 1)
            assert devices.add_device(a_device(9, user_id=recipe_user_id)) == "nobody"
            assert storage.set_disabled(user_id, None)

    def test_who_is_unlinked_from_a_disabled_user_is_disabled(self) -> None:
        """The former one stays so; each is enabled for himself."""
        storage = self.new_storage()
        primary, other = with_password(storage, 1), with_password(storage, 2)
        made_primary(storage, primary)
        linked(storage, other, primary)
        assert storage.set_disabled(other, 1)
        storage.unlink_account(other, now_ms=1)
        assert [the_user(storage, each).disabled for each in (primary, other)] == [True, True]
        assert storage.set_disabled(primary, None)
        assert [the_user(storage, each).disabled for each in (primary, other)] == [False, True]
        with_session(storage, 1, primary)
        assert raises(BarredUserError, with_session, storage, 2, other)
        assert storage.set_disabled(other, None)
        with_session(storage, 2, other)

    def test_a_session_of_somebody_else_by_now_is_refused(self) -> None:
        """Of the user a linked login method was, or one made with a login method that is another's; by all names."""
        storage = self.new_storage()
        primary, other, third = (with_password(storage, number) for number in (1, 2, 3))
        made_primary(storage, primary)
        linked(storage, other, primary)
        for user_id, recipe_user_id in ((other, other), (other, "unknown"), (third, other), ("unknown", other)):
            for at_most in (None, 3):
                session = attrs.evolve(a_session(1, user_id=user_id), recipe_user_id=recipe_user_id)
                with pytest.raises(LinkedUserError) as refused:
                    storage.part(SESSIONS).create_session(session, at_most=at_most)
                assert (refused.value.recipe_user_id, refused.value.user_id) == (other, primary)
        for number, recipe_user_id in enumerate((other, primary, "unknown")):
            with_session(storage, number, primary, recipe_user_id)
        storage.unlink_account(other, now_ms=1)
        assert raises(LinkedUserError, with_session, storage, 3, primary, other)
        with_session(storage, 3, other)
        assert storage.create_user_id_mapping(UserIdMapping(user_id=other, external_user_id="mine")) is True
        assert raises(LinkedUserError, with_session, storage, 4, primary, "mine")
        linked(storage, "mine", primary)
        assert raises(LinkedUserError, with_session, storage, 4, "mine")
        with_session(storage, 4, primary, "mine")
        assert storage.create_user_id_mapping(UserIdMapping(user_id=primary, external_user_id="ours")) is True
        with_session(storage, 5, "ours", "mine")
        with_session(storage, 6, "ours", other)
        assert storage.delete_user("mine", now_ms=1, remove_all_linked_accounts=False)
        for recipe_user_id in (other, "mine"):
            assert raises(BarredUserError, with_session, storage, 7, "ours", recipe_user_id)

    def test_no_session_outlives_a_link_that_was_made_meanwhile(self) -> None:
        """Whoever makes a session at the same moment as its login method is linked, unlinked or deleted."""
        storage = self.new_storage()
        primary = with_password(storage, 0)
        made_primary(storage, primary)
        several = [with_password(storage, number) for number in range(1, 5)]
        delete = partial(storage.delete_user, now_ms=1, remove_all_linked_accounts=False)
        link, unlink = partial(linked, storage, primary_user_id=primary), partial(storage.unlink_account, now_ms=1)
        changes: list[tuple[Callable[[str], object], bool]] = [
            (link, True),
            (unlink, False),
            (link, True),
            (delete, False),
        ]
        for change, is_alone in changes:
            at_once(partial(self.change_or_sign_in, storage, change, several, None if is_alone else primary))
            assert live(storage, range(AT_ONCE)) == []

    def change_or_sign_in(
        self, storage: Storage, change: Callable[[str], object], several: list[str], owner: str | None, number: int
    ) -> None:
        """Change one of some login methods, or make a session with it of whose it was before."""
        each = several[number % len(several)]
        if number < len(several):
            change(each)
            return
        with suppress(LinkedUserError, BarredUserError):
            with_session(storage, number, owner or each, each)

    def test_external_ids_link_and_unlink(self) -> None:
        """Each id that APIs show, and each of the store's own, names its login method and its user."""
        storage = self.new_storage()
        primary, other = with_password(storage, 1), with_password(storage, 2)
        for own, shown in ((primary, "ours"), (other, "mine")):
            assert storage.create_user_id_mapping(UserIdMapping(user_id=own, external_user_id=shown)) is True
        made_primary(storage, "ours")
        with_session(storage, 1, "mine")
        user = linked(storage, "mine", "ours")
        assert (user.id, methods(user)) == ("ours", ["ours", "mine"])
        assert [the_user(storage, each) for each in (primary, other, "ours", "mine")] == [user] * 4
        assert live(storage, (1,)) == []
        assert storage.link_accounts(other, primary) == LinkedAccounts(user, is_new=False)
        with_session(storage, 2, "ours", "mine")
        assert isinstance(storage.unlink_account("mine", now_ms=1), Unlinked)
        assert (the_user(storage, other).id, live(storage, (2,))) == ("mine", [])
        assert storage.create_tenant(OTHER)
        assert isinstance(storage.add_to_tenant("mine", OTHER), Member)
        assert listed(storage, OTHER) == ["mine"]
        assert storage.remove_from_tenant(other, OTHER)

    def test_of_a_linked_user_one_login_method_or_all_may_be_deleted(self) -> None:
        """With what belongs to its id; where that is the user's, the user keeps what is his; an unknown one does."""
        for named, remove_all, left, sessions, noted in (
            ("user-1", True, None, [], []),
            ("user-2", True, None, [], []),
            ("user-2", False, ["user-1", "user-3"], [1, 3], [1, 3]),
            ("user-1", False, ["user-2", "user-3"], [2, 3], [1, 2, 3]),
            ("nobody", False, ["user-1", "user-2", "user-3"], [1, 2, 3], [1, 2, 3]),
        ):
            storage = self.new_storage()
            for number in (1, 2, 3):
                with_password(storage, number)
            made_primary(storage, "user-1")
            for number in (1, 2, 3):
                linked(storage, f"user-{number}", "user-1")
                with_session(storage, number, "user-1", f"user-{number}")
                storage.part(USER_METADATA).merge_metadata(f"user-{number}", {"noted": number})
            was_there = storage.delete_user(named, now_ms=1, remove_all_linked_accounts=remove_all)
            assert was_there == (named != "nobody")
            user = storage.find_user("user-1")
            assert (user and methods(user)) == left
            assert user is None or user.is_primary_user
            assert live(storage, (1, 2, 3)) == sessions
            kept = [storage.part(USER_METADATA).metadata_of_user(f"user-{number}") for number in (1, 2, 3)]
            assert [each["noted"] for each in kept if each] == noted
            if user is not None and named == "user-1":
                assert raises(BarredUserError, with_session, storage, 9, "user-1", "user-1")
            for email in {f"user-{number}@example.com" for number in (1, 2, 3)} - {*(user.emails if user else ())}:
                assert storage.part(PASSWORDS).find_password_login(PUBLIC, email) is None

    def test_an_address_changes_to_none_that_another_primary_user_has(self) -> None:
        """Whoever tells the change; what was left, unlinked or deleted is free for others."""
        storage = self.new_storage()
        primary, other = with_password(storage, 1, "a@example.com"), with_provider(storage, 2, "b@example.com")
        holder = with_provider(storage, 3, "c@example.com")
        plain = with_provider(storage, 4, "d@example.com")
        made_primary(storage, primary, holder)
        linked(storage, other, primary)
        passwords, third_parties = storage.part(PASSWORDS), storage.part(THIRD_PARTIES)
        change = partial(passwords.update_password_login, password_hash="new")
        assert raises(ContactTakenError, partial(change, email="c@example.com"), primary)
        told = a_third_party_login(9, subject="subject-3", email="a@example.com")
        assert raises(ContactTakenError, third_parties.sign_in_or_up, told)
        login = passwords.find_password_login_by_id(primary)
        assert (login and (login.email, login.password_hash)) == ("a@example.com", "hash-1")
        assert [user_of.emails for user_of in (the_user(storage, primary), the_user(storage, holder))] == [
            ["a@example.com", "b@example.com"],
            ["c@example.com"],
        ]
        assert third_parties.sign_in_or_up(attrs.evolve(told, third_party_user_id="subject-4")).user.id == plain
        assert change(primary, email="b@example.com")
        assert change(primary, email="e@example.com")
        assert third_parties.sign_in_or_up(told).user.emails == ["a@example.com"]
        assert storage.create_primary_user(plain) == AccountTaken(the_user(storage, holder))
        third_parties.sign_in_or_up(attrs.evolve(told, third_party_user_id="subject-4", email="b@example.com"))
        assert storage.create_primary_user(plain) == AccountTaken(the_user(storage, primary))
        storage.unlink_account(other, now_ms=1)
        made_primary(storage, plain)
        assert storage.link_accounts(other, primary) == AccountTaken(the_user(storage, plain))
        assert storage.delete_user(plain, now_ms=1)
        linked(storage, other, primary)

    def test_of_many_who_would_be_primary_one_is(self) -> None:
        """Of users who share an address, at the same moment; and a login method is linked to one user."""
        storage = self.new_storage()
        same = [with_provider(storage, number, "same@example.com") for number in range(AT_ONCE)]
        answers = at_once(lambda number: storage.create_primary_user(same[number]))
        winners = [each.user.id for each in answers if isinstance(each, PrimaryUser)]
        assert [each for each in same if the_user(storage, each).is_primary_user] == winners
        assert len(winners) == 1
        assert {each.user.id for each in answers if isinstance(each, AccountTaken)} == {*winners}
        wanted = with_password(storage, 50)
        primaries = [with_password(storage, 100 + number) for number in range(AT_ONCE)]
        made_primary(storage, *primaries)
        links = at_once(lambda number: storage.link_accounts(wanted, primaries[number]))
        owners = [each.user.id for each in links if isinstance(each, LinkedAccounts)]
        assert owners == [the_user(storage, wanted).id]
        assert all(isinstance(each, (LinkedAccounts, LinkedElsewhere)) for each in links)

    def test_links_are_undone_with_their_transaction(self) -> None:
        """All of it: who is primary, what is linked, the tenants, and the sessions that ended."""
        storage = self.new_storage()
        storage.create_tenant(OTHER)
        primary, other, third = (with_password(storage, number) for number in (1, 2, 3))
        made_primary(storage, primary)
        with_session(storage, 1, other)
        before = [the_user(storage, each) for each in (primary, other, third)]

        def work() -> None:
            with storage.transaction():
                linked(storage, other, primary)
                made_primary(storage, third)
                storage.add_to_tenant(other, OTHER)
                storage.remove_from_tenant(third, PUBLIC)
                storage.create_tenant("new")
                storage.delete_tenant(OTHER)
                raise KeyError

        assert raises(KeyError, work)
        assert [the_user(storage, each) for each in (primary, other, third)] == before
        assert (storage.tenant_ids(), live(storage, (1,))) == ((OTHER, PUBLIC), [1])
        assert isinstance(storage.create_primary_user(third), PrimaryUser)

    def test_what_no_store_holds_is_bad_input_of_links(self) -> None:
        """NUL, half a surrogate pair and text without an end, in whatever is asked of links and tenants."""
        storage = self.new_storage()
        user_id = with_password(storage, 1)
        for bad in ("nul\0", "half \ud800", "x" * 100_000):
            assert raises(BadInputError, storage.create_primary_user, bad)
            assert raises(BadInputError, storage.link_accounts, bad, user_id)
            assert raises(BadInputError, storage.link_accounts, user_id, bad)
            assert raises(BadInputError, partial(storage.unlink_account, now_ms=1), bad)
            assert raises(BadInputError, storage.add_to_tenant, bad, PUBLIC)
            assert raises(BadInputError, storage.add_to_tenant, user_id, bad)
            assert raises(BadInputError, storage.remove_from_tenant, bad, PUBLIC)
            assert raises(BadInputError, storage.remove_from_tenant, user_id, bad)


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

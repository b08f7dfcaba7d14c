"""What every store owes of primary users and of login methods that are linked, as tests."""

from __future__ import annotations

from collections.abc import Callable
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
from authweave.recipe.thirdparty.store.contract import a_third_party_login
from authweave.storage import (
    AccountInfo,
    AccountTaken,
    BarredUserError,
    ContactTakenError,
    DisabledUserError,
    LinkedAccounts,
    LinkedElsewhere,
    LinkedUserError,
    Member,
    NotPrimary,
    PrimaryUser,
    Storage,
    Unlinked,
    UserIdMapping,
)
from authweave.testing.storage_contract import AT_ONCE, PUBLIC, StoreContract, at_once, raises
from authweave.types import BadInputError

from .linked_users import (
    OTHER,
    linked,
    listed,
    live,
    made_primary,
    methods,
    the_user,
    with_password,
    with_provider,
    with_session,
)


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

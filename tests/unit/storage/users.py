"""What every store owes of users, of whatever recipe, as tests; and the steps of the machine for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import attrs
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from sqlalchemy import update
from typing_extensions import override

from authweave.recipe.emailpassword.store import PASSWORDS
from authweave.recipe.emailpassword.store.contract import a_login
from authweave.recipe.emailpassword.store.machine import PasswordMachine
from authweave.recipe.session.store import SESSIONS
from authweave.recipe.session.store.contract import a_session
from authweave.recipe.session.store.machine import SessionMachine
from authweave.recipe.thirdparty.store import THIRD_PARTIES
from authweave.recipe.thirdparty.store.contract import a_third_party_login
from authweave.storage import (
    REMEMBERED_MS,
    AccountInfo,
    BarredUserError,
    LinkedAccounts,
    MappedUserError,
    MappingTaken,
    Place,
    Storage,
    UserIdMapping,
    UserListing,
    UserSearch,
)
from authweave.storage.memory import MemoryStorage
from authweave.storage.sql import SQLStorage, barred_users
from authweave.testing.storage_contract import PUBLIC, StoreContract, raises
from authweave.testing.storage_machine import numbers
from authweave.types import BadInputError, User


def link(storage: Storage, recipe_user_id: str, user_id: str) -> None:
    """Make a login method another user's, who is a primary one or becomes one."""
    storage.create_primary_user(user_id)
    assert isinstance(storage.link_accounts(recipe_user_id, user_id), LinkedAccounts)


def add_behind(storage: Storage, user_id: str, add: Callable[[], object]) -> None:
    """Add something for an id as if it were not barred, as who has looked just before that does."""
    if isinstance(storage, MemoryStorage):
        until_ms = storage._core.barred.pop(user_id)  # pyright: ignore[reportPrivateUsage]  past the library
        add()
        storage._core.barred[user_id] = until_ms  # pyright: ignore[reportPrivateUsage]  past the library
        return
    assert isinstance(storage, SQLStorage)

    def rename(former: str, new: str) -> None:
        statement = update(barred_users).where(barred_users.c.user_id == former).values(user_id=new)
        storage._database.write(lambda connection: connection.execute(statement))  # pyright: ignore[reportPrivateUsage]  past the library

    rename(user_id, "meanwhile")
    add()
    rename("meanwhile", user_id)


def listed(storage: Storage, limit: int = 2, tenant_id: str = PUBLIC, *, newest_first: bool = False) -> list[str]:
    """Return the ids of a tenant's users, page by page."""
    return [each for page in pages(storage, limit, tenant_id, newest_first=newest_first) for each in page]


def pages(
    storage: Storage, limit: int, tenant_id: str = PUBLIC, *, newest_first: bool = False, start: Place | None = None
) -> Iterator[list[str]]:
    """Yield the ids of the users of each page."""
    while True:
        listing = UserListing(tenant_id=tenant_id, limit=limit, newest_first=newest_first, start=start)
        page = storage.list_users(listing)
        yield [user.id for user in page.users]
        start = page.next
        if start is None:
            return


def found(storage: Storage, search: UserSearch, limit: int = 500, tenant_id: str = PUBLIC) -> list[str]:
    """Return the ids of the users who are found."""
    return [user.id for user in storage.list_users(UserListing(tenant_id=tenant_id, limit=limit, search=search)).users]


class UserContract(StoreContract):
    """What a store owes of users, of whatever recipe."""

    def with_users(self, *numbers: int, tenant_id: str = PUBLIC, storage: Storage | None = None) -> Storage:
        """Return a store with users of these numbers."""
        storage = self.new_storage() if storage is None else storage
        for number in numbers:
            storage.part(PASSWORDS).create_user_with_password(a_login(number, tenant_id=tenant_id))
        return storage

    def test_users_are_listed_in_both_orders_page_by_page(self) -> None:
        """Each is on one page, with all login methods, of one tenant; the last page, full or not, has no next one."""
        storage = self.with_users(3, 1, 2)
        storage.create_tenant("other")
        self.with_users(7, tenant_id="other", storage=storage)
        storage.part(THIRD_PARTIES).sign_in_or_up(a_third_party_login(4))
        in_order = ["user-1", "user-2", "user-3", "user-4"]
        for limit in (1, 2, 3, 4, 500):
            assert listed(storage, limit) == in_order
            assert listed(storage, limit, newest_first=True) == in_order[::-1]
        assert [len(page) for page in pages(storage, 2)] == [2, 2]
        assert listed(storage, tenant_id="other") == ["user-7"]
        assert listed(storage, tenant_id="nowhere") == []
        assert storage.list_users(UserListing(tenant_id=PUBLIC, limit=1)).users == (storage.find_user("user-1"),)

    def test_those_who_joined_at_once_are_sorted_by_their_ids(self) -> None:
        """Equal moments lose nobody between two pages, in either order."""
        storage = self.new_storage()
        for number in (5, 3, 4, 1, 2):
            storage.part(PASSWORDS).create_user_with_password(attrs.evolve(a_login(number), time_joined_ms=7))
        in_order = [f"user-{number}" for number in range(1, 6)]
        for limit in (1, 2, 3):
            assert listed(storage, limit) == in_order
            assert listed(storage, limit, newest_first=True) == in_order[::-1]

    def test_a_page_begins_where_its_user_stood(self) -> None:
        """Also where the user whose place a token names was deleted, or others have joined before and after."""
        storage = self.with_users(1, 3, 5, 7)
        first, *_ = pages(storage, 2)
        start = storage.list_users(UserListing(tenant_id=PUBLIC, limit=2)).next
        assert first == ["user-1", "user-3"]
        assert storage.delete_user("user-5", now_ms=1)
        self.with_users(2, 6, storage=storage)
        assert [each for page in pages(storage, 2, start=start) for each in page] == ["user-6", "user-7"]

    def test_users_of_some_recipes_are_listed_and_counted(self) -> None:
        """Of these recipes, of a tenant or of all; a user of several login methods is one."""
        storage = self.with_users(1, 2)
        storage.create_tenant("other")
        storage.part(THIRD_PARTIES).sign_in_or_up(a_third_party_login(3))
        storage.part(THIRD_PARTIES).sign_in_or_up(a_third_party_login(4, tenant_id="other"))
        link(storage, "method-4", "user-1")
        both, passwords, providers = None, frozenset({"emailpassword"}), frozenset({"thirdparty"})
        counts = {
            (tenant_id, recipe_ids): storage.count_users(tenant_id, recipe_ids)
            for tenant_id in (None, PUBLIC, "other", "nowhere")
            for recipe_ids in (both, passwords, providers)
        }
        assert [*counts.values()] == [3, 2, 2, 3, 2, 1, 1, 0, 1, 0, 0, 0]
        for (tenant_id, recipe_ids), count in counts.items():
            listing = UserListing(tenant_id=tenant_id or PUBLIC, limit=9, recipe_ids=recipe_ids)
            assert tenant_id is None or len(storage.list_users(listing).users) == count

    def test_users_are_searched_for_by_beginnings(self) -> None:
        """Of an address, its domain, or a provider's id; of several one is enough, of several kinds each is asked."""
        storage = self.new_storage()
        for number, email in enumerate(
            ("ada@one.example", "adam@two.example", "bob@adage.example", "a%a@x", "a_a@x", "\U0010fffdz@x", "Ada@two")
        ):
            storage.part(PASSWORDS).create_user_with_password(a_login(number, email=email))
        storage.part(THIRD_PARTIES).sign_in_or_up(a_third_party_login(9, email="ada@three.example"))

        def by_email(*texts: str) -> list[int]:
            return [int(each.removeprefix("user-")) for each in found(storage, UserSearch(emails=texts))]

        assert by_email("ada") == [0, 1, 2, 9]
        assert by_email("ada@") == [0, 9]
        assert by_email("ada@two.example") == []
        assert by_email("two", "bob") == [1, 2, 6]
        assert (by_email("a%"), by_email("a_"), by_email("%")) == ([3], [4], [])
        assert by_email("\U0010fffd") == [5]
        assert by_email("x" * 320) == []
        assert found(storage, UserSearch(providers=("prov",))) == ["user-9"]
        assert found(storage, UserSearch(providers=("prov",), emails=("bob",))) == []
        assert found(storage, UserSearch(providers=("prov", "other"), emails=("bob", "ada"))) == ["user-9"]
        assert found(storage, UserSearch(phone_numbers=("+49",))) == []
        assert len(found(storage, UserSearch(emails=("ada",)), limit=2)) == 2
        assert found(storage, UserSearch(emails=("ada",)), tenant_id="nowhere") == []

    def test_a_changed_address_is_found_and_the_former_one_is_not(self) -> None:
        """What is searched by follows a change of a user's own, and one that a provider tells."""
        storage = self.with_users(1)
        storage.part(THIRD_PARTIES).sign_in_or_up(a_third_party_login(2, email="old@former.example"))
        storage.part(PASSWORDS).update_password_login("method-1", email="new@latter.example", password_hash=None)
        storage.part(THIRD_PARTIES).sign_in_or_up(a_third_party_login(2, email="new@latter.example"))
        for text in ("new", "latter"):
            assert found(storage, UserSearch(emails=(text,))) == ["user-1", "user-2"]
        for text in ("old", "former", "user-1", "example.com"):
            assert found(storage, UserSearch(emails=(text,))) == []

    def test_users_are_found_by_what_they_have(self) -> None:
        """By all that is asked for, of whichever login methods, or by some of it; nothing finds nobody."""
        storage = self.with_users(2, 1)
        third_parties = storage.part(THIRD_PARTIES)
        third_parties.sign_in_or_up(a_third_party_login(3, email="user-1@example.com"))
        third_parties.sign_in_or_up(a_third_party_login(4, subject="subject-4"))
        link(storage, "method-4", "user-2")

        def by(account: AccountInfo, tenant_id: str = PUBLIC) -> tuple[list[str], list[str]]:
            every, some = (storage.find_users(tenant_id, account, union=union) for union in (False, True))
            return [user.id for user in every], [user.id for user in some]

        identity = ("provider", "subject-4")
        assert by(AccountInfo()) == ([], [])
        assert by(AccountInfo(email="user-1@example.com")) == (["user-1", "user-3"],) * 2
        assert by(AccountInfo(email="user-1@example.com"), "other") == ([], [])
        assert by(AccountInfo(identity=identity)) == (["user-2"],) * 2
        assert by(AccountInfo(identity=("other", "subject-4"))) == ([], [])
        assert by(AccountInfo(email="user-2@example.com", identity=identity)) == (["user-2"],) * 2
        assert by(AccountInfo(email="user-1@example.com", identity=identity)) == ([], ["user-1", "user-2", "user-3"])
        assert by(AccountInfo(email="user-2@example.com", phone_number="+4930")) == ([], ["user-2"])

    def test_a_login_method_is_found_by_its_own_ids(self) -> None:
        """As its user has it, without the others; not by the user's id, nor where there is none."""
        storage = self.with_users(1, 2)
        link(storage, "method-2", "user-1")
        assert storage.create_user_id_mapping(UserIdMapping(user_id="method-2", external_user_id="mine")) is True
        user = storage.find_user("user-1")
        assert user is not None
        first, second = user.login_methods
        assert storage.find_login_method("method-1") == first
        assert storage.find_login_method("method-2") == storage.find_login_method("mine") == second
        assert [storage.find_login_method(each) for each in ("user-1", "user-2", "", "nobody")] == [None] * 4
        storage.create_tenant("t1")
        storage.add_to_tenant("method-1", "t1")
        found = storage.find_login_method("method-1")
        assert found is not None
        assert list(found.tenant_ids) == [PUBLIC, "t1"]

    def test_a_deleted_user_takes_all_along_by_whichever_id(self) -> None:
        """Login methods, sessions and mappings go, of the user alone; the ids get no sessions, and are free."""
        for named in ("user-1", "method-1", "method-2"):
            storage = self.with_users(1, 2, 3)
            link(storage, "method-2", "user-1")
            sessions = storage.part(SESSIONS)
            for number, user_id, method in ((0, "user-1", "method-1"), (1, "user-1", "method-2"), (2, "user-3", "")):
                sessions.create_session(attrs.evolve(a_session(number, user_id=user_id), recipe_user_id=method))
            assert storage.create_user_id_mapping(UserIdMapping(user_id="method-2", external_user_id="mine")) is True
            assert storage.delete_user(named, now_ms=1)
            assert [storage.find_user(each) for each in ("user-1", "method-1", "method-2", "mine")] == [None] * 4
            assert [sessions.find_session(f"handle-{number}") is None for number in range(3)] == [True, True, False]
            assert storage.find_user_id_mapping("mine") is None
            for user_id in ("user-1", "method-1", "method-2", "mine"):
                assert raises(BarredUserError, sessions.create_session, a_session(9, user_id=user_id))
                create = partial(sessions.create_session, at_most=1)
                assert raises(BarredUserError, create, a_session(9, user_id=user_id))
            sessions.create_session(a_session(9, user_id="never known"))
            assert not storage.delete_user(named, now_ms=1)
            assert storage.find_user("user-3") is not None
            self.with_users(1, storage=storage)
            sessions.create_session(attrs.evolve(a_session(8), recipe_user_id="method-1"))

    def test_of_several_login_methods_one_may_go(self) -> None:
        """With what belongs to its own id; where that is the user's, what belongs to the user stays."""
        storage = self.new_storage()
        for number in (1, 2):
            login = attrs.evolve(a_login(number), recipe_user_id=f"user-{number}")
            storage.part(PASSWORDS).create_user_with_password(login)
        link(storage, "user-2", "user-1")
        sessions = storage.part(SESSIONS)
        for number, recipe_user_id in enumerate(("user-1", "user-2")):
            sessions.create_session(attrs.evolve(a_session(number), recipe_user_id=recipe_user_id))
        assert storage.delete_user("user-1", now_ms=1, remove_all_linked_accounts=False)
        user = storage.find_user("user-1")
        assert user is not None
        assert user == storage.find_user("user-2")
        assert [each.recipe_user_id.get_as_string() for each in user.login_methods] == ["user-2"]
        assert user.time_joined == a_login(2).time_joined_ms
        assert listed(storage) == ["user-1"]
        assert storage.part(PASSWORDS).find_password_login(PUBLIC, "user-1@example.com") is None
        assert sessions.session_handles_of_user("user-1", None, 3) == ("handle-1",)
        assert storage.delete_user("user-1", now_ms=1, remove_all_linked_accounts=False)
        assert storage.find_user("user-1") is not None
        assert storage.delete_user("user-2", now_ms=1, remove_all_linked_accounts=False)
        assert storage.find_user("user-1") is None
        assert sessions.session_handles_of_user("user-1", None, 3) == ()

    def test_a_login_method_goes_with_its_own_sessions(self) -> None:
        """The user goes on, joined when the oldest of those left did, and so do the other sessions."""
        storage = self.with_users(1, 2, 3)
        link(storage, "method-1", "user-2")
        assert listed(storage) == ["user-2", "user-3"]
        sessions = storage.part(SESSIONS)
        for number, recipe_user_id in enumerate(("method-1", "method-2")):
            session = attrs.evolve(a_session(number), user_id="user-2", recipe_user_id=recipe_user_id)
            sessions.create_session(session)
        assert storage.delete_user("method-1", now_ms=1, remove_all_linked_accounts=False)
        user = storage.find_user("user-2")
        assert user is not None
        assert user.time_joined == a_login(2).time_joined_ms
        assert [sessions.find_session(f"handle-{number}") is None for number in range(2)] == [True, False]
        assert storage.find_user("method-1") is None
        assert raises(BarredUserError, sessions.create_session, a_session(8, user_id="method-1"))
        sessions.create_session(a_session(9, user_id="user-2"))

    def test_ids_of_deleted_users_are_remembered_for_a_while(self) -> None:
        """As long as is said, and purged then, in batches; those of disabled users stay."""
        storage = self.with_users(1, 2, 3)
        sessions = storage.part(SESSIONS)
        storage.set_disabled("user-3", 5)
        for number in (1, 2):
            storage.delete_user(f"user-{number}", now_ms=number)
        assert storage.purge_barred_users(REMEMBERED_MS, limit=9) == 0
        assert raises(BarredUserError, sessions.create_session, a_session(1))
        assert storage.purge_barred_users(REMEMBERED_MS + 1, limit=-1) == 0
        assert storage.purge_barred_users(REMEMBERED_MS + 1, limit=1) == 1
        assert storage.purge_barred_users(REMEMBERED_MS + 9, limit=9) == 3
        assert storage.purge_barred_users(2**50, limit=9) == 0
        sessions.create_session(a_session(1))
        assert raises(BarredUserError, sessions.create_session, a_session(3, user_id="user-3"))

    def test_a_disabled_user_has_no_sessions(self) -> None:
        """Those there were end, no new ones are made for any id, until the user is enabled; then there are new ones."""
        storage = self.with_users(1, 2)
        sessions = storage.part(SESSIONS)
        for number in (1, 2):
            sessions.create_session(a_session(number, user_id=f"user-{number}"))
        assert storage.set_disabled("method-1", 7)
        assert not storage.set_disabled("user-1", 8)
        assert not storage.set_disabled("nobody", 8)
        assert not storage.set_disabled("user-2", None)
        assert [user and user.disabled for user in map(storage.find_user, ("user-1", "user-2"))] == [True, False]
        assert [sessions.find_session(f"handle-{number}") is None for number in (1, 2)] == [True, False]
        for user_id in ("user-1", "method-1"):
            assert raises(BarredUserError, sessions.create_session, a_session(3, user_id=user_id))
        assert storage.set_disabled("user-1", None)
        user = storage.find_user("user-1")
        assert user is not None
        assert not user.disabled
        assert sessions.find_session("handle-1") is None
        sessions.create_session(a_session(3))

    def test_a_session_that_outlived_its_user_is_none(self) -> None:
        """Where it was made just while the user was deleted or disabled; nor does it come back with the user."""
        storage = self.with_users(1, 2)
        sessions = storage.part(SESSIONS)
        storage.delete_user("user-1", now_ms=1)
        storage.set_disabled("user-2", 1)
        for number in (1, 2):
            session = a_session(number, user_id=f"user-{number}")
            add_behind(storage, session.user_id, partial(sessions.create_session, session))
        sessions.create_session(a_session(3, user_id="user-3"))
        assert [sessions.find_session(f"handle-{number}") is None for number in (1, 2, 3)] == [True, True, False]
        storage.set_disabled("user-2", None)
        assert sessions.find_session("handle-2") is None

    def test_a_provider_changes_nothing_of_a_disabled_user(self) -> None:
        """Whoever signs in there is found, as disabled, with the former address."""
        storage = self.new_storage()
        third_parties = storage.part(THIRD_PARTIES)
        third_parties.sign_in_or_up(a_third_party_login(1, email="old@example.com"))
        storage.set_disabled("user-1", 7)
        signed_in = third_parties.sign_in_or_up(a_third_party_login(2, email="new@example.com"))
        assert (signed_in.user.emails, signed_in.user.disabled) == (["old@example.com"], True)
        assert signed_in.user == storage.find_user("user-1")

    def test_an_external_id_is_shown_and_either_is_taken(self) -> None:
        """By every function; sessions move along, and back when the mapping is deleted."""
        storage = self.new_storage()
        passwords, sessions = storage.part(PASSWORDS), storage.part(SESSIONS)
        passwords.create_user_with_password(attrs.evolve(a_login(1), recipe_user_id="user-1"))
        sessions.create_session(a_session(1))
        mapping = UserIdMapping(user_id="user-1", external_user_id="mine", external_user_info="noted")
        assert storage.create_user_id_mapping(mapping) is True
        user = storage.find_user("mine")
        assert user is not None
        assert user == storage.find_user("user-1")
        assert (user.id, user.login_methods[0].recipe_user_id.get_as_string()) == ("mine", "mine")
        assert listed(storage) == ["mine"]
        session = sessions.find_session("handle-1")
        assert session is not None
        assert (session.user_id, session.recipe_user_id) == ("mine", "mine")
        assert [sessions.session_handles_of_user(each, None, 3) for each in ("mine", "user-1")] == [("handle-1",)] * 2
        assert passwords.update_password_login("mine", email="new@example.com", password_hash="new")
        assert passwords.find_password_login_by_id("mine") == passwords.find_password_login_by_id("user-1")
        assert storage.find_user_id_mapping("user-1", "SUPERTOKENS") == mapping
        assert storage.find_user_id_mapping("mine", "EXTERNAL") == mapping
        assert [storage.find_user_id_mapping(each) for each in ("user-1", "mine")] == [mapping] * 2
        assert storage.find_user_id_mapping("mine", "SUPERTOKENS") is None
        assert storage.find_user_id_mapping("user-1", "EXTERNAL") is None
        assert storage.set_user_id_mapping_info("mine", "ANY", None)
        assert storage.find_user_id_mapping("mine") == attrs.evolve(mapping, external_user_info=None)
        for at_most in (None, 5):
            create = partial(sessions.create_session, at_most=at_most)
            assert raises(MappedUserError, create, a_session(2, user_id="user-1"))
        assert storage.set_disabled("mine", 1)
        assert raises(BarredUserError, sessions.create_session, a_session(2, user_id="mine"))
        assert storage.set_disabled("user-1", None)
        sessions.create_session(a_session(2, user_id="mine"))
        assert not storage.delete_user_id_mapping("mine", "SUPERTOKENS")
        assert storage.delete_user_id_mapping("mine")
        assert not storage.delete_user_id_mapping("mine")
        assert not storage.set_user_id_mapping_info("mine", "ANY", "more")
        moved = sessions.find_session("handle-2")
        assert moved is not None
        assert moved.user_id == "user-1"
        assert storage.find_user("mine") is None

    def test_each_id_has_one_mapping(self) -> None:
        """A second one says which id has one already; unknown ids have none; a user's id is no external one."""
        storage = self.with_users(1, 2, 3)
        create = storage.create_user_id_mapping
        assert create(UserIdMapping(user_id="nobody", external_user_id="mine")) is False
        assert create(UserIdMapping(user_id="method-1", external_user_id="mine")) is True
        for user_id, external, taken in (
            ("method-1", "mine", (True, True)),
            ("method-1", "other", (True, False)),
            ("method-2", "mine", (False, True)),
        ):
            answer = create(UserIdMapping(user_id=user_id, external_user_id=external))
            assert answer == MappingTaken(of_user_id=taken[0], of_external_user_id=taken[1])
        assert raises(BadInputError, create, UserIdMapping(user_id="user-2", external_user_id="user-3"))
        assert create(UserIdMapping(user_id="user-2", external_user_id="user-3"), force=True) is True
        assert raises(BadInputError, create, UserIdMapping(user_id="user-3", external_user_id=""))
        user = storage.find_user("method-1")
        assert user is not None
        assert (user.id, user.login_methods[0].recipe_user_id.get_as_string()) == ("user-1", "mine")

    def test_an_external_id_may_be_that_of_somebody_who_was_deleted(self) -> None:
        """Then it has sessions again; that of a disabled user has none from the start."""
        storage = self.with_users(1, 2, 3)
        for user_id, external in (("user-1", "mine"), ("user-2", "mine"), ("user-3", "other")):
            storage.set_disabled("user-3", 1)
            assert storage.create_user_id_mapping(UserIdMapping(user_id=user_id, external_user_id=external)) is True
            assert user_id != "user-1" or storage.delete_user("mine", now_ms=1)
        storage.part(SESSIONS).create_session(a_session(1, user_id="mine"))
        assert raises(BarredUserError, storage.part(SESSIONS).create_session, a_session(2, user_id="other"))

    def test_what_no_store_holds_is_bad_input(self) -> None:
        """NUL, half a surrogate pair and text without an end, in whatever is asked of users."""
        storage = self.new_storage()
        for bad in ("nul\0", "half \ud800", "x" * 100_000):
            for search in (UserSearch(emails=(bad,)), UserSearch(phone_numbers=(bad,)), UserSearch(providers=(bad,))):
                assert raises(BadInputError, storage.list_users, UserListing(tenant_id=PUBLIC, limit=1, search=search))
            assert raises(BadInputError, storage.list_users, UserListing(tenant_id=bad, limit=1))
            listing = UserListing(tenant_id=PUBLIC, limit=1, start=Place(1, bad))
            assert raises(BadInputError, storage.list_users, listing)
            assert raises(BadInputError, storage.count_users, bad, None)
            for account in (AccountInfo(email=bad), AccountInfo(phone_number=bad), AccountInfo(identity=(bad, ""))):
                assert raises(BadInputError, partial(storage.find_users, union=True), PUBLIC, account)
            assert raises(BadInputError, partial(storage.delete_user, now_ms=1), bad)
            assert raises(BadInputError, storage.set_disabled, bad, None)
            assert raises(BadInputError, storage.find_user_id_mapping, bad)
            assert raises(BadInputError, storage.delete_user_id_mapping, bad)
            for mapping in (
                UserIdMapping(user_id=bad, external_user_id="a"),
                UserIdMapping(user_id="a", external_user_id=bad),
            ):
                assert raises(BadInputError, storage.create_user_id_mapping, mapping)
        many = UserSearch(emails=("a",) * 21)
        assert raises(BadInputError, storage.list_users, UserListing(tenant_id=PUBLIC, limit=1, search=many))


class UserMachine(PasswordMachine, SessionMachine):
    """Steps for users, held against the dictionaries of their logins and sessions."""

    def __init__(self) -> None:
        super().__init__()
        self.disabled: set[str] = set()
        self.deleted: set[str] = set()

    @override
    def is_barred(self, user_id: str) -> bool:
        there = {login.user_id for login in self.logins.values()}
        return user_id in self.disabled or (user_id in self.deleted and user_id not in there)

    @rule(number=numbers, named=st.sampled_from(["user", "method"]))
    def delete_user(self, number: int, named: str) -> None:
        """Delete a user: the login goes, and so do all sessions."""
        is_there = self.logins.pop(f"method-{number}", None) is not None
        assert self.storage.delete_user(f"{named}-{number}", now_ms=0) == is_there
        if is_there:
            self.disabled.discard(f"user-{number}")
            self.deleted.add(f"user-{number}")
            self.forget_user({f"user-{number}", f"method-{number}"})

    @rule(number=numbers)
    def disable_user(self, number: int) -> None:
        """Disable a user: all sessions go."""
        changes = f"method-{number}" in self.logins and f"user-{number}" not in self.disabled
        assert self.storage.set_disabled(f"user-{number}", 1) == changes
        if changes:
            self.disabled.add(f"user-{number}")
            self.forget_disabled_user({f"user-{number}", f"method-{number}"})

    @rule(number=numbers)
    def enable_user(self, number: int) -> None:
        """Let a user have sessions again."""
        changes = f"user-{number}" in self.disabled
        assert self.storage.set_disabled(f"user-{number}", None) == changes
        if changes:
            self.disabled.discard(f"user-{number}")
            self.forget_disabled_user({f"user-{number}", f"method-{number}"})

    @invariant()
    def users_agree(self) -> None:
        """Hold the users of each tenant, page by page, and how many there are, against the model."""
        for tenant_id in ("public", "other"):
            logins = [each for each in self.logins.values() if each.tenant_id == tenant_id]
            expected = [each.user_id for each in sorted(logins, key=lambda each: each.time_joined_ms)]
            of_passwords = [*users_with_passwords(self.storage, tenant_id)]
            assert [user.id for user in of_passwords] == expected
            assert [user.id for user in of_passwords if user.disabled] == [
                each for each in expected if each in self.disabled
            ]
            assert self.storage.count_users(tenant_id, EMAILPASSWORD) == len(expected)


EMAILPASSWORD = frozenset({"emailpassword"})


def users_with_passwords(storage: Storage, tenant_id: str) -> Iterator[User]:
    """Yield the users of a tenant who have a password, page by page."""
    start: Place | None = None
    while True:
        page = storage.list_users(UserListing(tenant_id=tenant_id, limit=1, start=start, recipe_ids=EMAILPASSWORD))
        yield from page.users
        start = page.next
        if start is None:
            return

"""What every store of users with passwords has to do, as tests."""

from __future__ import annotations

import attrs

from authweave.storage import MAX_EMAIL_CHARACTERS, EmailTakenError, StorageError, UserIdMapping
from authweave.storage.contract import AT_ONCE, PUBLIC, StoreContract, at_once, raises, said_by
from authweave.types import BadInputError

from . import PASSWORDS
from .records import PasswordLogin


def a_login(number: int, *, email: str | None = None, tenant_id: str = PUBLIC) -> PasswordLogin:
    """Return a login method that differs from those of other numbers."""
    return PasswordLogin(
        user_id=f"user-{number}",
        recipe_user_id=f"method-{number}",
        tenant_id=tenant_id,
        email=f"user-{number}@example.com" if email is None else email,
        password_hash=f"hash-{number}",
        time_joined_ms=1_700_000_000_000 + number,
    )


class PasswordContract(StoreContract):
    """What a store owes of users with passwords."""

    def test_a_new_user_is_found_by_address_and_by_both_ids(self) -> None:
        """What was added is found under each of its names, and nothing under others."""
        storage = self.new_storage()
        store = storage.part(PASSWORDS)
        user = store.create_user_with_password(attrs.evolve(a_login(1), tenant_id=PUBLIC))
        assert (user.id, user.is_primary_user, user.emails) == ("user-1", False, ["user-1@example.com"])
        assert (user.tenant_ids, user.time_joined) == ([PUBLIC], 1_700_000_000_001)
        assert storage.find_user("user-1") == storage.find_user("method-1") == user
        assert store.find_password_login(PUBLIC, "user-1@example.com") == a_login(1)
        assert store.find_password_login_by_id("method-1") == a_login(1)
        assert storage.find_user("user-2") is None
        assert store.find_password_login(PUBLIC, "user-2@example.com") is None
        assert store.find_password_login("other", "user-1@example.com") is None
        assert store.find_password_login_by_id("user-1") is None

    def test_a_login_is_found_with_its_user(self) -> None:
        """By one read; the user is what he is found as by himself, with the id that is shown."""
        storage = self.new_storage()
        store = storage.part(PASSWORDS)
        for number in (1, 2):
            store.create_user_with_password(a_login(number))
        assert storage.set_disabled("user-2", 1)
        assert storage.create_user_id_mapping(UserIdMapping(user_id="user-1", external_user_id="shown-1")) is True
        for number in (1, 2):
            found = store.find_password_user(PUBLIC, f"user-{number}@example.com")
            assert found is not None
            assert found.login == a_login(number)
            assert found.user() == storage.find_user(f"user-{number}")
        assert store.find_password_user(PUBLIC, "user-3@example.com") is None
        assert store.find_password_user("other", "user-1@example.com") is None

    def test_a_login_has_the_hash_that_was_read_until_it_changes(self) -> None:
        """It has it no more where it has another one, or is gone."""
        storage = self.new_storage()
        store = storage.part(PASSWORDS)
        for number in (1, 2):
            store.create_user_with_password(a_login(number))
        assert store.update_password_login("method-1", email="new@example.com", password_hash=None)
        assert store.has_password_hash(a_login(1))
        assert store.update_password_login("method-1", email=None, password_hash="new")
        assert not store.has_password_hash(a_login(1))
        assert storage.delete_user("user-2", now_ms=1)
        assert not store.has_password_hash(a_login(2))

    def test_a_deleted_user_leaves_nothing(self) -> None:
        """After deleting nothing is found, and address and ids are free; nobody else is deleted."""
        storage = self.new_storage()
        store = storage.part(PASSWORDS)
        for number in (1, 2):
            store.create_user_with_password(a_login(number))
        assert not storage.delete_user("user-9", now_ms=1)
        assert storage.delete_user("user-1", now_ms=1)
        assert not storage.delete_user("user-1", now_ms=1)
        assert storage.find_user("user-1") is None
        assert store.find_password_login(PUBLIC, "user-1@example.com") is None
        assert store.find_password_login_by_id("method-1") is None
        assert not store.update_password_login("method-1", email=None, password_hash="other")
        assert store.create_user_with_password(a_login(1)) == storage.find_user("user-1")
        assert storage.find_user("user-2") is not None

    def test_addresses_and_ids_that_are_merely_alike_are_those_of_several(self) -> None:
        """A collation that ignores case, accents or blanks at the end would mix users up."""
        storage = self.new_storage()
        store = storage.part(PASSWORDS)
        store.create_user_with_password(a_login(1, email="jose@example.com"))
        store.create_user_with_password(a_login(2, email="jos\u00e9@example.com"))
        for address in ("Jose@example.com", "jose@example.com ", "jose\u0301@example.com"):
            assert store.find_password_login(PUBLIC, address) is None
        for user_id in ("User-1", "user-1 ", "\u00faser-1"):
            assert storage.find_user(user_id) is None

    def test_an_address_is_taken_within_its_tenant_only(self) -> None:
        """A second user of the tenant cannot have the address, nor leaves anything behind; one of another can."""
        storage = self.new_storage()
        store = storage.part(PASSWORDS)
        store.create_user_with_password(a_login(1, email="same@example.com"))
        assert raises(EmailTakenError, store.create_user_with_password, a_login(2, email="same@example.com"))
        assert storage.find_user("user-2") is None
        assert storage.create_tenant("other")
        store.create_user_with_password(a_login(2, email="same@example.com", tenant_id="other"))
        assert store.find_password_login("other", "same@example.com") is not None

    def test_ids_have_to_be_new_and_tenants_to_exist(self) -> None:
        """A user of a known id, or of an unknown tenant, is refused, and leaves nothing behind."""
        store = self.new_storage().part(PASSWORDS)
        store.create_user_with_password(a_login(1))
        for login in (
            attrs.evolve(a_login(2), user_id="user-1"),
            attrs.evolve(a_login(2), recipe_user_id="method-1"),
            a_login(2, tenant_id="nowhere"),
        ):
            assert raises(StorageError, store.create_user_with_password, login)
            assert store.find_password_login(login.tenant_id, login.email) is None

    def test_address_and_hash_change_together_or_alone(self) -> None:
        """What is None stays as it is; an address that is taken leaves the hash alone too."""
        store = self.new_storage().part(PASSWORDS)
        store.create_user_with_password(a_login(1))
        store.create_user_with_password(a_login(2))
        assert store.update_password_login("method-1", email="new@example.com", password_hash=None)
        assert store.update_password_login("method-1", email=None, password_hash="new")
        assert store.update_password_login("method-1", email=None, password_hash=None)
        changed = attrs.evolve(a_login(1), email="new@example.com", password_hash="new")
        assert store.find_password_login(PUBLIC, "new@example.com") == changed
        assert store.find_password_login(PUBLIC, "user-1@example.com") is None
        assert store.update_password_login("method-1", email="new@example.com", password_hash="new")
        assert raises(
            EmailTakenError,
            store.update_password_login,
            "method-1",
            email="user-2@example.com",
            password_hash="newer",
        )
        assert store.find_password_login_by_id("method-1") == changed
        assert not store.update_password_login("method-3", email="three@example.com", password_hash="three")

    def test_hash_changes_only_from_the_one_that_was_seen(self) -> None:
        """Who read a hash that is no longer stored changes nothing."""
        store = self.new_storage().part(PASSWORDS)
        login = a_login(1)
        store.create_user_with_password(login)
        seen_hash = login.password_hash
        for email in (None, "new@example.com"):
            assert not store.update_password_login("method-1", email=email, password_hash="a", from_hash="other")
            assert not store.update_password_login("method-1", email=email, password_hash=None, from_hash="other")
        assert store.find_password_login_by_id("method-1") == login
        assert store.update_password_login("method-1", email=None, password_hash="a", from_hash=seen_hash)
        assert not store.update_password_login("method-1", email=None, password_hash="b", from_hash=seen_hash)
        assert store.find_password_login_by_id("method-1") == attrs.evolve(login, password_hash="a")

    def test_text_that_cannot_be_kept_is_bad_input(self) -> None:
        """NUL, half a surrogate pair and text without an end are refused by name, wherever they come in."""
        storage = self.new_storage()
        store = storage.part(PASSWORDS)
        for bad in ("nul\0", "half \ud800", "x" * (MAX_EMAIL_CHARACTERS + 1), "x" * 10_000_000):
            assert raises(BadInputError, store.create_user_with_password, a_login(1, email=bad))
            assert raises(BadInputError, store.create_user_with_password, attrs.evolve(a_login(1), user_id=bad))
            for find in (store.find_password_login, store.find_password_user):
                assert raises(BadInputError, find, PUBLIC, bad)
                assert raises(BadInputError, find, bad, "a@example.com")
            assert raises(BadInputError, store.update_password_login, "method-1", email=bad, password_hash=None)
            assert raises(BadInputError, store.find_password_login_by_id, bad)

    def test_of_many_who_want_an_address_one_gets_it(self) -> None:
        """Of sign-ups at the same moment with one address exactly one succeeds, and its user alone is there."""
        storage = self.new_storage()
        store = storage.part(PASSWORDS)

        def sign_up(number: int) -> str | None:
            try:
                return store.create_user_with_password(a_login(number, email="same@example.com")).id
            except EmailTakenError:
                return None

        winners = [winner for winner in at_once(sign_up) if winner is not None]
        users = [user.id for number in range(AT_ONCE) if (user := storage.find_user(f"user-{number}"))]
        assert winners == users
        assert len(winners) == 1

    def test_nothing_secret_is_in_an_error(self) -> None:
        """Messages of errors and of their causes hold no address and no hash."""
        store = self.new_storage().part(PASSWORDS)
        login = attrs.evolve(a_login(1), email="private@example.com", password_hash="secret-hash")
        store.create_user_with_password(login)
        for again in (attrs.evolve(login, user_id="user-2", recipe_user_id="method-2"), attrs.evolve(login, email="-")):
            messages = " ".join(said_by(store.create_user_with_password, again))
            assert "private@example.com" not in messages
            assert "secret-hash" not in messages

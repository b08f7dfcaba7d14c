from collections.abc import Callable, Iterator
from pathlib import Path

import attrs
import pytest
from typing_extensions import override

from authweave.events.store.contract import EventContract
from authweave.outbox.store.contract import OutboxContract
from authweave.recipe.attempts.store.contract import AttemptContract
from authweave.recipe.emailpassword.store import PASSWORDS
from authweave.recipe.emailpassword.store.contract import PasswordContract, a_login
from authweave.recipe.session.store.contract import SessionContract
from authweave.recipe.thirdparty.store import THIRD_PARTIES
from authweave.recipe.thirdparty.store.contract import ThirdPartyContract, a_third_party_login
from authweave.recipe.usermetadata.store.contract import UserMetadataContract
from authweave.recipe.userroles.store.contract import UserRoleContract
from authweave.storage import Storage, StorageError
from authweave.storage.memory import MemoryStorage
from authweave.testing.storage_contract import PUBLIC, StorageContract, StoreContract, raises
from tests.patience import PATIENT
from tests.stores import open_whole


class TogetherContract(StoreContract):
    """What parts owe each other."""

    def test_an_address_follows_its_provider_and_nothing_else(self) -> None:
        """What the provider says last of address and verification is kept; others who have the address keep theirs."""
        storage = self.new_storage()
        passwords, third_parties = storage.part(PASSWORDS), storage.part(THIRD_PARTIES)
        passwords.create_user_with_password(a_login(9, email="taken@example.com"))
        third_parties.sign_in_or_up(a_third_party_login(1, subject="subject-1"))
        third_parties.sign_in_or_up(a_third_party_login(2, subject="subject-2", email="taken@example.com"))
        for email, verified in (("taken@example.com", False), ("taken@example.com", True), ("new@example.com", False)):
            changed = third_parties.sign_in_or_up(a_third_party_login(3, email=email, verified=verified))
            method = changed.user.login_methods[0]
            assert (changed.user.id, changed.is_new) == ("user-1", False)
            assert (method.email, method.verified, method.time_joined) == (email, verified, 1_700_000_000_001)
            assert storage.find_user("user-1") == changed.user
        others = [storage.find_user("user-2"), storage.find_user("user-9")]
        assert [user and user.emails for user in others] == [("taken@example.com",)] * 2
        assert passwords.find_password_login(PUBLIC, "taken@example.com") == a_login(9, email="taken@example.com")

    def test_a_password_of_the_same_address_is_another_user(self) -> None:
        """An address that a provider vouches for is free for a user with a password, and the other way round."""
        storage = self.new_storage()
        passwords, third_parties = storage.part(PASSWORDS), storage.part(THIRD_PARTIES)
        third_parties.sign_in_or_up(a_third_party_login(1, email="same@example.com"))
        user = passwords.create_user_with_password(a_login(2, email="same@example.com"))
        assert user.id == "user-2"
        assert third_parties.sign_in_or_up(a_third_party_login(3, email="same@example.com")).user.id == "user-1"
        assert passwords.find_password_login_by_id("method-1") is None
        assert not passwords.update_password_login("method-1", email="taken@example.com", password_hash="hash")

    def test_ids_have_to_be_new_and_the_tenant_to_exist(self) -> None:
        """A new user of a known id, or of an unknown tenant, is refused, and leaves nothing behind."""
        storage = self.new_storage()
        passwords, third_parties = storage.part(PASSWORDS), storage.part(THIRD_PARTIES)
        third_parties.sign_in_or_up(a_third_party_login(1))
        passwords.create_user_with_password(a_login(2))
        for login in (
            attrs.evolve(a_third_party_login(3, subject="new"), user_id="user-1"),
            attrs.evolve(a_third_party_login(3, subject="new"), recipe_user_id="method-1"),
            attrs.evolve(a_third_party_login(3, subject="new"), recipe_user_id="method-2"),
            a_third_party_login(3, subject="new", tenant_id="nowhere"),
        ):
            assert raises(StorageError, third_parties.sign_in_or_up, login)
            assert third_parties.find_third_party_login(login.tenant_id, "provider", "", "new") is None
        assert raises(StorageError, passwords.create_user_with_password, attrs.evolve(a_login(3), user_id="user-1"))


class WholeContract(
    EventContract,
    OutboxContract,
    TogetherContract,
    PasswordContract,
    ThirdPartyContract,
    SessionContract,
    AttemptContract,
    UserRoleContract,
    UserMetadataContract,
    StorageContract,
):
    """What a store with the parts of all recipes owes."""


class TestMemory(WholeContract):
    @override
    def new_storage(self) -> Storage:
        return MemoryStorage()


class Opened:
    """Stores that are closed when their test has ended."""

    @pytest.fixture(autouse=True)
    def _close(self) -> Iterator[None]:
        self.opened: list[Storage] = []
        yield
        for storage in self.opened:
            storage.close()

    def open(self, url: str) -> Storage:
        self.opened.append(open_whole(url, PATIENT))
        return self.opened[-1]


class TestSQLiteInMemory(Opened, WholeContract):
    @override
    def new_storage(self) -> Storage:
        return self.open("sqlite://")


class TestSQLiteFile(Opened, WholeContract):
    @pytest.fixture(autouse=True)
    def _directory(self, tmp_path: Path) -> None:
        self.directory = tmp_path

    @override
    def new_storage(self) -> Storage:
        return self.open(f"sqlite:///{self.directory / 'auth.db'}")


class TestPostgreSQL(Opened, WholeContract):
    @pytest.fixture(autouse=True)
    def _server(self, new_postgresql_url: Callable[[], str], _close: None) -> None:
        self.new_url = new_postgresql_url

    @override
    def new_storage(self) -> Storage:
        return self.open(self.new_url())

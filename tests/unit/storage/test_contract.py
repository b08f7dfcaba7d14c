from collections.abc import Callable, Iterator
from pathlib import Path

import attrs
import pytest
from typing_extensions import override

from authweave.events.store.contract import EventContract
from authweave.one_time_tokens import ONE_TIME_TOKENS
from authweave.one_time_tokens.store.contract import OneTimeTokenContract, a_token
from authweave.outbox.store.contract import OutboxContract
from authweave.recipe.accountlinking.store import ENDED_SESSIONS, EndedSession
from authweave.recipe.accountlinking.store.contract import EndedSessionContract
from authweave.recipe.attempts.store.contract import AttemptContract
from authweave.recipe.emailpassword.store import PASSWORDS
from authweave.recipe.emailpassword.store.contract import PasswordContract, a_login
from authweave.recipe.emailverification.store import VERIFIED_EMAILS
from authweave.recipe.emailverification.store.contract import VerifiedEmailContract
from authweave.recipe.multitenancy.store.contract import TenantConfigContract
from authweave.recipe.passwordless.store.contract import PasswordlessContract
from authweave.recipe.session.store.contract import SessionContract
from authweave.recipe.thirdparty.store import THIRD_PARTIES
from authweave.recipe.thirdparty.store.contract import ThirdPartyContract, a_third_party_login
from authweave.recipe.totp.store import TOTP_DEVICES
from authweave.recipe.totp.store.contract import NOW_MS, TOTPContract, a_device, a_use
from authweave.recipe.usermetadata.store import USER_METADATA
from authweave.recipe.usermetadata.store.contract import UserMetadataContract
from authweave.recipe.userroles.store import USER_ROLES
from authweave.recipe.userroles.store.contract import UserRoleContract
from authweave.recipe.webauthn.store.contract import PasskeyContract
from authweave.storage import LinkedAccounts, Storage, StorageError, UserIdMapping
from authweave.storage.memory import MemoryStorage
from authweave.testing.storage_contract import PUBLIC, StorageContract, StoreContract, raises
from tests.patience import PATIENT
from tests.stores import open_whole

from .links import LinkContract
from .shared_tenants import SharedTenantContract
from .unlinks import UnlinkContract
from .users import UserContract


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
        assert [user and user.emails for user in others] == [["taken@example.com"]] * 2
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

    def test_one_time_tokens_go_with_their_user(self) -> None:
        """Of a user who is deleted or disabled none is good any more; another's are."""
        storage = self.new_storage()
        passwords, tokens = storage.part(PASSWORDS), storage.part(ONE_TIME_TOKENS)
        for number in (1, 2, 3):
            passwords.create_user_with_password(a_login(number))
            tokens.add_token(attrs.evolve(a_token(number), user_id=f"method-{number}"), at_most=9)
        assert storage.delete_user("user-1", now_ms=1)
        assert storage.set_disabled("user-2", 1)
        found = [tokens.find_token("reset", PUBLIC, f"hash-{number}") for number in (1, 2, 3)]
        assert [token and token.user_id for token in found] == [None, None, "method-3"]

    def test_a_verified_address_is_shown_and_remembered(self) -> None:
        """That of a login method is shown with it; one that it has again is verified again, when it is settled."""
        storage = self.new_storage()
        passwords, verified = storage.part(PASSWORDS), storage.part(VERIFIED_EMAILS)
        passwords.create_user_with_password(a_login(1))
        ada, new, now_ms = "user-1@example.com", "new@example.com", 1_700_000_000_000

        def shown() -> tuple[str | None, bool]:
            user = storage.find_user("user-1")
            assert user is not None
            return user.login_methods[0].email, user.login_methods[0].verified

        assert verified.mark_verified("method-1", new, now_ms)
        assert (shown(), verified.is_verified("method-1", ada)) == ((ada, False), False)
        assert [verified.mark_verified("method-1", ada, now_ms) for _ in range(2)] == [True, False]
        assert shown() == (ada, True)
        passwords.update_password_login("method-1", email=ada, password_hash="other")
        passwords.update_password_login("method-1", email=None, password_hash="another")
        assert shown() == (ada, True)
        assert verified.unverify("method-1", new)
        for address in (new, ada):
            assert not verified.settle("method-1", now_ms)
            passwords.update_password_login("method-1", email=address, password_hash=None)
            assert shown() == (address, False)
            assert verified.settle("method-1", now_ms) == (address == ada)
        assert shown() == (ada, True)
        assert [verified.unverify("method-1", ada) for _ in range(2)] == [True, False]
        assert (shown(), verified.is_verified("method-1", ada)) == ((ada, False), False)

    def test_whom_a_provider_vouched_for_is_remembered(self) -> None:
        """An address that was verified before this part knew of it is no news, and remembered when it is settled."""
        storage = self.new_storage()
        third_parties, verified = storage.part(THIRD_PARTIES), storage.part(VERIFIED_EMAILS)
        now_ms = 1_700_000_000_000
        third_parties.sign_in_or_up(a_third_party_login(1, email="a@example.com", verified=True))
        assert verified.is_verified("method-1", "a@example.com")
        assert not verified.mark_verified("method-1", "a@example.com", now_ms)
        again = third_parties.sign_in_or_up(a_third_party_login(1, email="a@example.com", verified=False))
        assert again.user.login_methods[0].verified
        other = third_parties.sign_in_or_up(a_third_party_login(1, email="b@example.com", verified=False))
        assert not other.user.login_methods[0].verified
        assert verified.mark_verified("method-1", "b@example.com", now_ms)
        again = third_parties.sign_in_or_up(a_third_party_login(1, email="b@example.com", verified=False))
        assert again.user.login_methods[0].verified
        back = third_parties.sign_in_or_up(a_third_party_login(1, email="a@example.com", verified=False))
        assert not back.user.login_methods[0].verified
        assert verified.settle("method-1", now_ms)
        user = storage.find_user("user-1")
        assert user is not None
        assert user.login_methods[0].verified

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

    def test_roles_and_metadata_go_with_their_user(self) -> None:
        """In all tenants, also what is kept for an id that APIs show instead; those of others stay."""
        storage = self.new_storage()
        passwords, roles, metadata = storage.part(PASSWORDS), storage.part(USER_ROLES), storage.part(USER_METADATA)
        storage.create_tenant("other")
        roles.add_permissions("admin", [])
        for number in (1, 2, 3):
            passwords.create_user_with_password(a_login(number))
            for tenant_id in (PUBLIC, "other"):
                roles.assign_role(f"user-{number}", "admin", tenant_id)
            metadata.merge_metadata(f"user-{number}", {"number": number})
        mapping = UserIdMapping(user_id="user-3", external_user_id="external", external_user_info=None)
        assert storage.create_user_id_mapping(mapping) is True
        assert roles.users_with_role("admin", PUBLIC) == ("external", "user-1", "user-2")
        assert metadata.metadata_of_user("external") == {"number": 3}
        for user_id in ("user-1", "external"):
            assert storage.delete_user(user_id, now_ms=1)
        assert roles.users_with_role("admin", PUBLIC) == roles.users_with_role("admin", "other") == ("user-2",)
        kept = [metadata.metadata_of_user(each) for each in ("user-1", "user-2", "user-3", "external")]
        assert kept == [{}, {"number": 2}, {}, {}]

    def test_totp_devices_follow_their_user(self) -> None:
        """When APIs show another id, and when he is deleted; they stay with a disabled one, who gets no new ones."""
        storage = self.new_storage()
        passwords, store = storage.part(PASSWORDS), storage.part(TOTP_DEVICES)
        for number in (1, 2, 3):
            user_id = f"user-{number}"
            passwords.create_user_with_password(a_login(number))
            store.add_device(a_device(1, user_id=user_id))
            store.use_code(a_use(a_device(1, user_id=user_id)), NOW_MS)
            store.replace_recovery_codes(user_id, ["a", "b"])
            for tenant_id in (PUBLIC, "other"):
                store.begin_attempt(user_id, tenant_id, NOW_MS)
        mapping = UserIdMapping(user_id="user-3", external_user_id="external", external_user_info=None)
        assert storage.create_user_id_mapping(mapping) is True
        (device,) = store.devices_of_user("external")
        assert device == attrs.evolve(a_device(1, user_id="user-3"), user_id="external", verified=True)
        assert not store.use_code(a_use(device), NOW_MS)
        assert store.use_recovery_code("external", "nowhere", "a")
        assert store.begin_attempt("external", PUBLIC, NOW_MS).failures == 2
        assert storage.set_disabled("user-2", 1)
        assert store.add_device(a_device(2, user_id="user-2")) == "nobody"
        assert len(store.devices_of_user("user-2")) == 1
        for user_id in ("user-1", "external"):
            assert storage.delete_user(user_id, now_ms=1)
            assert store.add_device(a_device(2, user_id=user_id)) == "nobody"
            assert (store.devices_of_user(user_id), store.recovery_codes_left(user_id)) == ((), 0)
            assert store.begin_attempt(user_id, PUBLIC, NOW_MS).failures == 1
        storage.create_tenant("other")
        storage.delete_tenant("other")
        assert store.begin_attempt("user-2", "other", NOW_MS).failures == 1
        assert store.begin_attempt("user-2", PUBLIC, NOW_MS).failures == 2

    def test_roles_and_metadata_are_undone_with_their_transaction(self) -> None:
        """What was added, changed and removed in a block that raised."""
        storage = self.new_storage()
        roles, metadata = storage.part(USER_ROLES), storage.part(USER_METADATA)
        roles.add_permissions("admin", ["read"])
        roles.assign_role("user-1", "admin", PUBLIC)
        metadata.merge_metadata("user-1", {"a": 1})

        def work() -> None:
            with storage.transaction():
                roles.add_permissions("admin", ["write"])
                roles.add_permissions("user", [])
                roles.assign_role("user-1", "user", PUBLIC)
                roles.drop_role("admin")
                metadata.merge_metadata("user-1", {"a": 2})
                metadata.clear_metadata("user-1")
                raise KeyError

        assert raises(KeyError, work)
        assert (roles.all_roles(), roles.permissions_of_role("admin")) == (("admin",), ("read",))
        assert roles.roles_of_user("user-1", PUBLIC) == ("admin",)
        assert metadata.metadata_of_user("user-1") == {"a": 1}

    def test_successors_go_with_their_login_method(self) -> None:
        """With one that is unlinked, with a user who is disabled or deleted; and they follow an id that APIs show."""
        storage = self.new_storage()
        store, passwords = storage.part(ENDED_SESSIONS), storage.part(PASSWORDS)
        for number in range(1, 6):
            passwords.create_user_with_password(attrs.evolve(a_login(number), user_id=f"method-{number}"))
            storage.create_primary_user(f"method-{number}")
        passwords.create_user_with_password(attrs.evolve(a_login(9), user_id="method-9"))
        assert isinstance(storage.link_accounts("method-9", "method-1"), LinkedAccounts)
        store.remember_ended_sessions(
            [EndedSession(f"h{n}", f"method-{n}", f"method-{9 if n == 1 else n}", 100) for n in range(1, 6)]
        )
        mapping = UserIdMapping(user_id="method-5", external_user_id="external", external_user_info=None)
        assert storage.create_user_id_mapping(mapping) is True
        assert [store.successor_of(f"h{n}", 0) for n in range(1, 6)] == [
            *(f"method-{n}" for n in range(1, 5)),
            "external",
        ]
        storage.unlink_account("method-9", now_ms=1)
        storage.set_disabled("method-2", 1)
        storage.delete_user("method-3", now_ms=1)
        assert [store.successor_of(f"h{n}", 0) for n in range(1, 6)] == [None, None, None, "method-4", "external"]


class WholeContract(
    UserContract,
    LinkContract,
    UnlinkContract,
    SharedTenantContract,
    EventContract,
    PasswordlessContract,
    OneTimeTokenContract,
    OutboxContract,
    TogetherContract,
    PasswordContract,
    ThirdPartyContract,
    SessionContract,
    AttemptContract,
    EndedSessionContract,
    VerifiedEmailContract,
    UserRoleContract,
    UserMetadataContract,
    TOTPContract,
    PasskeyContract,
    TenantConfigContract,
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
        return self.open(f"sqlite:///{self.directory / f'auth-{len(self.opened)}.db'}")


class TestPostgreSQL(Opened, WholeContract):
    @pytest.fixture(autouse=True)
    def _server(self, new_postgresql_url: Callable[[], str], _close: None) -> None:
        self.new_url = new_postgresql_url

    @override
    def new_storage(self) -> Storage:
        return self.open(self.new_url())

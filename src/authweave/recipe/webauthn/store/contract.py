"""What every store of passkeys has to do, as tests."""

from __future__ import annotations

from typing import Any, Final

import attrs

from authweave.recipe.webauthn.exceptions import PasskeyTakenError
from authweave.storage import (
    EmailTakenError,
    LinkedAccounts,
    LoginRecord,
    PrimaryUser,
    StorageError,
    UserIdMapping,
)
from authweave.storage.contract import AT_ONCE, PUBLIC, StoreContract, at_once, raises
from authweave.types import BadInputError, WebauthnInfo

from . import WEBAUTHN
from .records import RECIPE_ID, CeremonyOptions, Passkey

MANY: Final = 100
NOW_MS: Final = 1_700_000_000_000


def a_passkey_login(number: int, *, email: str | None = None, tenant_id: str = PUBLIC) -> LoginRecord:
    """Return a login method that differs from those of other numbers."""
    return LoginRecord(
        user_id=f"user-{number}",
        recipe_user_id=f"user-{number}",
        recipe_id=RECIPE_ID,
        tenant_id=tenant_id,
        email=f"user-{number}@example.com" if email is None else email,
        time_joined_ms=NOW_MS + number,
    )


def a_passkey(number: int, *, of: int | None = None) -> Passkey:
    """Return a passkey of a user; those of greater numbers were made later."""
    return Passkey(
        credential_id=f"passkey-{number}",
        recipe_user_id=f"user-{number if of is None else of}",
        relying_party_id="example.com",
        public_key=f"key-{number}",
        sign_count=0,
        user_handle=f"handle-{number}",
        created_at_ms=NOW_MS + number,
    )


def some_options(number: int, *, client: str | None = None, tenant_id: str = PUBLIC) -> CeremonyOptions:
    """Return options to register with; those of greater numbers were made later."""
    return CeremonyOptions(
        options_id=f"options-{number}",
        ceremony="registration",
        tenant_id=tenant_id,
        client=client,
        relying_party_id="example.com",
        relying_party_name="Example",
        origin="https://example.com",
        email=f"user-{number}@example.com",
        user_handle=f"handle-{number}",
        user_verification="preferred",
        user_presence=True,
        attestation="none",
        algorithms="-8 -7",
        challenge=f"challenge-{number}",
        timeout_ms=1000,
        created_at_ms=NOW_MS + number,
        expires_at_ms=NOW_MS + number + 1000,
    )


class PasskeyContract(StoreContract):
    """What a store owes of passkeys."""

    def test_a_new_user_has_the_passkey(self) -> None:
        """It is found by its id, by its login method, and in the user."""
        storage = self.new_storage()
        store = storage.part(WEBAUTHN)
        user = store.create_user_with_passkey(a_passkey_login(1), a_passkey(1))
        assert user.login_methods[0].webauthn == WebauthnInfo(["passkey-1"])
        assert storage.find_user("user-1") == user
        assert store.find_passkey("passkey-1") == a_passkey(1)
        assert store.list_passkeys("user-1") == (a_passkey(1),)
        assert store.find_passkey_login(PUBLIC, "user-1@example.com") == "user-1"
        assert store.find_passkey_login("other", "user-1@example.com") is None
        assert store.is_passkey_login("user-1")
        assert not store.is_passkey_login("user-2")
        assert store.find_passkey("passkey-2") is None
        assert store.list_passkeys("user-2") == ()

    def test_passkeys_are_added_and_removed(self) -> None:
        """Of login methods that there are, each alone; the oldest comes first."""
        storage = self.new_storage()
        store = storage.part(WEBAUTHN)
        store.create_user_with_passkey(a_passkey_login(2), a_passkey(2))
        assert store.add_passkey(a_passkey(3, of=2))
        assert store.add_passkey(a_passkey(1, of=2))
        assert not store.add_passkey(a_passkey(4, of=9))
        assert [each.credential_id for each in store.list_passkeys("user-2")] == ["passkey-1", "passkey-2", "passkey-3"]
        assert not store.remove_passkey("user-9", "passkey-1")
        assert store.remove_passkey("user-2", "passkey-1")
        assert not store.remove_passkey("user-2", "passkey-1")
        assert store.remove_other_passkeys("user-2", "passkey-3") == 1
        assert store.remove_other_passkeys("user-2", "passkey-3") == 0
        user = storage.find_user("user-2")
        assert user is not None
        assert user.webauthn == WebauthnInfo(["passkey-3"])

    def test_an_id_is_one_passkeys(self) -> None:
        """Another one of the same id is refused, wherever it comes in, and nothing changes."""
        storage = self.new_storage()
        store = storage.part(WEBAUTHN)
        store.create_user_with_passkey(a_passkey_login(1), a_passkey(1))
        store.create_user_with_passkey(a_passkey_login(2), a_passkey(2))
        taken = attrs.evolve(a_passkey(3), credential_id="passkey-1")
        assert raises(PasskeyTakenError, store.create_user_with_passkey, a_passkey_login(3), taken)
        assert raises(PasskeyTakenError, store.add_passkey, attrs.evolve(taken, recipe_user_id="user-2"))
        assert storage.find_user("user-3") is None
        assert store.find_passkey("passkey-1") == a_passkey(1)

    def test_an_address_is_taken_within_its_tenant_only(self) -> None:
        """Of two at once exactly one gets it."""
        storage = self.new_storage()
        storage.create_tenant("other")
        store = storage.part(WEBAUTHN)

        def create(number: int) -> bool:
            login = a_passkey_login(number, email="same@example.com")
            return not raises(EmailTakenError, store.create_user_with_passkey, login, a_passkey(number))

        assert at_once(create).count(True) == 1
        elsewhere = a_passkey_login(AT_ONCE, email="same@example.com", tenant_id="other")
        store.create_user_with_passkey(elsewhere, a_passkey(AT_ONCE))
        nowhere = a_passkey_login(AT_ONCE + 1, tenant_id="nowhere")
        assert raises(StorageError, store.create_user_with_passkey, nowhere, a_passkey(AT_ONCE + 1))

    def test_a_counter_goes_on(self) -> None:
        """And neither stays nor goes back, unless it is 0; of callers at once with the same count one moves it."""
        store = self.new_storage().part(WEBAUTHN)
        store.create_user_with_passkey(a_passkey_login(1), a_passkey(1))
        counts = (0, 0, 2, 2, 1, 0, 3, 2**32 - 1)
        moved = [store.note_use("passkey-1", count) for count in counts]
        assert moved == [True, True, True, False, False, False, True, True]
        found = store.find_passkey("passkey-1")
        assert found is not None
        assert found.sign_count == 2**32 - 1
        assert not store.note_use("passkey-2", 1)
        store.create_user_with_passkey(a_passkey_login(2), a_passkey(2))
        assert at_once(lambda _: store.note_use("passkey-2", 7)).count(True) == 1

    def test_a_deleted_user_leaves_no_passkey(self) -> None:
        """Its id is free then."""
        storage = self.new_storage()
        store = storage.part(WEBAUTHN)
        for number in (1, 2):
            store.create_user_with_passkey(a_passkey_login(number), a_passkey(number))
        assert storage.delete_user("user-1", now_ms=1)
        assert store.find_passkey("passkey-1") is None
        assert not store.note_use("passkey-1", 1)
        assert store.list_passkeys("user-1") == ()
        assert store.add_passkey(attrs.evolve(a_passkey(1), recipe_user_id="user-2"))

    def test_a_linked_login_method_keeps_its_passkeys(self) -> None:
        """Also where it has another id for others."""
        storage = self.new_storage()
        store = storage.part(WEBAUTHN)
        for number in (1, 2):
            store.create_user_with_passkey(a_passkey_login(number), a_passkey(number))
        assert isinstance(storage.create_primary_user("user-1"), PrimaryUser)
        assert isinstance(storage.link_accounts("user-2", "user-1"), LinkedAccounts)
        user = storage.find_user("user-2")
        assert user is not None
        assert (user.id, user.webauthn) == ("user-1", WebauthnInfo(["passkey-1", "passkey-2"]))
        assert store.list_passkeys("user-2") == (a_passkey(2),)
        assert storage.create_user_id_mapping(UserIdMapping(user_id="user-2", external_user_id="shown")) is True
        assert store.add_passkey(attrs.evolve(a_passkey(3), recipe_user_id="shown"))
        assert [each.recipe_user_id for each in store.list_passkeys("shown")] == ["user-2", "user-2"]
        assert store.is_passkey_login("shown")
        assert store.remove_passkey("shown", "passkey-3")
        assert store.remove_other_passkeys("shown", "passkey-9") == 1

    def test_an_address_changes(self) -> None:
        """Unless it is taken; another one is not verified."""
        store = self.new_storage().part(WEBAUTHN)
        for number in (1, 2):
            store.create_user_with_passkey(a_passkey_login(number), a_passkey(number))
        assert not store.update_passkey_email("user-9", "new@example.com")
        assert raises(EmailTakenError, store.update_passkey_email, "user-1", "user-2@example.com")
        assert store.update_passkey_email("user-1", "user-1@example.com")
        assert store.update_passkey_email("user-1", "new@example.com")
        assert store.find_passkey_login(PUBLIC, "new@example.com") == "user-1"
        assert store.find_passkey_login(PUBLIC, "user-1@example.com") is None

    def test_options_are_used_once(self) -> None:
        """For their ceremony, until they expire; of callers at once exactly one uses them."""
        store = self.new_storage().part(WEBAUTHN)
        for number in (1, 2):
            store.add_options(some_options(number), at_most=MANY)
            assert store.find_options(f"options-{number}") == some_options(number)
        assert not store.use_options("options-1", "authentication", NOW_MS)
        assert not store.use_options("options-1", "registration", NOW_MS + 1001)
        assert not store.use_options("options-9", "registration", NOW_MS)
        used = at_once(lambda _: store.use_options("options-1", "registration", NOW_MS + 1000))
        assert used.count(True) == 1
        assert store.find_options("options-1") is None
        assert not store.remove_options("other", "options-2")
        assert store.remove_options(PUBLIC, "options-2")
        assert not store.remove_options(PUBLIC, "options-2")

    def test_a_client_has_so_many_options(self) -> None:
        """The oldest beyond them go; those of other clients, and of unknown ones, stay."""
        store = self.new_storage().part(WEBAUTHN)
        for number, client in ((90, "b"), (91, None), *((number, "a") for number in range(5))):
            store.add_options(some_options(number, client=client), at_most=3)
        store.add_options(attrs.evolve(some_options(5, client="a"), created_at_ms=1), at_most=3)
        there = [number for number in (*range(6), 90, 91) if store.find_options(f"options-{number}") is not None]
        assert there == [3, 4, 5, 90, 91]

    def test_expired_options_are_purged_in_batches(self) -> None:
        """Those that are good stay, and those of a tenant go with it."""
        storage = self.new_storage()
        storage.create_tenant("other")
        store = storage.part(WEBAUTHN)
        for number in range(4):
            store.add_options(some_options(number), at_most=MANY)
        purged = [store.purge_expired_options(NOW_MS + 1002, limit) for limit in (-1, 0, 1, 9, 9)]
        assert purged == [0, 0, 1, 2, 0]
        assert store.find_options("options-3") == some_options(3)
        store.add_options(some_options(9, tenant_id="other"), at_most=MANY)
        assert storage.delete_tenant("other")
        assert store.find_options("options-9") is None
        assert raises(StorageError, store.add_options, some_options(3), at_most=MANY)
        assert raises(StorageError, store.add_options, some_options(8, tenant_id="other"), at_most=MANY)

    def test_text_that_cannot_be_kept_of_passkeys_is_bad_input(self) -> None:
        """NUL, half a surrogate pair and text without an end are refused, wherever they come in."""
        store = self.new_storage().part(WEBAUTHN)
        store.create_user_with_passkey(a_passkey_login(1), a_passkey(1))
        for bad in ("nul\0", "half \ud800", "x" * 100_000):
            for name in ("credential_id", "recipe_user_id", "relying_party_id", "public_key", "user_handle"):
                wrong: dict[str, Any] = {name: bad}  # Any: of whatever field
                passkey = attrs.evolve(a_passkey(2), **wrong)
                assert raises(BadInputError, store.create_user_with_passkey, a_passkey_login(2), passkey)
                assert raises(BadInputError, store.add_passkey, passkey)
            for name in ("options_id", "tenant_id", "client", "relying_party_name", "origin", "email", "challenge"):
                wrong = {name: bad}
                assert raises(BadInputError, store.add_options, attrs.evolve(some_options(1), **wrong), at_most=1)
            assert raises(BadInputError, store.find_options, bad)
            assert raises(BadInputError, store.use_options, bad, "registration", 1)
            assert raises(BadInputError, store.find_passkey, bad)
            assert raises(BadInputError, store.note_use, bad, 1)
            assert raises(BadInputError, store.list_passkeys, bad)
            assert raises(BadInputError, store.is_passkey_login, bad)
            for texts in ((bad, "e"), ("t", bad)):
                assert raises(BadInputError, store.find_passkey_login, *texts)
                assert raises(BadInputError, store.remove_options, *texts)
                assert raises(BadInputError, store.remove_passkey, *texts)
                assert raises(BadInputError, store.remove_other_passkeys, *texts)
                assert raises(BadInputError, store.update_passkey_email, *texts)

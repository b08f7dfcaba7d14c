"""What every store of codes, and of who signs in by them, has to do, as tests."""

from __future__ import annotations

from typing import Final

import attrs

from authweave.storage import ContactTakenError, EmailTakenError, StorageError
from authweave.storage.contract import AT_ONCE, PUBLIC, StoreContract, at_once, raises
from authweave.types import BadInputError

from . import (
    PASSWORDLESS_CODES,
    Code,
    Contact,
    Device,
    PasswordlessCodeStore,
    PasswordlessLogin,
    Right,
    Wrong,
)

ANN: Final = Contact("email", "ann@example.com")
BOB: Final = Contact("phone_number", "+4915112345678")
MANY: Final = 100


def a_device(number: int, *, contact: Contact = ANN, tenant_id: str = PUBLIC, client: str | None = None) -> Device:
    """Return a device."""
    return Device(pre_auth_session_id=f"device-{number}", tenant_id=tenant_id, contact=contact, client=client)


def a_code(number: int, *, device: int = 1) -> Code:
    """Return a code of a device; those of greater numbers were made later."""
    return Code(
        code_id=f"code-{device}-{number}",
        pre_auth_session_id=f"device-{device}",
        code_hash=f"hash-{number}",
        created_at_ms=1_000 + number,
        expires_at_ms=2_000 + number,
    )


def a_login(number: int, contact: Contact = ANN, *, tenant_id: str = PUBLIC) -> PasswordlessLogin:
    """Return a login method."""
    return PasswordlessLogin.of(contact, f"user-{number}", tenant_id, 1_000 + number)


class PasswordlessContract(StoreContract):
    """What a store owes of codes, and of who signs in by them."""

    def new_store(self) -> PasswordlessCodeStore:
        """Return an empty store of codes."""
        return self.new_storage().part(PASSWORDLESS_CODES)

    def test_a_device_is_found_with_its_codes(self) -> None:
        """By its name, and by its contact; in its tenant."""
        storage = self.new_storage()
        storage.create_tenant("other")
        store = storage.part(PASSWORDLESS_CODES)
        store.add_device(a_device(1), a_code(1))
        store.add_device(a_device(2, contact=BOB, tenant_id="other"), a_code(1, device=2))
        assert store.add_code(PUBLIC, a_code(2), at_most=MANY) == "added"
        whole = attrs.evolve(a_device(1), codes=(a_code(1), a_code(2)))
        assert store.find_device(PUBLIC, "device-1") == whole
        assert store.find_devices(PUBLIC, ANN) == (whole,)
        assert store.find_device("other", "device-1") is None
        assert store.find_devices("other", ANN) == ()
        assert [each.contact for each in store.find_devices("other", BOB)] == [BOB]

    def test_a_wrong_code_counts(self) -> None:
        """Also one that is too old; with the last that may be, the device is gone."""
        store = self.new_store()
        store.add_device(a_device(1), a_code(1))
        assert store.try_code(PUBLIC, "device-1", "hash-0", 1_500, max_failures=3) == Wrong(1, is_expired=False)
        assert store.try_code(PUBLIC, "device-1", "hash-1", 2_001, max_failures=3) == Wrong(2, is_expired=True)
        right = Right(attrs.evolve(a_device(1), failures=2))
        assert store.try_code(PUBLIC, "device-1", "hash-1", 2_000, max_failures=3) == right
        assert store.use_code(PUBLIC, "device-1", "hash-0", 1_500, max_failures=3) is None
        assert store.use_code(PUBLIC, "device-1", "hash-1", 1_500, max_failures=3) is None
        assert store.find_device(PUBLIC, "device-1") is None

    def test_a_link_does_not_count(self) -> None:
        """One that is wrong, or too old, is good for nothing."""
        store = self.new_store()
        store.add_device(a_device(1), a_code(1))
        for code_hash, now_ms in (("hash-0", 1_500), ("hash-1", 2_001)):
            assert store.use_code(PUBLIC, "device-1", code_hash, now_ms, max_failures=None) is None
        assert store.use_code(PUBLIC, "device-1", "hash-1", 1_500, max_failures=None) == Right(a_device(1))

    def test_a_code_that_is_used_voids_all_of_its_contact(self) -> None:
        """In its tenant."""
        storage = self.new_storage()
        storage.create_tenant("other")
        store = storage.part(PASSWORDLESS_CODES)
        store.add_device(a_device(1), a_code(1))
        store.add_device(a_device(2), a_code(1, device=2))
        store.add_device(a_device(3, tenant_id="other"), a_code(1, device=3))
        store.add_device(a_device(4, contact=BOB), a_code(1, device=4))
        assert store.use_code("other", "device-1", "hash-1", 1_500, max_failures=5) is None
        assert store.use_code(PUBLIC, "device-1", "hash-1", 1_500, max_failures=5) == Right(a_device(1))
        assert store.use_code(PUBLIC, "device-2", "hash-1", 1_500, max_failures=5) is None
        assert store.find_device("other", "device-3") is not None
        assert store.find_device(PUBLIC, "device-4") is not None

    def test_of_callers_at_once_one_uses_a_code(self) -> None:
        """Though half of them have that of another device of the same contact."""
        store = self.new_store()
        store.add_device(a_device(0), a_code(1, device=0))
        store.add_device(a_device(1), a_code(1, device=1))
        used = at_once(lambda number: store.use_code(PUBLIC, f"device-{number % 2}", "hash-1", 1_500, max_failures=5))
        assert len([each for each in used if isinstance(each, Right)]) == 1

    def test_of_guesses_at_once_each_counts(self) -> None:
        """No more are compared than may be."""
        store = self.new_store()
        store.add_device(a_device(1), a_code(1))
        max_failures = AT_ONCE // 2
        tried = at_once(
            lambda number: store.try_code(PUBLIC, "device-1", f"guess-{number}", 1_500, max_failures=max_failures)
        )
        failures = sorted(each.failures for each in tried if isinstance(each, Wrong))
        assert failures == list(range(1, max_failures))
        assert store.find_device(PUBLIC, "device-1") is None

    def test_a_device_has_so_many_codes(self) -> None:
        """None of them twice; a new one takes the place of the oldest, and the device lasts as long as the latest."""
        store = self.new_store()
        store.add_device(a_device(1), a_code(1))
        assert store.add_code(PUBLIC, a_code(2), at_most=2) == "added"
        assert store.add_code(PUBLIC, attrs.evolve(a_code(2), code_id="another"), at_most=2) == "taken"
        assert store.add_code(PUBLIC, a_code(3), at_most=2) == "added"
        assert store.add_code(PUBLIC, a_code(4, device=9), at_most=2) is None
        assert store.add_code("other", a_code(4), at_most=2) is None
        found = store.find_device(PUBLIC, "device-1")
        assert found is not None
        assert found.codes == (a_code(2), a_code(3))
        assert store.purge_expired_codes(2_002, MANY) == 0

    def test_a_client_has_one_device_of_a_contact(self) -> None:
        """The one before goes; those of other clients, contacts and tenants stay, and of clients that are not known."""
        storage = self.new_storage()
        storage.create_tenant("other")
        store = storage.part(PASSWORDLESS_CODES)
        stay = (
            a_device(10, client="b"),
            a_device(11),
            a_device(12),
            a_device(13, contact=BOB, client="a"),
            a_device(14, tenant_id="other", client="a"),
        )
        for number, device in enumerate((*stay, a_device(1, client="a"), a_device(2, client="a"))):
            store.add_device(device, attrs.evolve(a_code(number), pre_auth_session_id=device.pre_auth_session_id))
        assert store.find_device(PUBLIC, "device-1") is None
        assert store.use_code(PUBLIC, "device-1", "hash-5", 1_500, max_failures=5) is None
        for device in (*stay, a_device(2, client="a")):
            found = store.find_device(device.tenant_id, device.pre_auth_session_id)
            assert found is not None
            assert (attrs.evolve(found, codes=()), len(found.codes)) == (device, 1)
        assert raises(StorageError, store.add_device, a_device(11, client="a"), a_code(9, device=11))
        assert store.find_device(PUBLIC, "device-2") is not None
        assert store.try_code(PUBLIC, "device-2", "hash-6", 1_500, max_failures=5) == Right(a_device(2, client="a"))

    def test_of_devices_of_a_client_at_once_one_stays(self) -> None:
        """Whichever was added last."""
        store = self.new_store()
        at_once(lambda number: store.add_device(a_device(number, client="a"), a_code(1, device=number)))
        assert len(store.find_devices(PUBLIC, ANN)) == 1

    def test_codes_are_revoked(self) -> None:
        """One, with which the device goes if it was the last; or all of a contact."""
        store = self.new_store()
        store.add_device(a_device(1), a_code(1))
        store.add_code(PUBLIC, a_code(2), at_most=MANY)
        store.add_device(a_device(2), a_code(1, device=2))
        assert store.delete_code("other", "code-1-1") is False
        assert [store.delete_code(PUBLIC, "code-1-1") for _ in range(2)] == [True, False]
        assert store.find_device(PUBLIC, "device-1") == attrs.evolve(a_device(1), codes=(a_code(2),))
        assert store.delete_code(PUBLIC, "code-1-2") is True
        assert store.find_device(PUBLIC, "device-1") is None
        assert [store.revoke_codes(PUBLIC, contact) for contact in (BOB, ANN, ANN)] == [0, 1, 0]

    def test_expired_devices_are_purged_in_batches(self) -> None:
        """Those with a code that is good stay."""
        store = self.new_store()
        for number in range(4):
            store.add_device(a_device(number), a_code(number, device=number))
        assert [store.purge_expired_codes(2_002, limit) for limit in (-1, 0, 1, 9, 9)] == [0, 0, 1, 2, 0]
        assert store.find_device(PUBLIC, "device-3") is not None

    def test_a_device_is_new_and_its_tenant_is_there(self) -> None:
        """Another one is refused; with a tenant go its devices."""
        storage = self.new_storage()
        storage.create_tenant("other")
        store = storage.part(PASSWORDLESS_CODES)
        store.add_device(a_device(1), a_code(1))
        assert raises(StorageError, store.add_device, a_device(1), a_code(2))
        assert raises(StorageError, store.add_device, a_device(2, tenant_id="nowhere"), a_code(1, device=2))
        store.add_device(a_device(2, tenant_id="other"), a_code(1, device=2))
        storage.delete_tenant("other")
        storage.create_tenant("other")
        assert store.find_device("other", "device-2") is None
        assert store.find_device(PUBLIC, "device-1") is not None

    def test_who_signs_in_by_a_code_is_found_or_made(self) -> None:
        """By address or number, in a tenant."""
        storage = self.new_storage()
        storage.create_tenant("other")
        store = storage.part(PASSWORDLESS_CODES)
        for contact in (ANN, BOB):
            login = attrs.evolve(a_login(1, contact), user_id=contact.kind, recipe_user_id=contact.kind)
            made = store.sign_in_or_up(login, contact)
            assert made.is_new
            assert made.user == storage.find_user(contact.kind)
            assert made.user.login_methods[0].verified
            assert store.find_passwordless_login(PUBLIC, contact) == login
            assert store.find_passwordless_login_by_id(contact.kind) == login
            again = store.sign_in_or_up(a_login(2, contact), contact)
            assert (again.user, again.recipe_user_id, again.is_new) == (made.user, contact.kind, False)
            assert store.find_passwordless_login("other", contact) is None
        assert store.find_passwordless_login_by_id("user-2") is None

    def test_of_callers_at_once_one_signs_up(self) -> None:
        """The others find who it is."""
        storage = self.new_storage()
        store = storage.part(PASSWORDLESS_CODES)
        made = at_once(lambda number: store.sign_in_or_up(a_login(number), ANN))
        assert len([each for each in made if each.is_new]) == 1
        assert len({each.user.id for each in made}) == 1

    def test_an_address_that_signs_in_is_verified(self) -> None:
        """That is news where it was not, and not for a disabled user; a number says nothing of an address."""
        storage = self.new_storage()
        store = storage.part(PASSWORDLESS_CODES)
        store.sign_in_or_up(a_login(1), ANN)
        assert store.update_passwordless_login("user-1", email=ANN.value, phone_number=BOB.value, verified=False)
        assert not store.sign_in_or_up(a_login(2, BOB), BOB).user.login_methods[0].verified
        storage.set_disabled("user-1", 1_000)
        assert not store.sign_in_or_up(a_login(2), ANN).user.login_methods[0].verified
        storage.set_disabled("user-1", None)
        signed_in = store.sign_in_or_up(a_login(2), ANN)
        assert (signed_in.is_news, signed_in.user.login_methods[0].verified) == (True, True)
        assert not store.sign_in_or_up(a_login(2), ANN).is_news

    def test_addresses_and_numbers_change(self) -> None:
        """What another login method of the recipe has is taken, in each tenant, and nothing is written then."""
        storage = self.new_storage()
        storage.create_tenant("other")
        store = storage.part(PASSWORDLESS_CODES)
        store.sign_in_or_up(a_login(1), ANN)
        store.sign_in_or_up(a_login(2, BOB, tenant_id="other"), BOB)
        storage.add_to_tenant("user-1", "other")
        change = store.update_passwordless_login
        assert raises(EmailTakenError, change, "user-1", email=None, phone_number=BOB.value, verified=True)
        assert store.find_passwordless_login(PUBLIC, ANN) is not None
        assert change("user-1", email="a@example.com", phone_number="+4930123456", verified=False) is True
        found = store.find_passwordless_login("other", Contact("phone_number", "+4930123456"))
        assert found is not None
        assert (found.email, found.verified) == ("a@example.com", False)
        assert store.find_passwordless_login(PUBLIC, ANN) is None
        assert change("nobody", email="b@example.com", phone_number=None, verified=False) is False

    def test_primary_users_share_nothing(self) -> None:
        """What another primary user has, in whatever tenant, cannot be changed to."""
        storage = self.new_storage()
        storage.create_tenant("other")
        store = storage.part(PASSWORDLESS_CODES)
        for number, contact in ((1, ANN), (2, BOB)):
            store.sign_in_or_up(a_login(number, contact), contact)
            storage.create_primary_user(f"user-{number}")
        of_bob = Contact("email", "b@example.com")
        store.sign_in_or_up(a_login(3, of_bob, tenant_id="other"), of_bob)
        storage.link_accounts("user-3", "user-2")
        change = store.update_passwordless_login
        assert raises(ContactTakenError, change, "user-1", email=of_bob.value, phone_number=None, verified=True)
        assert store.find_passwordless_login(PUBLIC, ANN) is not None
        assert change("user-1", email="c@example.com", phone_number=None, verified=True)

    def test_text_that_cannot_be_kept_of_codes_is_bad_input(self) -> None:
        """NUL, half a surrogate pair and text without an end are refused, wherever they come in."""
        store = self.new_store()
        for bad in ("nul\0", "half \ud800", "x" * 100_000):
            contact = Contact("email", bad)
            for device, code in (
                (attrs.evolve(a_device(1), pre_auth_session_id=bad), a_code(1)),
                (attrs.evolve(a_device(1), tenant_id=bad), a_code(1)),
                (attrs.evolve(a_device(1), client=bad), a_code(1)),
                (attrs.evolve(a_device(1), contact=contact), a_code(1)),
                (a_device(1), attrs.evolve(a_code(1), code_id=bad)),
                (a_device(1), attrs.evolve(a_code(1), code_hash=bad)),
            ):
                assert raises(BadInputError, store.add_device, device, code)
            assert raises(BadInputError, store.add_code, bad, a_code(1), at_most=1)
            for texts in ((bad, "d", "h"), ("t", bad, "h"), ("t", "d", bad)):
                assert raises(BadInputError, store.try_code, *texts, 1, max_failures=5)
                assert raises(BadInputError, store.use_code, *texts, 1, max_failures=5)
            for pair in ((bad, "x"), ("x", bad)):
                assert raises(BadInputError, store.find_device, *pair)
                assert raises(BadInputError, store.delete_code, *pair)
            for tenant_id, asked in ((bad, ANN), (PUBLIC, contact), (PUBLIC, Contact("phone_number", bad))):
                assert raises(BadInputError, store.find_devices, tenant_id, asked)
                assert raises(BadInputError, store.revoke_codes, tenant_id, asked)
                assert raises(BadInputError, store.find_passwordless_login, tenant_id, asked)
            assert raises(BadInputError, store.find_passwordless_login_by_id, bad)
            assert raises(BadInputError, store.sign_in_or_up, attrs.evolve(a_login(1), email=bad), ANN)
            for email, number in ((bad, None), (None, bad)):
                assert raises(
                    BadInputError,
                    store.update_passwordless_login,
                    "user-1",
                    email=email,
                    phone_number=number,
                    verified=True,
                )

"""What every store of devices has to do, as tests."""

from __future__ import annotations

import attrs

from authweave.storage.contract import PUBLIC, StoreContract, at_once, raises
from authweave.types import BadInputError

from . import TOTP_DEVICES, CountedAttempt, TOTPDevice, UsedCode
from .protocol import FAILURES_COUNT_MS, MAX_FAILURES
from .records import MAX_DEVICES, MAX_SECRET_CHARACTERS

NOW_MS = 1_700_000_000_000


def a_device(number: int, *, user_id: str = "user-1", verified: bool = False) -> TOTPDevice:
    """Return a device that differs from those of other numbers, and was added after those of lower ones."""
    return TOTPDevice(
        user_id=user_id,
        name=f"device-{number}",
        secret=f"sealed-{user_id}-{number}",
        period_s=30,
        skew=1,
        verified=verified,
        created_at_ms=NOW_MS + number,
    )


def a_use(device: TOTPDevice, code: str = "123456", *, until_ms: int = NOW_MS + 90_000) -> UsedCode:
    """Return the use of a code of a device."""
    return UsedCode(device=device, tenant_id=PUBLIC, code=code, until_ms=until_ms)


class TOTPContract(StoreContract):
    """What a store owes of devices. What it owes of users who are deleted needs a recipe that has some."""

    def test_devices_come_back_as_they_were(self) -> None:
        """Each user has his own, the oldest first; one that is not verified is replaced, one that is is not."""
        store = self.new_storage().part(TOTP_DEVICES)
        first, second = a_device(2), attrs.evolve(a_device(1), name="Ü 𝄞", period_s=60, skew=0)
        assert [store.add_device(each) for each in (first, second, a_device(1, user_id="user-2"))] == ["added"] * 3
        assert store.devices_of_user("user-1") == (second, first)
        assert store.devices_of_user("User-1") == ()
        again = attrs.evolve(first, secret="another", created_at_ms=NOW_MS)
        assert store.add_device(again) == "added"
        assert store.devices_of_user("user-1") == (again, second)
        assert not store.use_code(a_use(first), NOW_MS)
        assert store.use_code(a_use(again), NOW_MS)
        assert store.add_device(first) == "taken"
        assert store.devices_of_user("user-1") == (attrs.evolve(again, verified=True), second)

    def test_of_many_at_once_one_device_is_left(self) -> None:
        """Of those that are added under one name, some are replaced, and some are told that it is taken."""
        store = self.new_storage().part(TOTP_DEVICES)
        added = at_once(lambda number: store.add_device(attrs.evolve(a_device(1), secret=f"sealed-{number}")))
        assert "added" in added
        assert set(added) <= {"added", "taken"}
        assert len(store.devices_of_user("user-1")) == 1

    def test_a_device_gets_another_name(self) -> None:
        """One that no other device of its user has; and nothing else changes."""
        store = self.new_storage().part(TOTP_DEVICES)
        for each in (a_device(1, verified=True), a_device(2), a_device(3, user_id="user-2")):
            store.add_device(each)
        assert store.rename_device("user-1", "device-9", "device-2") == "unknown"
        assert store.rename_device("user-2", "device-1", "new") == "unknown"
        assert store.rename_device("user-1", "device-1", "device-2") == "taken"
        assert store.rename_device("user-1", "device-1", "device-1") == "renamed"
        assert store.rename_device("user-1", "device-1", "device-3") == "renamed"
        assert store.devices_of_user("user-1") == (
            attrs.evolve(a_device(1, verified=True), name="device-3"),
            a_device(2),
        )

    def test_a_code_is_used_once_with_all_devices(self) -> None:
        """Until its time is over; another user's is another."""
        store = self.new_storage().part(TOTP_DEVICES)
        one, other, strangers = a_device(1), a_device(2), a_device(1, user_id="user-2")
        for each in (one, other, strangers):
            store.add_device(each)
        assert store.use_code(a_use(one), NOW_MS)
        assert not store.use_code(a_use(one), NOW_MS + 1)
        assert not store.use_code(a_use(other), NOW_MS + 89_999)
        assert not store.devices_of_user("user-1")[1].verified
        assert store.use_code(a_use(other, "654321"), NOW_MS)
        assert store.use_code(a_use(strangers), NOW_MS)
        assert store.use_code(a_use(one, until_ms=NOW_MS + 180_000), NOW_MS + 90_000)
        assert not store.use_code(a_use(one), NOW_MS + 179_999)

    def test_a_renamed_device_is_the_same(self) -> None:
        """A code of it that was compared before is good; one of a device that was removed is not."""
        store = self.new_storage().part(TOTP_DEVICES)
        store.add_device(a_device(1))
        store.rename_device("user-1", "device-1", "new")
        assert store.use_code(a_use(a_device(1)), NOW_MS)
        store.remove_device("user-1", "new")
        assert not store.use_code(a_use(a_device(1), "654321"), NOW_MS)

    def test_of_many_at_once_one_uses_a_code(self) -> None:
        """Whichever device of the user it is of."""
        store = self.new_storage().part(TOTP_DEVICES)
        devices = [a_device(1), a_device(2)]
        for each in devices:
            store.add_device(each)
        assert sum(at_once(lambda number: store.use_code(a_use(devices[number % 2]), NOW_MS))) == 1

    def test_attempts_are_counted_until_they_are_too_many(self) -> None:
        """Then none is counted until 15 minutes after the last; a tenant and a user are counted by themselves."""
        store = self.new_storage().part(TOTP_DEVICES)
        times_ms = [NOW_MS + 1_000 * number for number in range(MAX_FAILURES)]
        assert [store.begin_attempt("user-1", PUBLIC, each).failures for each in times_ms] == [1, 2, 3, 4, 5]
        over_ms = times_ms[-1] + FAILURES_COUNT_MS
        assert store.begin_attempt("user-1", PUBLIC, NOW_MS + 5_000) == CountedAttempt(5, over_ms - NOW_MS - 5_000)
        assert store.begin_attempt("user-1", PUBLIC, over_ms - 1) == CountedAttempt(5, 1)
        assert store.begin_attempt("user-1", "other", NOW_MS) == CountedAttempt(1)
        assert store.begin_attempt("user-2", PUBLIC, NOW_MS) == CountedAttempt(1)
        assert store.begin_attempt("user-1", PUBLIC, over_ms) == CountedAttempt(1)
        assert store.begin_attempt("user-1", PUBLIC, over_ms + FAILURES_COUNT_MS) == CountedAttempt(1)

    def test_a_clock_that_was_ahead_locks_nobody_out(self) -> None:
        """What it wrote further ahead than a failure counts does not count."""
        store = self.new_storage().part(TOTP_DEVICES)
        for _ in range(MAX_FAILURES):
            store.begin_attempt("user-1", PUBLIC, NOW_MS + FAILURES_COUNT_MS + 1)
        assert store.begin_attempt("user-1", PUBLIC, NOW_MS) == CountedAttempt(1)

    def test_of_many_at_once_five_are_made(self) -> None:
        """Each counts itself before anything is compared."""
        store = self.new_storage().part(TOTP_DEVICES)
        counted = at_once(lambda _: store.begin_attempt("user-1", PUBLIC, NOW_MS))
        assert sorted(each.failures for each in counted if not each.retry_after_ms) == [1, 2, 3, 4, 5]
        assert {each.retry_after_ms for each in counted if each.retry_after_ms} == {FAILURES_COUNT_MS}

    def test_who_waited_longer_does_not_count_anew(self) -> None:
        """Of attempts at once, one that began earlier may be counted later."""
        store = self.new_storage().part(TOTP_DEVICES)
        counted = [store.begin_attempt("user-1", PUBLIC, NOW_MS - number) for number in range(MAX_FAILURES + 2)]
        assert [each.failures for each in counted] == [1, 2, 3, 4, 5, 5, 5]
        assert [each.retry_after_ms for each in counted[5:]] == [FAILURES_COUNT_MS] * 2

    def test_a_code_that_is_right_forgets_failures(self) -> None:
        """In the tenant where it was shown; a wrong one does not, which has been used."""
        store = self.new_storage().part(TOTP_DEVICES)
        store.add_device(a_device(1))
        for tenant_id in (PUBLIC, "other"):
            store.begin_attempt("user-1", tenant_id, NOW_MS)
        assert store.use_code(a_use(a_device(1)), NOW_MS)
        assert store.begin_attempt("user-1", PUBLIC, NOW_MS).failures == 1
        assert not store.use_code(a_use(a_device(1)), NOW_MS)
        assert store.begin_attempt("user-1", PUBLIC, NOW_MS).failures == 2
        assert store.begin_attempt("user-1", "other", NOW_MS).failures == 2

    def test_recovery_codes_are_used_once(self) -> None:
        """New ones take the place of all; there are none without a device that is verified."""
        store = self.new_storage().part(TOTP_DEVICES)
        assert not store.replace_recovery_codes("user-1", ["a"])
        store.add_device(a_device(1))
        assert not store.replace_recovery_codes("user-1", ["a"])
        store.use_code(a_use(a_device(1)), NOW_MS)
        assert store.replace_recovery_codes("user-1", ["a", "b"])
        assert store.replace_recovery_codes("user-1", ["b", "c", "d"])
        assert store.recovery_codes_left("user-1") == 3
        store.begin_attempt("user-1", PUBLIC, NOW_MS)
        assert [store.use_recovery_code("user-1", PUBLIC, each) for each in ("a", "b", "b", "B")] == [
            False,
            True,
            False,
            False,
        ]
        assert store.begin_attempt("user-1", PUBLIC, NOW_MS).failures == 1
        assert not store.use_recovery_code("user-2", PUBLIC, "c")
        assert sum(at_once(lambda _: store.use_recovery_code("user-1", PUBLIC, "c"))) == 1
        assert (store.recovery_codes_left("user-1"), store.recovery_codes_left("user-2")) == (1, 0)

    def test_what_goes_with_a_device(self) -> None:
        """Recovery codes with the last that is verified; what was tried with the last of all."""
        store = self.new_storage().part(TOTP_DEVICES)
        devices = [a_device(1), a_device(2), a_device(3)]
        for each in devices:
            store.add_device(each)
        for each, code in zip(devices[:2], ("111111", "222222"), strict=True):
            store.use_code(a_use(each, code), NOW_MS)
        store.replace_recovery_codes("user-1", ["a"])
        store.begin_attempt("user-1", PUBLIC, NOW_MS)
        assert store.remove_device("user-1", "device-9") is None
        assert store.remove_device("user-1", "device-1") == attrs.evolve(devices[0], verified=True)
        assert store.recovery_codes_left("user-1") == 1
        store.remove_device("user-1", "device-2")
        assert store.recovery_codes_left("user-1") == 0
        assert store.begin_attempt("user-1", PUBLIC, NOW_MS).failures == 2
        assert store.remove_device("user-1", "device-3") == devices[2]
        assert store.begin_attempt("user-1", PUBLIC, NOW_MS).failures == 1
        assert store.devices_of_user("user-1") == ()

    def test_who_changes_locked_devices_waits(self) -> None:
        """Until the transaction ends: of those that are removed in it none has been verified meanwhile."""
        storage = self.new_storage()
        store = storage.part(TOTP_DEVICES)
        devices = [a_device(number) for number in range(8)]
        for each in devices:
            store.add_device(each)

        def change(number: int) -> bool:
            device = devices[number // 2 % 8]
            if number % 2:
                return store.use_code(a_use(device, device.name), NOW_MS)
            with storage.transaction():
                store.lock_devices("user-1")
                before = {each.name: each for each in store.devices_of_user("user-1")}.get(device.name)
                return store.remove_device("user-1", device.name) == before

        changed = at_once(change)
        assert all(changed[::2])

    def test_what_is_over_is_purged_in_batches(self) -> None:
        """Codes that are another step's by now, and failures that count no more."""
        store = self.new_storage().part(TOTP_DEVICES)
        store.add_device(a_device(1))
        for number in range(3):
            store.use_code(a_use(a_device(1), f"00000{number}", until_ms=NOW_MS + number), NOW_MS - 1)
            store.begin_attempt(f"tried-{number}", PUBLIC, NOW_MS + number - FAILURES_COUNT_MS)
        assert [store.purge_used_codes(NOW_MS + 1, limit) for limit in (-1, 0, 1, 9)] == [0, 0, 1, 1]
        assert [store.purge_totp_attempts(NOW_MS + 1, limit) for limit in (-1, 0, 1, 9)] == [0, 0, 1, 1]
        assert not store.use_code(a_use(a_device(1), "000002"), NOW_MS + 1)
        assert store.begin_attempt("tried-2", PUBLIC, NOW_MS + 1).failures == 2

    def test_there_is_an_end_to_devices(self) -> None:
        """So many, and no more; one that is replaced is no more."""
        store = self.new_storage().part(TOTP_DEVICES)
        for number in range(MAX_DEVICES):
            store.add_device(a_device(number))
        assert raises(BadInputError, store.add_device, a_device(MAX_DEVICES))
        assert store.add_device(a_device(0)) == "added"
        assert len(store.devices_of_user("user-1")) == MAX_DEVICES

    def test_text_that_cannot_be_kept_is_bad_input(self) -> None:
        """NUL, half a surrogate pair and text without an end are refused, wherever they come in."""
        store = self.new_storage().part(TOTP_DEVICES)
        store.add_device(a_device(1))
        for bad in ("nul\0", "half \ud800", "x" * (MAX_SECRET_CHARACTERS + 1)):
            odd = (attrs.evolve(a_device(2), user_id=bad), attrs.evolve(a_device(2), name=bad))
            for device in (*odd, attrs.evolve(a_device(2), secret=bad)):
                assert raises(BadInputError, store.add_device, device)
            assert raises(BadInputError, store.lock_devices, bad)
            for ids in ((bad, "device-1"), ("user-1", bad)):
                assert raises(BadInputError, store.remove_device, *ids)
                assert raises(BadInputError, store.rename_device, *ids, "new")
                assert raises(BadInputError, store.begin_attempt, *ids, NOW_MS)
                assert raises(BadInputError, store.use_recovery_code, *ids, "a")
            assert raises(BadInputError, store.rename_device, "user-1", "device-1", bad)
            assert raises(BadInputError, store.use_recovery_code, "user-1", PUBLIC, bad)
            assert raises(BadInputError, store.use_code, a_use(a_device(1), bad), NOW_MS)
            assert raises(BadInputError, store.use_code, attrs.evolve(a_use(a_device(1)), tenant_id=bad), NOW_MS)
            assert raises(BadInputError, store.devices_of_user, bad)
            assert raises(BadInputError, store.recovery_codes_left, bad)
            assert raises(BadInputError, store.replace_recovery_codes, bad, ["a"])
            assert raises(BadInputError, store.replace_recovery_codes, "user-1", [bad])
        assert store.devices_of_user("user-1") == (a_device(1),)

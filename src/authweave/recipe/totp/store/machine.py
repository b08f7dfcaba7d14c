"""Steps for a store of devices, held against a few dictionaries."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

import attrs
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from typing_extensions import override

from authweave.storage.machine import StorageMachine

from . import TOTP_DEVICES, TOTPDevice, TOTPStore, UsedCode
from .protocol import FAILURES_COUNT_MS, MAX_FAILURES

USERS = ("user-0", "user-1")
NAMES = ("phone", "tablet")
CODES = ("000000", "000001")
MINUTE_MS = 60_000

users: st.SearchStrategy[str] = st.sampled_from(USERS)
names: st.SearchStrategy[str] = st.sampled_from(NAMES)
codes: st.SearchStrategy[str] = st.sampled_from(CODES)


class TOTPMachine(StorageMachine):
    """Steps for devices. Time goes by only between them."""

    def __init__(self) -> None:
        super().__init__()
        self.devices: dict[tuple[str, str], TOTPDevice] = {}
        self.used: dict[tuple[str, str], int] = {}
        self.failures: dict[str, tuple[int, int]] = {}
        self.recovery: dict[str, set[str]] = {}
        self.minutes_ms: int = 0
        self.secrets: int = 0
        self.totp_store: TOTPStore = self.storage.part(TOTP_DEVICES)

    @override
    def forget_user(self, ids: AbstractSet[str]) -> None:
        super().forget_user(ids)
        for user_id in ids:
            self.devices = {key: each for key, each in self.devices.items() if key[0] != user_id}
            self.forget_attempts(user_id)
            self.recovery.pop(user_id, None)

    def forget_attempts(self, user_id: str) -> None:
        """Forget what was tried with a user's devices."""
        self.used = {key: until_ms for key, until_ms in self.used.items() if key[0] != user_id}
        self.failures.pop(user_id, None)

    @rule(minutes=st.integers(1, 16))
    def let_minutes_go_by(self, minutes: int) -> None:
        """Go on."""
        self.minutes_ms += minutes * MINUTE_MS

    @rule(user_id=users, name=names)
    def add_device(self, user_id: str, name: str) -> None:
        """Add one."""
        self.secrets += 1
        device = TOTPDevice(
            user_id=user_id,
            name=name,
            secret=str(self.secrets),
            period_s=30,
            skew=1,
            verified=False,
            created_at_ms=self.secrets,
        )
        added = self.totp_store.add_device(device)
        if added == "nobody":
            return  # his id is barred, which the core's own steps hold against theirs
        former = self.devices.get((user_id, name))
        assert added == ("taken" if former is not None and former.verified else "added")
        if added == "added":
            self.devices[user_id, name] = device

    @rule(user_id=users, name=names, new_name=names)
    def rename_device(self, user_id: str, name: str, new_name: str) -> None:
        """Give one another name."""
        device = self.devices.get((user_id, name))
        is_taken = name != new_name and (user_id, new_name) in self.devices
        expected = "unknown" if device is None else "taken" if is_taken else "renamed"
        assert self.totp_store.rename_device(user_id, name, new_name) == expected
        if device is not None and expected == "renamed":
            del self.devices[user_id, name]
            self.devices[user_id, new_name] = attrs.evolve(device, name=new_name)

    @rule(user_id=users, name=names)
    def remove_device(self, user_id: str, name: str) -> None:
        """Remove one."""
        removed = self.devices.pop((user_id, name), None)
        assert self.totp_store.remove_device(user_id, name) == removed
        left = [each for key, each in self.devices.items() if key[0] == user_id]
        if removed is not None and not any(each.verified for each in left):
            self.recovery.pop(user_id, None)
        if removed is not None and not left:
            self.forget_attempts(user_id)

    @rule(user_id=users)
    def begin_attempt(self, user_id: str) -> None:
        """Count one."""
        now_ms = self.minutes_ms
        counted = self.totp_store.begin_attempt(user_id, "public", now_ms)
        failures, until_ms = self.failures.get(user_id, (0, 0))
        failures = failures if now_ms < until_ms else 0
        if failures == MAX_FAILURES:
            assert (counted.failures, counted.retry_after_ms) == (failures, until_ms - now_ms)
        else:
            assert (counted.failures, counted.retry_after_ms) == (failures + 1, 0)
            self.failures[user_id] = (failures + 1, now_ms + FAILURES_COUNT_MS)

    @rule(user_id=users, name=names, code=codes)
    def use_code(self, user_id: str, name: str, code: str) -> None:
        """Use one, of a device that there is, or that is gone."""
        device = self.devices.get((user_id, name))
        named = TOTPDevice(user_id=user_id, name=name, secret="0", period_s=30, skew=1, verified=True, created_at_ms=0)
        until_ms = self.minutes_ms + 2 * MINUTE_MS
        use = UsedCode(device=device or named, tenant_id="public", code=code, until_ms=until_ms)
        is_new = device is not None and self.used.get((user_id, code), 0) <= self.minutes_ms
        assert self.totp_store.use_code(use, self.minutes_ms) == is_new
        if device is not None and is_new:
            self.used[user_id, code] = until_ms
            self.devices[user_id, name] = attrs.evolve(device, verified=True)
            self.failures.pop(user_id, None)

    @rule(user_id=users, hashes=st.sets(st.sampled_from("ab"), min_size=1))
    def replace_recovery_codes(self, user_id: str, hashes: set[str]) -> None:
        """Make some."""
        may_have = any(each.verified for key, each in self.devices.items() if key[0] == user_id)
        assert self.totp_store.replace_recovery_codes(user_id, sorted(hashes)) == may_have
        if may_have:
            self.recovery[user_id] = hashes

    @rule(user_id=users, code_hash=st.sampled_from("ab"))
    def use_recovery_code(self, user_id: str, code_hash: str) -> None:
        """Use one."""
        there = self.recovery.get(user_id, set())
        assert self.totp_store.use_recovery_code(user_id, "public", code_hash) == (code_hash in there)
        if code_hash in there:
            self.recovery[user_id] = there - {code_hash}
            self.failures.pop(user_id, None)

    @rule(limit=st.integers(-1, 2))
    def purge_totp(self, limit: int) -> None:
        """Purge some of what is over, of which nobody can tell."""
        assert self.totp_store.purge_used_codes(self.minutes_ms, limit) <= max(limit, 0)
        assert self.totp_store.purge_totp_attempts(self.minutes_ms, limit) <= max(limit, 0)

    @invariant()
    def devices_agree(self) -> None:
        """Hold every answer against the model."""
        for user_id in USERS:
            own = (each for key, each in self.devices.items() if key[0] == user_id)
            expected = tuple(sorted(own, key=lambda each: each.created_at_ms))
            assert self.totp_store.devices_of_user(user_id) == expected
            assert self.totp_store.recovery_codes_left(user_id) == len(self.recovery.get(user_id, ()))

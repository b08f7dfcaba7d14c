"""Devices, in memory."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import attrs
from typing_extensions import override

from authweave.storage import KeepsShownIds, OfMemberships, OfUsers, check_text
from authweave.storage.memory import MemoryCore

from .protocol import (
    AHEAD_MS,
    FAILURES_COUNT_MS,
    MAX_FAILURES,
    CountedAttempt,
    DeviceAdded,
    DeviceRenamed,
    TOTPStore,
    UsedCode,
)
from .records import TOTPDevice, check_device, require_few


class MemoryTOTP(TOTPStore, OfUsers, OfMemberships, KeepsShownIds):
    """Devices by user and name; codes that were used, failures and recovery codes by user."""

    def __init__(self, core: MemoryCore) -> None:
        self._core = core
        self._devices: dict[tuple[str, str], TOTPDevice] = {}
        self._used: dict[tuple[str, str], int] = {}
        self._failures: dict[tuple[str, str], tuple[int, int]] = {}
        self._recovery: set[tuple[str, str]] = set()

    @override
    def add_device(self, device: TOTPDevice) -> DeviceAdded:
        check_device(device)
        key = (device.user_id, device.name)
        with self._core.transaction():
            if self._core.is_barred(device.user_id):
                return "nobody"
            former = self._devices.get(key)
            if former is not None and former.verified:
                return "taken"
            require_few(len({*(each.name for each in self.devices_of_user(device.user_id)), device.name}))
            self._devices[key] = device
            return "added"

    @override
    def devices_of_user(self, user_id: str) -> tuple[TOTPDevice, ...]:
        check_text(user_id, "user_id")
        with self._core.transaction():
            found = (each for each in self._devices.values() if each.user_id == user_id)
            return tuple(sorted(found, key=lambda each: (each.created_at_ms, each.name)))

    @override
    def rename_device(self, user_id: str, name: str, new_name: str) -> DeviceRenamed:
        for each, text in {"user_id": user_id, "device_name": name, "new_device_name": new_name}.items():
            check_text(text, each)
        with self._core.transaction():
            device = self._devices.get((user_id, name))
            if device is None:
                return "unknown"
            if new_name != name and (user_id, new_name) in self._devices:
                return "taken"
            del self._devices[user_id, name]
            self._devices[user_id, new_name] = attrs.evolve(device, name=new_name)
            return "renamed"

    @override
    def remove_device(self, user_id: str, name: str) -> TOTPDevice | None:
        check_text(user_id, "user_id")
        check_text(name, "device_name")
        with self._core.transaction():
            removed = self._devices.pop((user_id, name), None)
            left = self.devices_of_user(user_id)
            if not any(each.verified for each in left):
                self._recovery -= {each for each in self._recovery if each[0] == user_id}
            if not left:
                self._forget_attempts({user_id})
            return removed

    @override
    def lock_devices(self, user_id: str) -> None:
        check_text(user_id, "user_id")  # a transaction has the whole store to itself

    @override
    def begin_attempt(self, user_id: str, tenant_id: str, now_ms: int) -> CountedAttempt:
        check_text(user_id, "user_id")
        check_text(tenant_id, "tenant_id")
        key, until_ms = (user_id, tenant_id), now_ms + FAILURES_COUNT_MS
        with self._core.transaction():
            failures, counts_until_ms = self._failures.get(key, (0, 0))
            if not now_ms < counts_until_ms <= now_ms + AHEAD_MS:
                failures = 0
            if failures >= MAX_FAILURES:
                return CountedAttempt(failures, min(counts_until_ms - now_ms, FAILURES_COUNT_MS))
            self._failures[key] = (failures + 1, until_ms)
            return CountedAttempt(failures + 1)

    @override
    def use_code(self, used: UsedCode, now_ms: int) -> bool:
        check_text(used.tenant_id, "tenant_id")
        check_text(used.code, "code")
        user_id = used.device.user_id
        key = (user_id, used.code)
        with self._core.transaction():
            found = (each for each in self.devices_of_user(user_id) if each.secret == used.device.secret)
            device = next(found, None)
            if device is None or self._used.get(key, now_ms) > now_ms:
                return False
            self._used[key] = used.until_ms
            self._devices[user_id, device.name] = attrs.evolve(device, verified=True)
            self._failures.pop((user_id, used.tenant_id), None)
            return True

    @override
    def replace_recovery_codes(self, user_id: str, code_hashes: Sequence[str]) -> bool:
        for each in code_hashes:
            check_text(each, "code_hash")
        with self._core.transaction():
            if not any(each.verified for each in self.devices_of_user(user_id)):
                return False
            self._recovery -= {each for each in self._recovery if each[0] == user_id}
            self._recovery |= {(user_id, each) for each in code_hashes}
            return True

    @override
    def recovery_codes_left(self, user_id: str) -> int:
        check_text(user_id, "user_id")
        with self._core.transaction():
            return sum(each[0] == user_id for each in self._recovery)

    @override
    def use_recovery_code(self, user_id: str, tenant_id: str, code_hash: str) -> bool:
        for name, text in {"user_id": user_id, "tenant_id": tenant_id, "code_hash": code_hash}.items():
            check_text(text, name)
        with self._core.transaction():
            if (user_id, code_hash) not in self._recovery:
                return False
            self._recovery.remove((user_id, code_hash))
            self._failures.pop((user_id, tenant_id), None)
            return True

    @override
    def purge_used_codes(self, now_ms: int, limit: int) -> int:
        with self._core.transaction():
            over = [key for key, until_ms in self._used.items() if until_ms <= now_ms][: max(limit, 0)]
            for key in over:
                del self._used[key]
            return len(over)

    @override
    def purge_totp_attempts(self, now_ms: int, limit: int) -> int:
        with self._core.transaction():
            over = [key for key, (_, until_ms) in self._failures.items() if until_ms <= now_ms][: max(limit, 0)]
            for key in over:
                del self._failures[key]
            return len(over)

    def _forget_attempts(self, ids: Collection[str]) -> None:
        """Forget which codes of users were used, and how many were wrong."""
        for key in [each for each in self._used if each[0] in ids]:
            del self._used[key]
        for key in [each for each in self._failures if each[0] in ids]:
            del self._failures[key]

    @override
    def forget_users(self, ids: Collection[str]) -> None:
        with self._core.transaction():
            for key in [each for each in self._devices if each[0] in ids]:
                del self._devices[key]
            self._recovery -= {each for each in self._recovery if each[0] in ids}
            self._forget_attempts(ids)

    @override
    def forget_memberships(self, tenant_id: str, ids: Collection[str] | None) -> None:
        with self._core.transaction():
            for key in [each for each in self._failures if each[1] == tenant_id and (ids is None or each[0] in ids)]:
                del self._failures[key]

    @override
    def rename_user(self, former: str, new: str) -> None:
        with self._core.transaction():
            for device in self.devices_of_user(former):
                del self._devices[former, device.name]
                self._devices[new, device.name] = attrs.evolve(device, user_id=new)
            for key in [each for each in self._used if each[0] == former]:
                self._used[new, key[1]] = self._used.pop(key)
            for key in [each for each in self._failures if each[0] == former]:
                self._failures[new, key[1]] = self._failures.pop(key)
            hashes = {each[1] for each in self._recovery if each[0] == former}
            self._recovery -= {(former, each) for each in hashes}
            self._recovery |= {(new, each) for each in hashes}

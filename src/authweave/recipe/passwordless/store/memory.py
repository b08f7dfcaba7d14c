"""Browsers that asked for codes, the hashes of these, and the login methods of who had one, in memory."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

import attrs
from typing_extensions import override

from authweave.storage import (
    ContactTakenError,
    EmailTakenError,
    LoginRecord,
    OfMemberships,
    StorageError,
    check_email,
    check_text,
)
from authweave.storage.memory import MemoryCore

from .protocol import PasswordlessCodeStore
from .records import (
    RECIPE_ID,
    Code,
    Contact,
    Device,
    PasswordlessLogin,
    PasswordlessSignIn,
    Right,
    Tried,
    Wrong,
    check_code,
    check_contact,
    check_device,
    check_passwordless_login,
)


class MemoryPasswordlessCodes(PasswordlessCodeStore, OfMemberships):
    """Browsers that asked for codes, the hashes of these, and the login methods of who had one."""

    def __init__(self, core: MemoryCore) -> None:
        self._core = core
        self._devices: dict[str, Device] = {}

    @override
    def add_device(self, device: Device, code: Code) -> None:
        check_device(device)
        check_code(code)
        with self._core.transaction():
            self._core.check_tenant(device.tenant_id)
            if device.pre_auth_session_id in self._devices or self._find_code(code.code_id) is not None:
                raise StorageError("A device or code of this id exists already: ids have to be new.")
            if device.client is not None:
                for each in self.find_devices(device.tenant_id, device.contact):
                    if each.client == device.client:
                        del self._devices[each.pre_auth_session_id]
            self._devices[device.pre_auth_session_id] = attrs.evolve(device, codes=(code,))

    @override
    def add_code(self, tenant_id: str, code: Code, *, at_most: int) -> Literal["added", "taken"] | None:
        check_code(code)
        with self._core.transaction():
            device = self.find_device(tenant_id, code.pre_auth_session_id)
            if device is None:
                return None
            if any(each.code_hash == code.code_hash for each in device.codes):
                return "taken"
            codes = (*device.codes, code)[-at_most:]
            self._devices[device.pre_auth_session_id] = attrs.evolve(device, codes=codes)
            return "added"

    @override
    def try_code(
        self, tenant_id: str, pre_auth_session_id: str, code_hash: str, now_ms: int, *, max_failures: int | None
    ) -> Tried:
        check_text(code_hash, "code_hash")
        with self._core.transaction():
            device = self.find_device(tenant_id, pre_auth_session_id)
            if device is None:
                return None
            code = next((each for each in device.codes if each.code_hash == code_hash), None)
            if code is not None and code.expires_at_ms > now_ms:
                return Right(attrs.evolve(device, codes=()))
            if max_failures is None:
                return None
            failures = device.failures + 1
            if failures >= max_failures:
                del self._devices[pre_auth_session_id]
                return None
            self._devices[pre_auth_session_id] = attrs.evolve(device, failures=failures)
            return Wrong(failures, is_expired=code is not None)

    @override
    def use_code(
        self, tenant_id: str, pre_auth_session_id: str, code_hash: str, now_ms: int, *, max_failures: int | None
    ) -> Tried:
        with self._core.transaction():
            tried = self.try_code(tenant_id, pre_auth_session_id, code_hash, now_ms, max_failures=max_failures)
            if isinstance(tried, Right):
                self.revoke_codes(tenant_id, tried.device.contact)
            return tried

    @override
    def find_device(self, tenant_id: str, pre_auth_session_id: str) -> Device | None:
        check_text(tenant_id, "tenant_id")
        check_text(pre_auth_session_id, "pre_auth_session_id")
        with self._core.transaction():
            device = self._devices.get(pre_auth_session_id)
        return device if device is not None and device.tenant_id == tenant_id else None

    @override
    def find_devices(self, tenant_id: str, contact: Contact) -> tuple[Device, ...]:
        check_text(tenant_id, "tenant_id")
        check_contact(contact)
        with self._core.transaction():
            found = [each for each in self._devices.values() if (each.tenant_id, each.contact) == (tenant_id, contact)]
        return tuple(sorted(found, key=lambda each: each.pre_auth_session_id))

    @override
    def revoke_codes(self, tenant_id: str, contact: Contact) -> int:
        with self._core.transaction():
            found = self.find_devices(tenant_id, contact)
            for each in found:
                del self._devices[each.pre_auth_session_id]
            return len(found)

    @override
    def delete_code(self, tenant_id: str, code_id: str) -> bool:
        check_text(tenant_id, "tenant_id")
        check_text(code_id, "code_id")
        with self._core.transaction():
            device = self._find_code(code_id)
            if device is None or device.tenant_id != tenant_id:
                return False
            codes = tuple(each for each in device.codes if each.code_id != code_id)
            if codes:
                self._devices[device.pre_auth_session_id] = attrs.evolve(device, codes=codes)
            else:
                del self._devices[device.pre_auth_session_id]
            return True

    def _find_code(self, code_id: str) -> Device | None:
        """Return the device that has a code."""
        return next((each for each in self._devices.values() if any(c.code_id == code_id for c in each.codes)), None)

    @override
    def purge_expired_codes(self, now_ms: int, limit: int) -> int:
        with self._core.transaction():
            expired = [
                key
                for key, device in self._devices.items()
                if all(each.expires_at_ms <= now_ms for each in device.codes)
            ][: max(limit, 0)]
            for key in expired:
                del self._devices[key]
            return len(expired)

    @override
    def find_passwordless_login(self, tenant_id: str, contact: Contact) -> PasswordlessLogin | None:
        check_text(tenant_id, "tenant_id")
        check_contact(contact)
        with self._core.transaction():
            found = (
                each
                for each in self._core.logins.values()
                if each.recipe_id == RECIPE_ID
                and getattr(each, contact.kind) == contact.value
                and self._core.is_in(each.recipe_user_id, tenant_id)
            )
            return next((login_of(each, tenant_id) for each in found), None)

    @override
    def find_passwordless_login_by_id(self, recipe_user_id: str) -> PasswordlessLogin | None:
        check_text(recipe_user_id, "recipe_user_id")
        with self._core.transaction():
            record = self._core.logins.get(self._core.own_id_of(recipe_user_id))
            if record is None or record.recipe_id != RECIPE_ID:
                return None
            return login_of(record, self._core.tenant_of(record.recipe_user_id))

    @override
    def sign_in_or_up(self, login: PasswordlessLogin, contact: Contact) -> PasswordlessSignIn:
        check_passwordless_login(login)
        with self._core.transaction():
            former = self.find_passwordless_login(login.tenant_id, contact)
            if former is None:
                self._core.add_user(login.to_record())
                return PasswordlessSignIn(
                    self._core.user_of(login.user_id), login.recipe_user_id, is_new=True, is_news=True
                )
            own_id, is_news = former.recipe_user_id, False
            if contact.email is not None and not former.verified and former.user_id not in self._core.disabled:
                self._core.logins[own_id] = attrs.evolve(self._core.logins[own_id], verified=True)
                is_news = True
            user = self._core.user_of(former.user_id)
            return PasswordlessSignIn(user, self._core.shown_id_of(own_id), is_new=False, is_news=is_news)

    @override
    def update_passwordless_login(
        self, recipe_user_id: str, *, email: str | None, phone_number: str | None, verified: bool
    ) -> bool:
        check_text(recipe_user_id, "recipe_user_id")
        check_email(email or "")
        contacts = [
            each for each in (Contact("email", email or ""), Contact("phone_number", phone_number or "")) if each.value
        ]
        for contact in contacts:
            check_contact(contact)
        with self._core.transaction():
            login = self.find_passwordless_login_by_id(recipe_user_id)
            if login is None:
                return False
            own_id, owner = login.recipe_user_id, login.user_id
            for tenant_id in sorted(self._core.memberships[own_id]):
                for contact in contacts:
                    holder = self.find_passwordless_login(tenant_id, contact)
                    if holder is not None and holder.recipe_user_id != own_id:
                        raise EmailTakenError(tenant_id)
            wanted = {(each.kind, each.value) for each in contacts}
            if owner in self._core.primaries and self._core.others_with(
                wanted, self._core.tenants_of_user(owner), owner
            ):
                raise ContactTakenError(owner)
            self._core.logins[own_id] = attrs.evolve(
                self._core.logins[own_id], email=email, phone_number=phone_number, verified=verified
            )
            return True

    @override
    def forget_memberships(self, tenant_id: str, ids: Collection[str] | None) -> None:
        if ids is not None:  # codes are an address's, not a user's
            return
        with self._core.transaction():
            for key in [key for key, each in self._devices.items() if each.tenant_id == tenant_id]:
                del self._devices[key]


def login_of(record: LoginRecord, tenant_id: str) -> PasswordlessLogin:
    """Return a login method, as one of a tenant."""
    return PasswordlessLogin(
        user_id=record.user_id,
        recipe_user_id=record.recipe_user_id,
        tenant_id=tenant_id,
        email=record.email,
        phone_number=record.phone_number,
        verified=record.verified,
        time_joined_ms=record.time_joined_ms,
    )

"""The functions of the totp recipe, as they are without overrides."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from typing_extensions import override

from authweave.events import EventKind
from authweave.extending import Services
from authweave.kernel import UserContext, overridable
from authweave.types import BadInputError, typed_code

from .codes import is_code, lifetime_ms, new_secret, qr_code_string
from .config import FACTOR, RECIPE_ID, RECOVERY_CODES, NormalisedTOTPConfig, period_fault, skew_fault
from .identifiers import identifier_of
from .interfaces import ContextT_contra, RecipeInterface
from .recovery import hash_of, new_code
from .results import (
    CountRecoveryCodesOkResult,
    CreateDeviceOkResult,
    CreateDeviceResult,
    CreateRecoveryCodesOkResult,
    CreateRecoveryCodesResult,
    Device,
    DeviceAlreadyExistsError,
    GetUserIdentifierInfoResult,
    InvalidRecoveryCodeError,
    InvalidTOTPError,
    LimitReachedError,
    ListDevicesOkResult,
    RemoveDeviceOkResult,
    UnknownDeviceError,
    UnknownUserIdError,
    UpdateDeviceOkResult,
    UpdateDeviceResult,
    UserIdentifierInfoDoesNotExistError,
    UserIdentifierInfoOkResult,
    VerifyDeviceOkResult,
    VerifyDeviceResult,
    VerifyRecoveryCodeOkResult,
    VerifyRecoveryCodeResult,
    VerifyTOTPOkResult,
    VerifyTOTPResult,
)
from .sealed_secrets import SealedSecrets
from .store import TOTP_DEVICES, DeviceAdded, TOTPDevice, TOTPStore, UsedCode
from .store.protocol import MAX_FAILURES


class RecipeImplementation(RecipeInterface[ContextT_contra]):
    """
    The functions without overrides.

    Attributes:
        config: what `init` was told.
    """

    def __init__(self, config: NormalisedTOTPConfig, services: Services) -> None:
        self.config = config
        self.services = services
        self.store: TOTPStore = services.storage.part(TOTP_DEVICES)
        self.secrets: SealedSecrets = SealedSecrets(services.secret, services.random_bytes)

    @overridable
    @override
    async def get_user_identifier_info_for_user_id(
        self, user_id: str, user_context: ContextT_contra
    ) -> GetUserIdentifierInfoResult:
        user = await self.services.off_loop(self.services.storage.find_user, user_id)
        if user is None:
            return UnknownUserIdError()
        info = identifier_of(user)
        return UserIdentifierInfoDoesNotExistError() if info is None else UserIdentifierInfoOkResult(info)

    @overridable
    @override
    async def create_device(
        self,
        user_id: str,
        user_identifier_info: str | None,
        device_name: str | None,
        skew: int | None,
        period: int | None,
        user_context: ContextT_contra,
    ) -> CreateDeviceResult:
        skew = self.config.default_skew if skew is None else skew
        period_s = self.config.default_period if period is None else period
        for name, fault in {"skew": skew_fault(skew), "period": period_fault(period_s)}.items():
            if fault is not None:
                raise BadInputError(f"The {name} of a TOTP device {fault}.")
        require_name(device_name, "device_name")
        if user_identifier_info is None:
            found = await self.get_user_identifier_info_for_user_id(user_id, user_context)
            if isinstance(found, UnknownUserIdError):
                return found
            user_identifier_info = found.info if isinstance(found, UserIdentifierInfoOkResult) else None
        secret = new_secret(self.services.random_bytes)

        def device_called(name: str) -> TOTPDevice:
            return TOTPDevice(
                user_id=user_id,
                name=name,
                secret=self.secrets.seal(secret),
                period_s=period_s,
                skew=skew,
                verified=False,
                created_at_ms=self.services.clock(),
            )

        added, name = await self.services.off_loop(self.add, user_id, device_name, device_called)
        if added == "nobody":
            return UnknownUserIdError()
        if added == "taken":
            return DeviceAlreadyExistsError()
        shown = qr_code_string(
            secret, issuer=self.config.issuer, user_identifier_info=user_identifier_info, period_s=period_s
        )
        return CreateDeviceOkResult(name, secret, shown)

    def add(
        self, user_id: str, given: str | None, device_called: Callable[[str], TOTPDevice]
    ) -> tuple[DeviceAdded, str]:
        """Add a device, and return its name: the given one, or that with the next number. Blocks."""
        while True:
            name = free_name(self.store.devices_of_user(user_id)) if given is None else given
            added = self.store.add_device(device_called(name))
            if added != "taken" or given is not None:
                return added, name
            # One of that name was verified in between: there is a higher number.

    @overridable
    @override
    async def update_device(
        self, user_id: str, existing_device_name: str, new_device_name: str, user_context: ContextT_contra
    ) -> UpdateDeviceResult:
        require_name(new_device_name, "new_device_name")
        came_of_it = await self.services.off_loop(
            self.store.rename_device, user_id, existing_device_name, new_device_name
        )
        if came_of_it == "unknown":
            return UnknownDeviceError()
        return UpdateDeviceOkResult() if came_of_it == "renamed" else DeviceAlreadyExistsError()

    @overridable
    @override
    async def list_devices(self, user_id: str, user_context: ContextT_contra) -> ListDevicesOkResult:
        devices = await self.services.off_loop(self.store.devices_of_user, user_id)
        return ListDevicesOkResult([Device(each.name, each.period_s, each.skew, each.verified) for each in devices])

    @overridable
    @override
    async def remove_device(
        self, user_id: str, device_name: str, user_context: ContextT_contra
    ) -> RemoveDeviceOkResult:
        removed = await self.services.off_loop(self.store.remove_device, user_id, device_name)
        if removed is not None and removed.verified:
            self.tell("totp_device_removed", user_id, None, user_context)
        return RemoveDeviceOkResult(did_device_exist=removed is not None)

    @overridable
    @override
    async def verify_device(
        self, tenant_id: str, user_id: str, device_name: str, totp: str, user_context: ContextT_contra
    ) -> VerifyDeviceResult:
        result = await self.services.off_loop(self.verify_blocking, tenant_id, user_id, device_name, totp)
        if isinstance(result, VerifyDeviceOkResult) and not result.was_already_verified:
            self.tell("totp_device_added", user_id, tenant_id, user_context)
        self.tell_of_failure(result, user_id, tenant_id, user_context)
        return result

    def verify_blocking(self, tenant_id: str, user_id: str, device_name: str, totp: str) -> VerifyDeviceResult:
        """Have a device count. Blocks."""
        found = (each for each in self.store.devices_of_user(user_id) if each.name == device_name)
        device = next(found, None)
        if device is None:
            return UnknownDeviceError()
        if device.verified:
            return VerifyDeviceOkResult(was_already_verified=True)
        failure = self.use_blocking(tenant_id, user_id, [device], totp)
        return VerifyDeviceOkResult(was_already_verified=False) if failure is None else failure

    @overridable
    @override
    async def verify_totp(
        self, tenant_id: str, user_id: str, totp: str, user_context: ContextT_contra
    ) -> VerifyTOTPResult:
        def verify() -> VerifyTOTPResult:
            devices = self.store.devices_of_user(user_id)
            if not devices:
                return UnknownUserIdError()
            failure = self.use_blocking(tenant_id, user_id, [each for each in devices if each.verified], totp)
            return VerifyTOTPOkResult() if failure is None else failure

        result = await self.services.off_loop(verify)
        self.tell_of_failure(result, user_id, tenant_id, user_context)
        return result

    def use_blocking(
        self, tenant_id: str, user_id: str, devices: Sequence[TOTPDevice], totp: str
    ) -> InvalidTOTPError | LimitReachedError | None:
        """
        Use up a code of one of some devices; return what is wrong with it, or None. Blocks.

        The attempt is counted before anything is compared, in a transaction of its own: else as many could be made at
        once as there are workers, and of one whose process ends nobody would know.
        """
        now_ms = self.services.clock()
        attempt = self.store.begin_attempt(user_id, tenant_id, now_ms)
        if attempt.retry_after_ms:
            return LimitReachedError(attempt.retry_after_ms)
        code = typed_code(totp)
        meant = [each for each in devices if self.is_code_of(each, code, now_ms)]
        for device in meant:
            until_ms = now_ms + lifetime_ms(device.period_s, device.skew)
            used = UsedCode(device=device, tenant_id=tenant_id, code=code, until_ms=until_ms)
            if self.store.use_code(used, now_ms):
                return None
        return InvalidTOTPError(attempt.failures, MAX_FAILURES)

    def is_code_of(self, device: TOTPDevice, code: str, now_ms: int) -> bool:
        """Return whether a code is that of a device."""
        secret = self.secrets.secret_of(device)
        return is_code(secret, code, now_ms=now_ms, period_s=device.period_s, skew=device.skew)

    @overridable
    @override
    async def create_recovery_codes(self, user_id: str, user_context: ContextT_contra) -> CreateRecoveryCodesResult:
        codes = [new_code(self.services.random_bytes) for _ in range(RECOVERY_CODES)]
        hashes = [hash_of(each, self.services.secret) for each in codes]
        if not await self.services.off_loop(self.store.replace_recovery_codes, user_id, hashes):
            return UnknownUserIdError()
        self.tell("recovery_codes_made", user_id, None, user_context)
        return CreateRecoveryCodesOkResult(codes)

    @overridable
    @override
    async def count_recovery_codes(self, user_id: str, user_context: ContextT_contra) -> CountRecoveryCodesOkResult:
        return CountRecoveryCodesOkResult(await self.services.off_loop(self.store.recovery_codes_left, user_id))

    @overridable
    @override
    async def verify_recovery_code(
        self, tenant_id: str, user_id: str, recovery_code: str, user_context: ContextT_contra
    ) -> VerifyRecoveryCodeResult:
        code_hash = hash_of(recovery_code, self.services.secret)

        def verify() -> VerifyRecoveryCodeResult:
            if not self.store.devices_of_user(user_id):
                return UnknownUserIdError()
            attempt = self.store.begin_attempt(user_id, tenant_id, self.services.clock())
            if attempt.retry_after_ms:
                return LimitReachedError(attempt.retry_after_ms)
            if not self.store.use_recovery_code(user_id, tenant_id, code_hash):
                return InvalidRecoveryCodeError(attempt.failures, MAX_FAILURES)
            return VerifyRecoveryCodeOkResult(self.store.recovery_codes_left(user_id))

        result = await self.services.off_loop(verify)
        if isinstance(result, VerifyRecoveryCodeOkResult):
            self.tell("recovery_code_used", user_id, tenant_id, user_context, unused=str(result.unused))
        self.tell_of_failure(result, user_id, tenant_id, user_context)
        return result

    def tell_of_failure(self, result: object, user_id: str, tenant_id: str, user_context: UserContext) -> None:
        """Tell of an attempt that failed; and, with the last that may, that there is a pause now."""
        if not isinstance(result, InvalidTOTPError | InvalidRecoveryCodeError):
            return
        factor = FACTOR if isinstance(result, InvalidTOTPError) else "recovery_code"
        self.tell("sign_in_failed", user_id, tenant_id, user_context, factor=factor)
        if result.current_number_of_failed_attempts == result.max_number_of_failed_attempts:
            self.tell("limited", user_id, tenant_id, user_context, factor=factor)

    def tell(
        self, kind: EventKind, user_id: str, tenant_id: str | None, user_context: UserContext, **details: str
    ) -> None:
        """Tell a security event."""
        self.services.events.emit(kind, RECIPE_ID, user_context, user_id=user_id, tenant_id=tenant_id, **details)


def free_name(devices: Sequence[TOTPDevice]) -> str:
    """Return the name of a new device: with the number of those that are verified, or a higher one."""
    taken = {each.name for each in devices if each.verified}
    number = len(taken)
    while f"TOTP Device {number}" in taken:
        number += 1
    return f"TOTP Device {number}"


def require_name(name: str | None, parameter: str) -> None:
    """
    Refuse a name that nobody would see.

    Raises:
        authweave.types.BadInputError: it is empty.
    """
    if name is not None and not name.strip():
        raise BadInputError(f"{parameter} is empty: give the TOTP device a name that people recognise.")

"""The HTTP APIs of the totp recipe, as they are without overrides."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from typing_extensions import override

from authweave.extending import Services, not_listed
from authweave.kernel import overridable
from authweave.recipe.session import SessionFactors, note_authentication, session_factors
from authweave.recipe.session.exceptions import UnauthorisedError
from authweave.recipe.session.interfaces import SessionContainer

from .config import FACTOR
from .interfaces import APIInterface, APIOptions, ContextT_contra
from .results import (
    CreateDevicePostResult,
    CreateRecoveryCodesPostResult,
    Device,
    ListDevicesGetResult,
    RecoveryCodesGetResult,
    RemoveDevicePostResult,
    UnknownUserIdError,
    VerifyDeviceOkResult,
    VerifyDevicePostResult,
    VerifyRecoveryCodeOkResult,
    VerifyRecoveryCodePostResult,
    VerifyTOTPOkResult,
    VerifyTOTPPostResult,
)
from .store import TOTP_DEVICES, TOTPDevice, TOTPStore


class APIImplementation(APIInterface[ContextT_contra]):
    """The APIs without overrides. They call the composed functions that their options name."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.store: TOTPStore = services.storage.part(TOTP_DEVICES)

    @property
    def factors(self) -> SessionFactors:
        """The recipe that asks for several factors, without which `init` refuses this one."""
        factors = session_factors(self.services)
        if factors is None:
            raise not_listed("multifactorauth")
        return factors

    @overridable
    @override
    async def create_device_post(
        self, device_name: str | None, options: APIOptions, session: SessionContainer, user_context: ContextT_contra
    ) -> CreateDevicePostResult:
        await self.factors.require_may_set_up(session, FACTOR, user_context)
        create_device = options.recipe_implementation.create_device
        result = await create_device(session.get_user_id(), None, device_name, None, None, user_context)
        if isinstance(result, UnknownUserIdError):
            raise UnauthorisedError("The user of the session was deleted, or is disabled.")
        return result

    @overridable
    @override
    async def list_devices_get(
        self, options: APIOptions, session: SessionContainer, user_context: ContextT_contra
    ) -> ListDevicesGetResult:
        return await options.recipe_implementation.list_devices(session.get_user_id(), user_context)

    @overridable
    @override
    async def remove_device_post(
        self, device_name: str, options: APIOptions, session: SessionContainer, user_context: ContextT_contra
    ) -> RemoveDevicePostResult:
        functions, user_id = options.recipe_implementation, session.get_user_id()
        listed = await functions.list_devices(user_id, user_context)
        if not weakens(listed.devices, device_name):
            async with self.services.transaction():
                # It may have begun to count since, and does not before it is removed.
                if not weakens(await self.services.off_loop(self.locked_devices, user_id), device_name):
                    return await functions.remove_device(user_id, device_name, user_context)
        await self.factors.require_complete(session, user_context)
        return await functions.remove_device(user_id, device_name, user_context)

    def locked_devices(self, user_id: str) -> Sequence[TOTPDevice]:
        """Return the devices of a user that the store has, which stay as they are until the transaction ends."""
        self.store.lock_devices(user_id)
        return self.store.devices_of_user(user_id)

    @overridable
    @override
    async def verify_device_post(
        self,
        device_name: str,
        totp: str,
        options: APIOptions,
        session: SessionContainer,
        user_context: ContextT_contra,
    ) -> VerifyDevicePostResult:
        await self.factors.require_may_set_up(session, FACTOR, user_context)
        verify_device = options.recipe_implementation.verify_device
        result = await verify_device(session.get_tenant_id(), session.get_user_id(), device_name, totp, user_context)
        # Of a device that counted already no code was looked at: nothing was shown.
        if isinstance(result, VerifyDeviceOkResult) and not result.was_already_verified:
            await self.factors.mark_complete(session, FACTOR, user_context)
        return result

    @overridable
    @override
    async def verify_totp_post(
        self, totp: str, options: APIOptions, session: SessionContainer, user_context: ContextT_contra
    ) -> VerifyTOTPPostResult:
        verify_totp = options.recipe_implementation.verify_totp
        result = await verify_totp(session.get_tenant_id(), session.get_user_id(), totp, user_context)
        if isinstance(result, VerifyTOTPOkResult):
            await self.factors.mark_complete(session, FACTOR, user_context)
            await note_authentication(session, FACTOR, user_context)
        return result

    @overridable
    @override
    async def create_recovery_codes_post(
        self, options: APIOptions, session: SessionContainer, user_context: ContextT_contra
    ) -> CreateRecoveryCodesPostResult:
        await self.factors.require_complete(session, user_context)
        return await options.recipe_implementation.create_recovery_codes(session.get_user_id(), user_context)

    @overridable
    @override
    async def recovery_codes_get(
        self, options: APIOptions, session: SessionContainer, user_context: ContextT_contra
    ) -> RecoveryCodesGetResult:
        return await options.recipe_implementation.count_recovery_codes(session.get_user_id(), user_context)

    @overridable
    @override
    async def verify_recovery_code_post(
        self, recovery_code: str, options: APIOptions, session: SessionContainer, user_context: ContextT_contra
    ) -> VerifyRecoveryCodePostResult:
        verify = options.recipe_implementation.verify_recovery_code
        result = await verify(session.get_tenant_id(), session.get_user_id(), recovery_code, user_context)
        if isinstance(result, VerifyRecoveryCodeOkResult):
            await self.factors.mark_complete(session, FACTOR, user_context)
            await note_authentication(session, FACTOR, user_context)
        return result


def weakens(devices: Sequence[Device] | Sequence[TOTPDevice], name: str) -> bool:
    """
    Return whether removing a device of some name may take one that counts.

    The store knows names exactly; an application's own, behind an override, may not.
    """
    verified = {folded(each.name) for each in devices if each.verified}
    is_unverified = any(each.name == name and not each.verified for each in devices)
    return bool(verified) and not (is_unverified and folded(name) not in verified)


def folded(name: str) -> str:
    """Return a name in the form in which the most lenient store compares it."""
    return unicodedata.normalize("NFKC", name).lower()

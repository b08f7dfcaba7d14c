"""The type of each function, for ``original``. Written from calls.py by ``python -m authweave.kernel``."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, Protocol

from typing_extensions import TypeVar

from authweave.kernel import UserContext
from authweave.recipe.session.interfaces import SessionContainer
from .interfaces import APIOptions, CountRecoveryCodesOkResult, CreateDevicePostResult, CreateDeviceResult, CreateRecoveryCodesPostResult, CreateRecoveryCodesResult, GetUserIdentifierInfoResult, ListDevicesGetResult, ListDevicesOkResult, RecoveryCodesGetResult, RemoveDeviceOkResult, RemoveDevicePostResult, UpdateDeviceResult, VerifyDevicePostResult, VerifyDeviceResult, VerifyRecoveryCodePostResult, VerifyRecoveryCodeResult, VerifyTOTPPostResult, VerifyTOTPResult

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)

class GetUserIdentifierInfoForUserId(Protocol[ContextT_contra]):
    def __call__(self, user_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, GetUserIdentifierInfoResult]: ...

class CreateDevice(Protocol[ContextT_contra]):
    def __call__(self, user_id: str, user_identifier_info: str | None, device_name: str | None, skew: int | None, period: int | None, user_context: ContextT_contra) -> Coroutine[Any, Any, CreateDeviceResult]: ...

class UpdateDevice(Protocol[ContextT_contra]):
    def __call__(self, user_id: str, existing_device_name: str, new_device_name: str, user_context: ContextT_contra) -> Coroutine[Any, Any, UpdateDeviceResult]: ...

class ListDevices(Protocol[ContextT_contra]):
    def __call__(self, user_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, ListDevicesOkResult]: ...

class RemoveDevice(Protocol[ContextT_contra]):
    def __call__(self, user_id: str, device_name: str, user_context: ContextT_contra) -> Coroutine[Any, Any, RemoveDeviceOkResult]: ...

class VerifyDevice(Protocol[ContextT_contra]):
    def __call__(self, tenant_id: str, user_id: str, device_name: str, totp: str, user_context: ContextT_contra) -> Coroutine[Any, Any, VerifyDeviceResult]: ...

class VerifyTotp(Protocol[ContextT_contra]):
    def __call__(self, tenant_id: str, user_id: str, totp: str, user_context: ContextT_contra) -> Coroutine[Any, Any, VerifyTOTPResult]: ...

class CreateRecoveryCodes(Protocol[ContextT_contra]):
    def __call__(self, user_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, CreateRecoveryCodesResult]: ...

class CountRecoveryCodes(Protocol[ContextT_contra]):
    def __call__(self, user_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, CountRecoveryCodesOkResult]: ...

class VerifyRecoveryCode(Protocol[ContextT_contra]):
    def __call__(self, tenant_id: str, user_id: str, recovery_code: str, user_context: ContextT_contra) -> Coroutine[Any, Any, VerifyRecoveryCodeResult]: ...

class CreateDevicePost(Protocol[ContextT_contra]):
    def __call__(self, device_name: str | None, options: APIOptions, session: SessionContainer, user_context: ContextT_contra) -> Coroutine[Any, Any, CreateDevicePostResult]: ...

class ListDevicesGet(Protocol[ContextT_contra]):
    def __call__(self, options: APIOptions, session: SessionContainer, user_context: ContextT_contra) -> Coroutine[Any, Any, ListDevicesGetResult]: ...

class RemoveDevicePost(Protocol[ContextT_contra]):
    def __call__(self, device_name: str, options: APIOptions, session: SessionContainer, user_context: ContextT_contra) -> Coroutine[Any, Any, RemoveDevicePostResult]: ...

class VerifyDevicePost(Protocol[ContextT_contra]):
    def __call__(self, device_name: str, totp: str, options: APIOptions, session: SessionContainer, user_context: ContextT_contra) -> Coroutine[Any, Any, VerifyDevicePostResult]: ...

class VerifyTotpPost(Protocol[ContextT_contra]):
    def __call__(self, totp: str, options: APIOptions, session: SessionContainer, user_context: ContextT_contra) -> Coroutine[Any, Any, VerifyTOTPPostResult]: ...

class CreateRecoveryCodesPost(Protocol[ContextT_contra]):
    def __call__(self, options: APIOptions, session: SessionContainer, user_context: ContextT_contra) -> Coroutine[Any, Any, CreateRecoveryCodesPostResult]: ...

class RecoveryCodesGet(Protocol[ContextT_contra]):
    def __call__(self, options: APIOptions, session: SessionContainer, user_context: ContextT_contra) -> Coroutine[Any, Any, RecoveryCodesGetResult]: ...

class VerifyRecoveryCodePost(Protocol[ContextT_contra]):
    def __call__(self, recovery_code: str, options: APIOptions, session: SessionContainer, user_context: ContextT_contra) -> Coroutine[Any, Any, VerifyRecoveryCodePostResult]: ...

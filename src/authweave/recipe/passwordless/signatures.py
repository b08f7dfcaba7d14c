"""The type of each function, for ``original``. Written from calls.py by ``python -m authweave.kernel``."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, Protocol

from typing_extensions import TypeVar

from authweave.kernel import UserContext
from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import RecipeUserId
from .interfaces import APIOptions, CheckCodeResult, ConsumeCodePostResult, ConsumeCodeResult, CreateCodeOkResult, CreateCodePostResult, CreateNewCodeForDeviceResult, DeleteContactResult, DeviceType, EmailExistsGetResult, PhoneNumberExistsGetResult, ResendCodePostResult, RevokeAllCodesOkResult, RevokeCodeOkResult, UpdateUserResult

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)

class CreateCode(Protocol[ContextT_contra]):
    def __call__(self, email: str | None, phone_number: str | None, user_input_code: str | None, session: SessionContainer | None, should_try_linking_with_session_user: bool | None, tenant_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, CreateCodeOkResult]: ...

class CreateNewCodeForDevice(Protocol[ContextT_contra]):
    def __call__(self, device_id: str, user_input_code: str | None, tenant_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, CreateNewCodeForDeviceResult]: ...

class ConsumeCode(Protocol[ContextT_contra]):
    def __call__(self, pre_auth_session_id: str, user_input_code: str | None, device_id: str | None, link_code: str | None, session: SessionContainer | None, should_try_linking_with_session_user: bool | None, tenant_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, ConsumeCodeResult]: ...

class CheckCode(Protocol[ContextT_contra]):
    def __call__(self, pre_auth_session_id: str, user_input_code: str | None, device_id: str | None, link_code: str | None, tenant_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, CheckCodeResult]: ...

class UpdateUser(Protocol[ContextT_contra]):
    def __call__(self, recipe_user_id: RecipeUserId, email: str | None, phone_number: str | None, user_context: ContextT_contra) -> Coroutine[Any, Any, UpdateUserResult]: ...

class DeleteEmailForUser(Protocol[ContextT_contra]):
    def __call__(self, recipe_user_id: RecipeUserId, user_context: ContextT_contra) -> Coroutine[Any, Any, DeleteContactResult]: ...

class DeletePhoneNumberForUser(Protocol[ContextT_contra]):
    def __call__(self, recipe_user_id: RecipeUserId, user_context: ContextT_contra) -> Coroutine[Any, Any, DeleteContactResult]: ...

class RevokeAllCodes(Protocol[ContextT_contra]):
    def __call__(self, email: str | None, phone_number: str | None, tenant_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, RevokeAllCodesOkResult]: ...

class RevokeCode(Protocol[ContextT_contra]):
    def __call__(self, code_id: str, tenant_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, RevokeCodeOkResult]: ...

class ListCodesByEmail(Protocol[ContextT_contra]):
    def __call__(self, email: str, tenant_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, list[DeviceType]]: ...

class ListCodesByPhoneNumber(Protocol[ContextT_contra]):
    def __call__(self, phone_number: str, tenant_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, list[DeviceType]]: ...

class ListCodesByDeviceId(Protocol[ContextT_contra]):
    def __call__(self, device_id: str, tenant_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, DeviceType | None]: ...

class ListCodesByPreAuthSessionId(Protocol[ContextT_contra]):
    def __call__(self, pre_auth_session_id: str, tenant_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, DeviceType | None]: ...

class CreateCodePost(Protocol[ContextT_contra]):
    def __call__(self, email: str | None, phone_number: str | None, session: SessionContainer | None, should_try_linking_with_session_user: bool | None, tenant_id: str, api_options: APIOptions, user_context: ContextT_contra) -> Coroutine[Any, Any, CreateCodePostResult]: ...

class ResendCodePost(Protocol[ContextT_contra]):
    def __call__(self, device_id: str, pre_auth_session_id: str, session: SessionContainer | None, should_try_linking_with_session_user: bool | None, tenant_id: str, api_options: APIOptions, user_context: ContextT_contra) -> Coroutine[Any, Any, ResendCodePostResult]: ...

class ConsumeCodePost(Protocol[ContextT_contra]):
    def __call__(self, pre_auth_session_id: str, user_input_code: str | None, device_id: str | None, link_code: str | None, session: SessionContainer | None, should_try_linking_with_session_user: bool | None, tenant_id: str, api_options: APIOptions, user_context: ContextT_contra) -> Coroutine[Any, Any, ConsumeCodePostResult]: ...

class EmailExistsGet(Protocol[ContextT_contra]):
    def __call__(self, email: str, tenant_id: str, api_options: APIOptions, user_context: ContextT_contra) -> Coroutine[Any, Any, EmailExistsGetResult]: ...

class PhoneNumberExistsGet(Protocol[ContextT_contra]):
    def __call__(self, phone_number: str, tenant_id: str, api_options: APIOptions, user_context: ContextT_contra) -> Coroutine[Any, Any, PhoneNumberExistsGetResult]: ...

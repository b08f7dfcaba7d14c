"""The functions and APIs of the passwordless recipe."""

from __future__ import annotations

from typing import Any, Protocol

import attrs
from typing_extensions import TypeVar

from authweave.extending import RecipeAPIOptions
from authweave.kernel import Interface, UserContext, overridable
from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import GeneralErrorResponse, LinkingToSessionUserFailedError, RecipeUserId

from .config import PasswordlessConfig
from .types import (
    CheckCodeExpiredUserInputCodeError,
    CheckCodeIncorrectUserInputCodeError,
    CheckCodeOkResult,
    CheckCodeRestartFlowError,
    CheckCodeResult,
    ConsumeCodeExpiredUserInputCodeError,
    ConsumeCodeIncorrectUserInputCodeError,
    ConsumeCodeOkResult,
    ConsumeCodePostExpiredUserInputCodeError,
    ConsumeCodePostIncorrectUserInputCodeError,
    ConsumeCodePostOkResult,
    ConsumeCodePostRestartFlowError,
    ConsumeCodePostResult,
    ConsumeCodeRestartFlowError,
    ConsumeCodeResult,
    ConsumedDevice,
    CreateCodeOkResult,
    CreateCodePostOkResult,
    CreateCodePostResult,
    CreateNewCodeForDeviceOkResult,
    CreateNewCodeForDeviceRestartFlowError,
    CreateNewCodeForDeviceResult,
    CreateNewCodeForDeviceUserInputCodeAlreadyUsedError,
    DeleteContactResult,
    DeviceCode,
    DeviceType,
    EmailChangeNotAllowedError,
    EmailExistsGetOkResult,
    EmailExistsGetResult,
    PhoneNumberChangeNotAllowedError,
    PhoneNumberExistsGetOkResult,
    PhoneNumberExistsGetResult,
    ResendCodePostOkResult,
    ResendCodePostRestartFlowError,
    ResendCodePostResult,
    RevokeAllCodesOkResult,
    RevokeCodeOkResult,
    SignInUpPostNotAllowedResponse,
    UpdateUserEmailAlreadyExistsError,
    UpdateUserOkResult,
    UpdateUserPhoneNumberAlreadyExistsError,
    UpdateUserResult,
    UpdateUserUnknownUserIdError,
)

__all__ = [
    "APIInterface",
    "APIOptions",
    "CheckCodeExpiredUserInputCodeError",
    "CheckCodeIncorrectUserInputCodeError",
    "CheckCodeOkResult",
    "CheckCodeRestartFlowError",
    "CheckCodeResult",
    "ConsumeCodeExpiredUserInputCodeError",
    "ConsumeCodeIncorrectUserInputCodeError",
    "ConsumeCodeOkResult",
    "ConsumeCodePostExpiredUserInputCodeError",
    "ConsumeCodePostIncorrectUserInputCodeError",
    "ConsumeCodePostOkResult",
    "ConsumeCodePostRestartFlowError",
    "ConsumeCodePostResult",
    "ConsumeCodeRestartFlowError",
    "ConsumeCodeResult",
    "ConsumedDevice",
    "CreateCodeOkResult",
    "CreateCodePostOkResult",
    "CreateCodePostResult",
    "CreateNewCodeForDeviceOkResult",
    "CreateNewCodeForDeviceRestartFlowError",
    "CreateNewCodeForDeviceResult",
    "CreateNewCodeForDeviceUserInputCodeAlreadyUsedError",
    "DeleteContactResult",
    "DeviceCode",
    "DeviceType",
    "EmailChangeNotAllowedError",
    "EmailExistsGetOkResult",
    "EmailExistsGetResult",
    "GeneralErrorResponse",
    "LinkingToSessionUserFailedError",
    "PhoneNumberChangeNotAllowedError",
    "PhoneNumberExistsGetOkResult",
    "PhoneNumberExistsGetResult",
    "RecipeInterface",
    "ResendCodePostOkResult",
    "ResendCodePostRestartFlowError",
    "ResendCodePostResult",
    "RevokeAllCodesOkResult",
    "RevokeCodeOkResult",
    "SessionContainer",
    "SignInUpPostNotAllowedResponse",
    "UpdateUserEmailAlreadyExistsError",
    "UpdateUserOkResult",
    "UpdateUserPhoneNumberAlreadyExistsError",
    "UpdateUserResult",
    "UpdateUserUnknownUserIdError",
]

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, contravariant=True)


class RecipeInterface(Interface[ContextT_contra], Protocol[ContextT_contra]):
    """The functions of the recipe. Each may be overridden."""

    # Written from calls.py by `python -m authweave.kernel`, down to the closing mark.
    # fmt: off
    @overridable
    async def create_code(self, email: str | None, phone_number: str | None, user_input_code: str | None, session: SessionContainer | None, should_try_linking_with_session_user: bool | None, tenant_id: str, user_context: ContextT_contra) -> CreateCodeOkResult:
        """Make a code, and a link that is worth the same, for a browser that begins to sign in. Nothing is sent."""
        ...

    @overridable
    async def create_new_code_for_device(self, device_id: str, user_input_code: str | None, tenant_id: str, user_context: ContextT_contra) -> CreateNewCodeForDeviceResult:
        """Make another code for a browser that has begun. Those that it has stay good, and what failed is not forgotten."""
        ...

    @overridable
    async def consume_code(self, pre_auth_session_id: str, user_input_code: str | None, device_id: str | None, link_code: str | None, session: SessionContainer | None, should_try_linking_with_session_user: bool | None, tenant_id: str, user_context: ContextT_contra) -> ConsumeCodeResult:
        """Use a code or a link up: its user is signed in, or made."""
        ...

    @overridable
    async def check_code(self, pre_auth_session_id: str, user_input_code: str | None, device_id: str | None, link_code: str | None, tenant_id: str, user_context: ContextT_contra) -> CheckCodeResult:
        """Check a code or a link, and leave it good. A wrong code counts, as for `consume_code`."""
        ...

    @overridable
    async def update_user(self, recipe_user_id: RecipeUserId, email: str | None, phone_number: str | None, user_context: ContextT_contra) -> UpdateUserResult:
        """Give a login method another address, another phone number, or both. Codes for former and new ones are void."""
        ...

    @overridable
    async def delete_email_for_user(self, recipe_user_id: RecipeUserId, user_context: ContextT_contra) -> DeleteContactResult:
        """Take the address from a login method that has a phone number too."""
        ...

    @overridable
    async def delete_phone_number_for_user(self, recipe_user_id: RecipeUserId, user_context: ContextT_contra) -> DeleteContactResult:
        """Take the phone number from a login method that has an address too."""
        ...

    @overridable
    async def revoke_all_codes(self, email: str | None, phone_number: str | None, tenant_id: str, user_context: ContextT_contra) -> RevokeAllCodesOkResult:
        """Make all codes of an address or phone number void, in a tenant. Parameters as for `create_code`."""
        ...

    @overridable
    async def revoke_code(self, code_id: str, tenant_id: str, user_context: ContextT_contra) -> RevokeCodeOkResult:
        """Make one code void, in a tenant; with its last one, a browser has to begin again."""
        ...

    @overridable
    async def list_codes_by_email(self, email: str, tenant_id: str, user_context: ContextT_contra) -> list[DeviceType]:
        """Return the browsers that asked for codes for an address, in a tenant."""
        ...

    @overridable
    async def list_codes_by_phone_number(self, phone_number: str, tenant_id: str, user_context: ContextT_contra) -> list[DeviceType]:
        """Return the browsers that asked for codes for a phone number, in a tenant."""
        ...

    @overridable
    async def list_codes_by_device_id(self, device_id: str, tenant_id: str, user_context: ContextT_contra) -> DeviceType | None:
        """Return a browser by its id; None where it is not known, or not any more."""
        ...

    @overridable
    async def list_codes_by_pre_auth_session_id(self, pre_auth_session_id: str, tenant_id: str, user_context: ContextT_contra) -> DeviceType | None:
        """Return a browser by what names it in links; None where it is not known, or not any more."""
        ...
    # fmt: on


@attrs.frozen(kw_only=True)
class APIOptions(RecipeAPIOptions[RecipeInterface[Any]]):  # Any: it is called with contexts of either kind
    """
    What an API is handed beside its input.

    Attributes:
        config: what `init` was told, in normal form.
    """

    recipe_id: str = "passwordless"
    config: PasswordlessConfig


class APIInterface(Interface[ContextT_contra], Protocol[ContextT_contra]):
    """
    The HTTP APIs of the recipe. Each may be overridden.

    One that has a switch can be switched off by an override in the style of the documents: after
    ``original_implementation.disable_email_exists_get = True`` its requests reach the application's own route of that path.
    """

    disable_create_code_post: bool = False
    disable_resend_code_post: bool = False
    disable_consume_code_post: bool = False
    disable_email_exists_get: bool = False
    disable_phone_number_exists_get: bool = False

    # Written from calls.py by `python -m authweave.kernel`, down to the closing mark.
    # fmt: off
    @overridable
    async def create_code_post(self, email: str | None, phone_number: str | None, session: SessionContainer | None, should_try_linking_with_session_user: bool | None, tenant_id: str, api_options: APIOptions, user_context: ContextT_contra) -> CreateCodePostResult:
        """Answer ``POST /signinup/code``: send a code, a link or both."""
        ...

    @overridable
    async def resend_code_post(self, device_id: str, pre_auth_session_id: str, session: SessionContainer | None, should_try_linking_with_session_user: bool | None, tenant_id: str, api_options: APIOptions, user_context: ContextT_contra) -> ResendCodePostResult:
        """Answer ``POST /signinup/code/resend``: send others to the same browser."""
        ...

    @overridable
    async def consume_code_post(self, pre_auth_session_id: str, user_input_code: str | None, device_id: str | None, link_code: str | None, session: SessionContainer | None, should_try_linking_with_session_user: bool | None, tenant_id: str, api_options: APIOptions, user_context: ContextT_contra) -> ConsumeCodePostResult:
        """Answer ``POST /signinup/code/consume``: sign in who has the code or the link, and create a session."""
        ...

    @overridable
    async def email_exists_get(self, email: str, tenant_id: str, api_options: APIOptions, user_context: ContextT_contra) -> EmailExistsGetResult:
        """Answer ``GET /passwordless/email/exists``: say whether a login method of this recipe has an address."""
        ...

    @overridable
    async def phone_number_exists_get(self, phone_number: str, tenant_id: str, api_options: APIOptions, user_context: ContextT_contra) -> PhoneNumberExistsGetResult:
        """Answer ``GET /passwordless/phonenumber/exists``: say whether a user has a phone number."""
        ...
    # fmt: on

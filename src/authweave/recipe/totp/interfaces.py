"""The functions and APIs of the totp recipe."""

from __future__ import annotations

from typing import Any, Protocol

import attrs
from typing_extensions import TypeVar

from authweave.extending import RecipeAPIOptions
from authweave.kernel import Interface, UserContext, overridable
from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import GeneralErrorResponse

from .config import NormalisedTOTPConfig
from .results import (
    CountRecoveryCodesOkResult,
    CreateDeviceOkResult,
    CreateDevicePostResult,
    CreateDeviceResult,
    CreateRecoveryCodesOkResult,
    CreateRecoveryCodesPostResult,
    CreateRecoveryCodesResult,
    DeviceAlreadyExistsError,
    GetUserIdentifierInfoResult,
    InvalidRecoveryCodeError,
    InvalidTOTPError,
    LimitReachedError,
    ListDevicesGetResult,
    ListDevicesOkResult,
    RecoveryCodesGetResult,
    RemoveDeviceOkResult,
    RemoveDevicePostResult,
    UnknownDeviceError,
    UnknownUserIdError,
    UpdateDeviceOkResult,
    UpdateDeviceResult,
    UserIdentifierInfoDoesNotExistError,
    UserIdentifierInfoOkResult,
    VerifyDeviceOkResult,
    VerifyDevicePostResult,
    VerifyDeviceResult,
    VerifyRecoveryCodeOkResult,
    VerifyRecoveryCodePostResult,
    VerifyRecoveryCodeResult,
    VerifyTOTPOkResult,
    VerifyTOTPPostResult,
    VerifyTOTPResult,
)

__all__ = [
    "APIInterface",
    "APIOptions",
    "CountRecoveryCodesOkResult",
    "CreateDeviceOkResult",
    "CreateDevicePostResult",
    "CreateDeviceResult",
    "CreateRecoveryCodesOkResult",
    "CreateRecoveryCodesPostResult",
    "CreateRecoveryCodesResult",
    "DeviceAlreadyExistsError",
    "GeneralErrorResponse",
    "GetUserIdentifierInfoResult",
    "InvalidRecoveryCodeError",
    "InvalidTOTPError",
    "LimitReachedError",
    "ListDevicesGetResult",
    "ListDevicesOkResult",
    "NormalisedTOTPConfig",
    "RecipeInterface",
    "RecoveryCodesGetResult",
    "RemoveDeviceOkResult",
    "RemoveDevicePostResult",
    "SessionContainer",
    "UnknownDeviceError",
    "UnknownUserIdError",
    "UpdateDeviceOkResult",
    "UpdateDeviceResult",
    "UserIdentifierInfoDoesNotExistError",
    "UserIdentifierInfoOkResult",
    "VerifyDeviceOkResult",
    "VerifyDevicePostResult",
    "VerifyDeviceResult",
    "VerifyRecoveryCodeOkResult",
    "VerifyRecoveryCodePostResult",
    "VerifyRecoveryCodeResult",
    "VerifyTOTPOkResult",
    "VerifyTOTPPostResult",
    "VerifyTOTPResult",
]

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, contravariant=True)


class RecipeInterface(Interface[ContextT_contra], Protocol[ContextT_contra]):
    """The functions of the recipe. Each may be overridden."""

    # Written from calls.py by `python -m authweave.kernel`, down to the closing mark.
    # fmt: off
    @overridable
    async def get_user_identifier_info_for_user_id(self, user_id: str, user_context: ContextT_contra) -> GetUserIdentifierInfoResult:
        """Find what apps that make codes are to call an account."""
        ...

    @overridable
    async def create_device(self, user_id: str, user_identifier_info: str | None, device_name: str | None, skew: int | None, period: int | None, user_context: ContextT_contra) -> CreateDeviceResult:
        """Add a device, which counts when a code of it has been shown (`verify_device`)."""
        ...

    @overridable
    async def update_device(self, user_id: str, existing_device_name: str, new_device_name: str, user_context: ContextT_contra) -> UpdateDeviceResult:
        """Give a device another name."""
        ...

    @overridable
    async def list_devices(self, user_id: str, user_context: ContextT_contra) -> ListDevicesOkResult:
        """Return the devices of a user, without their secrets."""
        ...

    @overridable
    async def remove_device(self, user_id: str, device_name: str, user_context: ContextT_contra) -> RemoveDeviceOkResult:
        """Remove a device. With the last of which a code was shown, the user's recovery codes are void."""
        ...

    @overridable
    async def verify_device(self, tenant_id: str, user_id: str, device_name: str, totp: str, user_context: ContextT_contra) -> VerifyDeviceResult:
        """Have a device count, by a code of it. Of one that counts already no code is looked at."""
        ...

    @overridable
    async def verify_totp(self, tenant_id: str, user_id: str, totp: str, user_context: ContextT_contra) -> VerifyTOTPResult:
        """Use up a code of any device of a user that counts. Parameters as for `verify_device`."""
        ...

    @overridable
    async def create_recovery_codes(self, user_id: str, user_context: ContextT_contra) -> CreateRecoveryCodesResult:
        """Make recovery codes for a user with a device that counts. Those from before are void."""
        ...

    @overridable
    async def count_recovery_codes(self, user_id: str, user_context: ContextT_contra) -> CountRecoveryCodesOkResult:
        """Return how many recovery codes a user has left."""
        ...

    @overridable
    async def verify_recovery_code(self, tenant_id: str, user_id: str, recovery_code: str, user_context: ContextT_contra) -> VerifyRecoveryCodeResult:
        """Use up a recovery code. Attempts are counted with those of `verify_totp`."""
        ...
    # fmt: on


@attrs.frozen(kw_only=True)
class APIOptions(RecipeAPIOptions[RecipeInterface[Any]]):  # Any: it is called with contexts of either kind
    """
    What an API is handed beside its input.

    Attributes:
        config: what `init` was told, in normal form.
    """

    recipe_id: str = "totp"
    config: NormalisedTOTPConfig


class APIInterface(Interface[ContextT_contra], Protocol[ContextT_contra]):
    """
    The HTTP APIs of the recipe. Each may be overridden.

    One that has a switch can be switched off by an override in the style of the documents: after
    ``original_implementation.disable_verify_totp_post = True`` its requests reach the application's own route of that path.
    """

    disable_create_device_post: bool = False
    disable_list_devices_get: bool = False
    disable_remove_device_post: bool = False
    disable_verify_device_post: bool = False
    disable_verify_totp_post: bool = False
    disable_create_recovery_codes_post: bool = False
    disable_recovery_codes_get: bool = False
    disable_verify_recovery_code_post: bool = False

    # Written from calls.py by `python -m authweave.kernel`, down to the closing mark.
    # fmt: off
    @overridable
    async def create_device_post(self, device_name: str | None, options: APIOptions, session: SessionContainer, user_context: ContextT_contra) -> CreateDevicePostResult:
        """Answer ``POST /totp/device``: add a device, where the session may set one up."""
        ...

    @overridable
    async def list_devices_get(self, options: APIOptions, session: SessionContainer, user_context: ContextT_contra) -> ListDevicesGetResult:
        """Answer ``GET /totp/device/list``: tell which devices the user of the session has."""
        ...

    @overridable
    async def remove_device_post(self, device_name: str, options: APIOptions, session: SessionContainer, user_context: ContextT_contra) -> RemoveDevicePostResult:
        """Answer ``POST /totp/device/remove``: remove a device; one that counts only where all factors were shown."""
        ...

    @overridable
    async def verify_device_post(self, device_name: str, totp: str, options: APIOptions, session: SessionContainer, user_context: ContextT_contra) -> VerifyDevicePostResult:
        """Answer ``POST /totp/device/verify``: have a device count, and note in the session that the factor was shown."""
        ...

    @overridable
    async def verify_totp_post(self, totp: str, options: APIOptions, session: SessionContainer, user_context: ContextT_contra) -> VerifyTOTPPostResult:
        """Answer ``POST /totp/verify``: use up a code, and note in the session that the factor was shown."""
        ...

    @overridable
    async def create_recovery_codes_post(self, options: APIOptions, session: SessionContainer, user_context: ContextT_contra) -> CreateRecoveryCodesPostResult:
        """Answer ``POST /totp/recovery/codes``: make recovery codes, where all factors were shown."""
        ...

    @overridable
    async def recovery_codes_get(self, options: APIOptions, session: SessionContainer, user_context: ContextT_contra) -> RecoveryCodesGetResult:
        """Answer ``GET /totp/recovery/codes``: tell how many recovery codes are left."""
        ...

    @overridable
    async def verify_recovery_code_post(self, recovery_code: str, options: APIOptions, session: SessionContainer, user_context: ContextT_contra) -> VerifyRecoveryCodePostResult:
        """Answer ``POST /totp/recovery/verify``: use up a code, and note in the session that the factor was shown."""
        ...
    # fmt: on

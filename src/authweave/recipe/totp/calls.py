"""The functions and APIs of the recipe, each as the call that an override is handed; see those of emailpassword."""

from __future__ import annotations

from typing_extensions import TypeVar

from authweave.kernel import Call, UserContext
from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import BaseResponse

from .interfaces import (
    APIInterface,
    APIOptions,
    CountRecoveryCodesOkResult,
    CreateDevicePostResult,
    CreateDeviceResult,
    CreateRecoveryCodesPostResult,
    CreateRecoveryCodesResult,
    GetUserIdentifierInfoResult,
    ListDevicesGetResult,
    ListDevicesOkResult,
    RecipeInterface,
    RecoveryCodesGetResult,
    RemoveDeviceOkResult,
    RemoveDevicePostResult,
    UpdateDeviceResult,
    VerifyDevicePostResult,
    VerifyDeviceResult,
    VerifyRecoveryCodePostResult,
    VerifyRecoveryCodeResult,
    VerifyTOTPPostResult,
    VerifyTOTPResult,
)

ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)


class OptionsCall:
    """As `authweave.extending.APICall`, for APIs whose options have the name that SuperTokens gives them here."""

    __slots__ = ()

    options: APIOptions

    @property
    def response(self) -> BaseResponse:
        """What is to be said of the answer beside the API's result: a status, a header, a cookie, other content."""
        return self.options.response


class GetUserIdentifierInfoForUserId(Call[RecipeInterface[ContextT], GetUserIdentifierInfoResult, ContextT]):
    """
    Find what apps that make codes are to call an account.

    Attributes:
        user_id: the user.
    """

    user_id: str


class CreateDevice(Call[RecipeInterface[ContextT], CreateDeviceResult, ContextT]):
    """
    Add a device, which counts when a code of it has been shown (`verify_device`).

    One of the same name of which none was shown is replaced.

    Attributes:
        user_id: whose it is: the primary user's id, which sessions have.
        user_identifier_info: what the app calls the account; None for the user's address, or number.
        device_name: None for a name with a number.
        skew: how many codes earlier and later count as well; None for the default, as with the period.
        period: how many seconds a code lasts.

    Raises:
        authweave.types.BadInputError: a number is out of bounds, the name is empty, or the user has 20 devices.
    """

    user_id: str
    user_identifier_info: str | None
    device_name: str | None
    skew: int | None
    period: int | None


class UpdateDevice(Call[RecipeInterface[ContextT], UpdateDeviceResult, ContextT]):
    """
    Give a device another name.

    Attributes:
        user_id: whose it is.
        existing_device_name: the name that it has.
        new_device_name: the one that it gets.
    """

    user_id: str
    existing_device_name: str
    new_device_name: str


class ListDevices(Call[RecipeInterface[ContextT], ListDevicesOkResult, ContextT]):
    """Return the devices of a user, without their secrets."""

    user_id: str


class RemoveDevice(Call[RecipeInterface[ContextT], RemoveDeviceOkResult, ContextT]):
    """Remove a device. With the last of which a code was shown, the user's recovery codes are void."""

    user_id: str
    device_name: str


class VerifyDevice(Call[RecipeInterface[ContextT], VerifyDeviceResult, ContextT]):
    """
    Have a device count, by a code of it. Of one that counts already no code is looked at.

    Attributes:
        tenant_id: where attempts are counted.
        user_id: whose device it is.
        device_name: its name.
        totp: the code, however it was typed.
    """

    tenant_id: str
    user_id: str
    device_name: str
    totp: str


class VerifyTotp(Call[RecipeInterface[ContextT], VerifyTOTPResult, ContextT]):
    """Use up a code of any device of a user that counts. Parameters as for `verify_device`."""

    tenant_id: str
    user_id: str
    totp: str


class CreateRecoveryCodes(Call[RecipeInterface[ContextT], CreateRecoveryCodesResult, ContextT]):
    """
    Make recovery codes for a user with a device that counts. Those from before are void.

    Attributes:
        user_id: whose they are.
    """

    user_id: str


class CountRecoveryCodes(Call[RecipeInterface[ContextT], CountRecoveryCodesOkResult, ContextT]):
    """Return how many recovery codes a user has left."""

    user_id: str


class VerifyRecoveryCode(Call[RecipeInterface[ContextT], VerifyRecoveryCodeResult, ContextT]):
    """
    Use up a recovery code. Attempts are counted with those of `verify_totp`.

    Attributes:
        tenant_id: where attempts are counted.
        user_id: whose code it is.
        recovery_code: however it was typed.
    """

    tenant_id: str
    user_id: str
    recovery_code: str


class CreateDevicePost(Call[APIInterface[ContextT], CreateDevicePostResult, ContextT], OptionsCall):
    """Answer ``POST /totp/device``: add a device, where the session may set one up."""

    device_name: str | None
    options: APIOptions
    session: SessionContainer


class ListDevicesGet(Call[APIInterface[ContextT], ListDevicesGetResult, ContextT], OptionsCall):
    """Answer ``GET /totp/device/list``: tell which devices the user of the session has."""

    options: APIOptions
    session: SessionContainer


class RemoveDevicePost(Call[APIInterface[ContextT], RemoveDevicePostResult, ContextT], OptionsCall):
    """Answer ``POST /totp/device/remove``: remove a device; one that counts only where all factors were shown."""

    device_name: str
    options: APIOptions
    session: SessionContainer


class VerifyDevicePost(Call[APIInterface[ContextT], VerifyDevicePostResult, ContextT], OptionsCall):
    """Answer ``POST /totp/device/verify``: have a device count, and note in the session that the factor was shown."""

    device_name: str
    totp: str
    options: APIOptions
    session: SessionContainer


class VerifyTotpPost(Call[APIInterface[ContextT], VerifyTOTPPostResult, ContextT], OptionsCall):
    """Answer ``POST /totp/verify``: use up a code, and note in the session that the factor was shown."""

    totp: str
    options: APIOptions
    session: SessionContainer


class CreateRecoveryCodesPost(Call[APIInterface[ContextT], CreateRecoveryCodesPostResult, ContextT], OptionsCall):
    """Answer ``POST /totp/recovery/codes``: make recovery codes, where all factors were shown."""

    options: APIOptions
    session: SessionContainer


class RecoveryCodesGet(Call[APIInterface[ContextT], RecoveryCodesGetResult, ContextT], OptionsCall):
    """Answer ``GET /totp/recovery/codes``: tell how many recovery codes are left."""

    options: APIOptions
    session: SessionContainer


class VerifyRecoveryCodePost(Call[APIInterface[ContextT], VerifyRecoveryCodePostResult, ContextT], OptionsCall):
    """Answer ``POST /totp/recovery/verify``: use up a code, and note in the session that the factor was shown."""

    recovery_code: str
    options: APIOptions
    session: SessionContainer

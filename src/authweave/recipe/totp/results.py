"""What the functions and APIs of the totp recipe return."""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

import attrs

from authweave.types import FrozenValue, GeneralErrorResponse, Result


@attrs.frozen
class UserIdentifierInfoOkResult(Result):
    """
    What an app that makes codes calls the account.

    Attributes:
        info: an e-mail address, or a phone number.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    info: str


@attrs.frozen
class UserIdentifierInfoDoesNotExistError(Result):
    """The user has neither an address nor a number. A result, not an exception."""

    status: ClassVar[Literal["USER_IDENTIFIER_INFO_DOES_NOT_EXIST_ERROR"]] = "USER_IDENTIFIER_INFO_DOES_NOT_EXIST_ERROR"


@attrs.frozen
class UnknownUserIdError(Result):
    """There is no such user, or none with a device. A result, not an exception."""

    status: ClassVar[Literal["UNKNOWN_USER_ID_ERROR"]] = "UNKNOWN_USER_ID_ERROR"


@attrs.frozen
class CreateDeviceOkResult(Result):
    """
    There is a device. It counts when a code of it has been shown.

    Attributes:
        device_name: as it is listed.
        secret: for an app that reads no QR code, in base32 (RFC 4648).
        qr_code_string: what such an app reads; `authweave.recipe.totp.qr_code_svg` draws it.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    device_name: str
    secret: str = attrs.field(repr=False)
    qr_code_string: str = attrs.field(repr=False)


@attrs.frozen
class DeviceAlreadyExistsError(Result):
    """Another device of the user has the name. A result, not an exception."""

    status: ClassVar[Literal["DEVICE_ALREADY_EXISTS_ERROR"]] = "DEVICE_ALREADY_EXISTS_ERROR"


@attrs.frozen
class UpdateDeviceOkResult(Result):
    """The device has the new name."""

    status: ClassVar[Literal["OK"]] = "OK"


@attrs.frozen
class UnknownDeviceError(Result):
    """The user has no such device. A result, not an exception."""

    status: ClassVar[Literal["UNKNOWN_DEVICE_ERROR"]] = "UNKNOWN_DEVICE_ERROR"


@attrs.frozen
class Device(FrozenValue):
    """
    A device, without its secret.

    Attributes:
        name: unique among those of its user.
        period: how many seconds a code lasts.
        skew: how many codes earlier and later count as well.
        verified: whether a code of it was shown once.
    """

    name: str
    period: int
    skew: int
    verified: bool


@attrs.frozen
class ListDevicesOkResult(Result):
    """The devices of a user, the oldest first."""

    status: ClassVar[Literal["OK"]] = "OK"

    devices: list[Device]


@attrs.frozen
class RemoveDeviceOkResult(Result):
    """There is no such device any more."""

    status: ClassVar[Literal["OK"]] = "OK"

    did_device_exist: bool


@attrs.frozen
class VerifyDeviceOkResult(Result):
    """
    The device counts.

    Attributes:
        was_already_verified: whether it did before; then the code was not looked at.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    was_already_verified: bool


@attrs.frozen
class InvalidTOTPError(Result):
    """
    The code is wrong, or has been used. A result, not an exception.

    Attributes:
        current_number_of_failed_attempts: how many have failed in a row, with this one.
        max_number_of_failed_attempts: after how many there is a pause.
    """

    status: ClassVar[Literal["INVALID_TOTP_ERROR"]] = "INVALID_TOTP_ERROR"

    current_number_of_failed_attempts: int
    max_number_of_failed_attempts: int


@attrs.frozen
class LimitReachedError(Result):
    """
    Too many attempts have failed; this one was not made. A result, not an exception.

    Attributes:
        retry_after_ms: for how long none is made.
    """

    status: ClassVar[Literal["LIMIT_REACHED_ERROR"]] = "LIMIT_REACHED_ERROR"

    retry_after_ms: int


@attrs.frozen
class VerifyTOTPOkResult(Result):
    """The code is that of one of the user's devices, and is used up."""

    status: ClassVar[Literal["OK"]] = "OK"


@attrs.frozen
class CreateRecoveryCodesOkResult(Result):
    """
    There are recovery codes, and those from before are void.

    Attributes:
        recovery_codes: to be written down by the user. Nobody can show them again.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    recovery_codes: list[str] = attrs.field(repr=False)


@attrs.frozen
class CountRecoveryCodesOkResult(Result):
    """
    How many recovery codes a user has left.

    Attributes:
        unused: that many.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    unused: int


@attrs.frozen
class VerifyRecoveryCodeOkResult(Result):
    """
    The code was the user's, and is used up.

    Attributes:
        unused: how many are left.
    """

    status: ClassVar[Literal["OK"]] = "OK"

    unused: int


@attrs.frozen
class InvalidRecoveryCodeError(Result):
    """
    The user has no such code, or it has been used. A result, not an exception.

    Attributes:
        current_number_of_failed_attempts: as in `InvalidTOTPError`, like the other; they are counted together.
    """

    status: ClassVar[Literal["INVALID_RECOVERY_CODE_ERROR"]] = "INVALID_RECOVERY_CODE_ERROR"

    current_number_of_failed_attempts: int
    max_number_of_failed_attempts: int


GetUserIdentifierInfoResult: TypeAlias = (
    UserIdentifierInfoOkResult | UnknownUserIdError | UserIdentifierInfoDoesNotExistError
)
CreateDeviceResult: TypeAlias = CreateDeviceOkResult | DeviceAlreadyExistsError | UnknownUserIdError
UpdateDeviceResult: TypeAlias = UpdateDeviceOkResult | UnknownDeviceError | DeviceAlreadyExistsError
VerifyDeviceResult: TypeAlias = VerifyDeviceOkResult | UnknownDeviceError | InvalidTOTPError | LimitReachedError
VerifyTOTPResult: TypeAlias = VerifyTOTPOkResult | UnknownUserIdError | InvalidTOTPError | LimitReachedError
CreateRecoveryCodesResult: TypeAlias = CreateRecoveryCodesOkResult | UnknownUserIdError
VerifyRecoveryCodeResult: TypeAlias = (
    VerifyRecoveryCodeOkResult | UnknownUserIdError | InvalidRecoveryCodeError | LimitReachedError
)

CreateDevicePostResult: TypeAlias = CreateDeviceOkResult | DeviceAlreadyExistsError | GeneralErrorResponse
ListDevicesGetResult: TypeAlias = ListDevicesOkResult | GeneralErrorResponse
RemoveDevicePostResult: TypeAlias = RemoveDeviceOkResult | GeneralErrorResponse
VerifyDevicePostResult: TypeAlias = VerifyDeviceResult | GeneralErrorResponse
VerifyTOTPPostResult: TypeAlias = VerifyTOTPResult | GeneralErrorResponse
CreateRecoveryCodesPostResult: TypeAlias = CreateRecoveryCodesResult | GeneralErrorResponse
RecoveryCodesGetResult: TypeAlias = CountRecoveryCodesOkResult | GeneralErrorResponse
VerifyRecoveryCodePostResult: TypeAlias = VerifyRecoveryCodeResult | GeneralErrorResponse

"""The path by which applications know results and settings from SuperTokens."""

from .config import NormalisedTOTPConfig
from .results import (
    CountRecoveryCodesOkResult,
    CreateDeviceOkResult,
    CreateRecoveryCodesOkResult,
    Device,
    DeviceAlreadyExistsError,
    InvalidRecoveryCodeError,
    InvalidTOTPError,
    LimitReachedError,
    ListDevicesOkResult,
    RemoveDeviceOkResult,
    UnknownDeviceError,
    UnknownUserIdError,
    UpdateDeviceOkResult,
    UserIdentifierInfoDoesNotExistError,
    UserIdentifierInfoOkResult,
    VerifyDeviceOkResult,
    VerifyRecoveryCodeOkResult,
    VerifyTOTPOkResult,
)
from .setup import OverrideConfig, TOTPConfig, TOTPOverrideConfig

__all__ = [
    "CountRecoveryCodesOkResult",
    "CreateDeviceOkResult",
    "CreateRecoveryCodesOkResult",
    "Device",
    "DeviceAlreadyExistsError",
    "InvalidRecoveryCodeError",
    "InvalidTOTPError",
    "LimitReachedError",
    "ListDevicesOkResult",
    "NormalisedTOTPConfig",
    "OverrideConfig",
    "RemoveDeviceOkResult",
    "TOTPConfig",
    "TOTPOverrideConfig",
    "UnknownDeviceError",
    "UnknownUserIdError",
    "UpdateDeviceOkResult",
    "UserIdentifierInfoDoesNotExistError",
    "UserIdentifierInfoOkResult",
    "VerifyDeviceOkResult",
    "VerifyRecoveryCodeOkResult",
    "VerifyTOTPOkResult",
]

"""What the routes of the recipe take and answer, as data (docs/reference/http-factors.md, One-time passwords)."""

from __future__ import annotations

from typing import Final

from authweave.http import GENERAL_ERROR, OK, TEXT, Answer, Schema, array_of, object_schema, one_of, status_schema
from authweave.recipe.session.interfaces import CHANGED_TOKEN

NUMBER: Final[Schema] = {"type": "integer", "minimum": 0}
FAILURES: Final[dict[str, Schema]] = {
    "currentNumberOfFailedAttempts": NUMBER,
    "maxNumberOfFailedAttempts": NUMBER,
}
DEVICE_ADDED: Final = status_schema("TOTPDeviceAdded", "OK", deviceName=TEXT, secret=TEXT, qrCodeString=TEXT)
NAME_TAKEN: Final = status_schema("TOTPDeviceNameTaken", "DEVICE_ALREADY_EXISTS_ERROR")
UNKNOWN_DEVICE: Final = status_schema("UnknownTOTPDevice", "UNKNOWN_DEVICE_ERROR")
UNKNOWN_USER: Final = status_schema("UserWithoutTOTPDevice", "UNKNOWN_USER_ID_ERROR")
INVALID_CODE: Final = status_schema("InvalidTOTP", "INVALID_TOTP_ERROR", **FAILURES)
INVALID_RECOVERY_CODE: Final = status_schema("InvalidRecoveryCode", "INVALID_RECOVERY_CODE_ERROR", **FAILURES)
LIMIT_REACHED: Final = status_schema("TOTPLimitReached", "LIMIT_REACHED_ERROR", retryAfterMs=NUMBER)
IS_VERIFIED: Final = status_schema("TOTPDeviceVerified", "OK", wasAlreadyVerified={"type": "boolean"})
DEVICE: Final = object_schema(
    "TOTPDevice", {"name": TEXT, "period": NUMBER, "skew": NUMBER, "verified": {"type": "boolean"}}
)

NAME: Final[Schema] = {"type": "string", "minLength": 1, "description": "That of a device of the user."}
CODE: Final[Schema] = {"type": "string", "description": "Spaces and dashes do not matter."}
NEW_NAME: Final[Schema] = {
    "type": ["string", "null"],
    "minLength": 1,
    "description": "Without one the device gets a name with a number.",
}

CREATE_BODY: Final = object_schema("AddTOTPDeviceRequest", {"deviceName": NEW_NAME}, optional=("deviceName",))
REMOVE_BODY: Final = object_schema("RemoveTOTPDeviceRequest", {"deviceName": NAME})
VERIFY_DEVICE_BODY: Final = object_schema("VerifyTOTPDeviceRequest", {"deviceName": NAME, "totp": CODE})
VERIFY_BODY: Final = object_schema("VerifyTOTPRequest", {"totp": CODE})
VERIFY_RECOVERY_CODE_BODY: Final = object_schema("VerifyRecoveryCodeRequest", {"recoveryCode": CODE})

CREATE: Final = Answer(
    200,
    "The secret of a new device, which counts when a code of it has been shown.",
    one_of(DEVICE_ADDED, NAME_TAKEN, GENERAL_ERROR),
    headers=CHANGED_TOKEN,
)
LIST: Final = Answer(
    200,
    "The devices of the user, without their secrets.",
    one_of(status_schema("TOTPDevices", "OK", devices=array_of(DEVICE)), GENERAL_ERROR),
    headers=CHANGED_TOKEN,
)
REMOVE: Final = Answer(
    200,
    "There is no such device any more.",
    one_of(status_schema("TOTPDeviceRemoved", "OK", didDeviceExist={"type": "boolean"}), GENERAL_ERROR),
    headers=CHANGED_TOKEN,
)
VERIFY_DEVICE: Final = Answer(
    200,
    "`status` says whether the device counts.",
    one_of(IS_VERIFIED, UNKNOWN_DEVICE, INVALID_CODE, LIMIT_REACHED, GENERAL_ERROR),
    headers=CHANGED_TOKEN,
)
VERIFY: Final = Answer(
    200,
    "`status` says whether the code was right.",
    one_of(OK, UNKNOWN_USER, INVALID_CODE, LIMIT_REACHED, GENERAL_ERROR),
    headers=CHANGED_TOKEN,
)
CREATE_RECOVERY_CODES: Final = Answer(
    200,
    "New recovery codes, which nobody can show again; those from before are void.",
    one_of(status_schema("RecoveryCodes", "OK", recoveryCodes=array_of(TEXT)), UNKNOWN_USER, GENERAL_ERROR),
    headers=CHANGED_TOKEN,
)
COUNT: Final = status_schema("RecoveryCodesLeft", "OK", unused=NUMBER)
RECOVERY_CODES: Final = Answer(
    200, "How many recovery codes are left.", one_of(COUNT, GENERAL_ERROR), headers=CHANGED_TOKEN
)
VERIFY_RECOVERY_CODE: Final = Answer(
    200,
    "`status` says whether the code was right; `unused` how many are left.",
    one_of(COUNT, UNKNOWN_USER, INVALID_RECOVERY_CODE, LIMIT_REACHED, GENERAL_ERROR),
    headers=CHANGED_TOKEN,
)

"""What the routes of the recipe take and answer, as data (docs/reference/http-factors.md)."""

from __future__ import annotations

from typing import Final

from authweave.http import (
    GENERAL_ERROR,
    LEGACY_USER,
    OK,
    TEXT,
    USER,
    Answer,
    Parameter,
    Schema,
    object_schema,
    one_of,
    status_schema,
)
from authweave.recipe.session.interfaces import LINKING, NEW_TOKENS

OPTIONAL: Final = ("shouldTryLinkingWithSessionUser",)
COMMON: Final[dict[str, Schema]] = {"shouldTryLinkingWithSessionUser": LINKING}
COUNT: Final[Schema] = {"type": "integer", "minimum": 0}
COUNTS: Final[dict[str, Schema]] = {"failedCodeInputAttemptCount": COUNT, "maximumCodeInputAttempts": COUNT}
PRE_AUTH_SESSION_ID: Final[Schema] = {"type": "string", "description": "What names the browser; it is in the link."}

RESTART_FLOW: Final = status_schema("RestartFlow", "RESTART_FLOW_ERROR")
NOT_ALLOWED: Final = status_schema("SignInUpNotAllowed", "SIGN_IN_UP_NOT_ALLOWED", reason=TEXT)
EXISTS: Final = status_schema("ContactExists", "OK", exists={"type": "boolean"})
CREATED: Final = status_schema(
    "CodeCreated",
    "OK",
    deviceId=TEXT,
    preAuthSessionId=PRE_AUTH_SESSION_ID,
    flowType={"type": "string", "enum": ["USER_INPUT_CODE", "MAGIC_LINK", "USER_INPUT_CODE_AND_MAGIC_LINK"]},
)
INCORRECT: Final = status_schema("IncorrectUserInputCode", "INCORRECT_USER_INPUT_CODE_ERROR", **COUNTS)
EXPIRED: Final = status_schema("ExpiredUserInputCode", "EXPIRED_USER_INPUT_CODE_ERROR", **COUNTS)

CREATE_BODY: Final[Schema] = {
    "anyOf": [
        object_schema("CreateCodeByEmail", {"email": TEXT, **COMMON}, optional=OPTIONAL),
        object_schema("CreateCodeByPhoneNumber", {"phoneNumber": TEXT, **COMMON}, optional=OPTIONAL),
    ]
}
CREATE: Final = Answer(
    200,
    "`status` says whether something is on its way; `flowType` what it is.",
    one_of(CREATED, NOT_ALLOWED, GENERAL_ERROR),
)
RESEND_BODY: Final = object_schema(
    "ResendCodeRequest",
    {"deviceId": TEXT, "preAuthSessionId": PRE_AUTH_SESSION_ID, **COMMON},
    optional=OPTIONAL,
)
RESEND: Final = Answer(200, "`status` says whether something is on its way.", one_of(OK, RESTART_FLOW, GENERAL_ERROR))
CONSUME_BODY: Final[Schema] = {
    "anyOf": [
        object_schema(
            "ConsumeCodeByCode",
            {"preAuthSessionId": PRE_AUTH_SESSION_ID, "deviceId": TEXT, "userInputCode": TEXT, **COMMON},
            optional=OPTIONAL,
            description="A code was typed in.",
        ),
        object_schema(
            "ConsumeCodeByLink",
            {"preAuthSessionId": PRE_AUTH_SESSION_ID, "linkCode": TEXT, **COMMON},
            optional=OPTIONAL,
            description="A link was followed.",
        ),
    ]
}


def signed_in(title: str, created: str, user: Schema) -> Schema:
    """Return what is answered, with the name of old for what was created or the one of today."""
    ok = status_schema(title, "OK", **{created: {"type": "boolean"}, "user": user})
    return one_of(ok, INCORRECT, EXPIRED, RESTART_FLOW, NOT_ALLOWED, GENERAL_ERROR)


CONSUME: Final = Answer(
    200,
    "`status` says whether somebody is signed in.",
    signed_in("CodeConsumed", "createdNewRecipeUser", USER),
    legacy_schema=signed_in("LegacyCodeConsumed", "createdNewUser", LEGACY_USER),
    headers=NEW_TOKENS,
)
EMAIL_OF_QUERY: Final = Parameter("email", "The address.", is_required=True)
PHONE_NUMBER_OF_QUERY: Final = Parameter("phoneNumber", "The number, with its country.", is_required=True)
CONTACT_EXISTS: Final = Answer(200, "`exists` says whether the tenant knows it.", one_of(EXISTS, GENERAL_ERROR))

"""What the routes of the recipe take and answer, as data (docs/reference/http.md, Verifying an address)."""

from __future__ import annotations

from typing import Final

from authweave.http import GENERAL_ERROR, OK, Answer, object_schema, one_of, status_schema
from authweave.recipe.session.interfaces import CHANGED_TOKEN

INVALID_TOKEN: Final = status_schema("InvalidEmailVerificationToken", "EMAIL_VERIFICATION_INVALID_TOKEN_ERROR")
ALREADY_VERIFIED: Final = status_schema("EmailAlreadyVerified", "EMAIL_ALREADY_VERIFIED_ERROR")
IS_VERIFIED: Final = status_schema("EmailVerified", "OK", isVerified={"type": "boolean"})

VERIFY_BODY: Final = object_schema(
    "VerifyEmailRequest",
    {
        "token": {"type": "string", "description": "That of the link in the mail."},
        "method": {"description": "Is not looked at; the frontends send `token`."},
    },
    optional=("method",),
)
VERIFY: Final = Answer(
    200,
    "`status` says whether the address is verified.",
    one_of(OK, INVALID_TOKEN, GENERAL_ERROR),
    headers=CHANGED_TOKEN,
)
VERIFIED: Final = Answer(
    200, "`isVerified` says whether the address is.", one_of(IS_VERIFIED, GENERAL_ERROR), headers=CHANGED_TOKEN
)
SEND_MAIL: Final = Answer(
    200,
    "A mail is on its way, unless the address is verified.",
    one_of(OK, ALREADY_VERIFIED, GENERAL_ERROR),
    headers=CHANGED_TOKEN,
)

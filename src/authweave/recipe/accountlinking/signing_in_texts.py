"""Why somebody is not signed in or up, as the frontends show it: one table of codes, and the texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

import attrs

from authweave.http import get_request_from_user_context
from authweave.kernel import UserContext
from authweave.types import LinkingFailure

SignInAPI: TypeAlias = Literal[
    "emailpassword sign in",
    "emailpassword sign up",
    "thirdparty",
    "passwordless",
    "webauthn sign up",
    "webauthn sign in",
]
"""What refuses: an API, of which a person has to be told."""

Refusal: TypeAlias = (
    LinkingFailure
    | Literal["SIGN_UP_NOT_ALLOWED", "SIGN_IN_NOT_ALLOWED", "PRIMARY_USER_CONFLICT", "ACCOUNT_TAKEOVER_RISK"]
)
"""Why: login method and session user cannot be linked, or are not to be; or an address cannot be changed."""


@attrs.frozen
class NotAllowed:
    """Somebody may not sign in or up."""

    reason: Refusal


CODES: Final[Mapping[Refusal, Mapping[SignInAPI, int]]] = {
    "EMAIL_VERIFICATION_REQUIRED": {
        "emailpassword sign in": 9,
        "emailpassword sign up": 13,
        "thirdparty": 20,
        "webauthn sign up": 26,
        "webauthn sign in": 31,
    },
    "RECIPE_USER_ID_ALREADY_LINKED_WITH_ANOTHER_PRIMARY_USER_ID_ERROR": {
        "emailpassword sign in": 10,
        "emailpassword sign up": 14,
        "thirdparty": 21,
        "passwordless": 17,
        "webauthn sign up": 27,
        "webauthn sign in": 32,
    },
    "ACCOUNT_INFO_ALREADY_ASSOCIATED_WITH_ANOTHER_PRIMARY_USER_ID_ERROR": {
        "emailpassword sign in": 11,
        "emailpassword sign up": 15,
        "thirdparty": 22,
        "passwordless": 18,
        "webauthn sign up": 28,
        "webauthn sign in": 33,
    },
    "SESSION_USER_ACCOUNT_INFO_ALREADY_ASSOCIATED_WITH_ANOTHER_PRIMARY_USER_ID_ERROR": {
        "emailpassword sign in": 12,
        "emailpassword sign up": 16,
        "thirdparty": 23,
        "passwordless": 19,
        "webauthn sign up": 29,
        "webauthn sign in": 34,
    },
    "SIGN_UP_NOT_ALLOWED": {"emailpassword sign up": 7, "thirdparty": 6, "passwordless": 2, "webauthn sign up": 25},
    "SIGN_IN_NOT_ALLOWED": {"emailpassword sign in": 8, "thirdparty": 4, "passwordless": 3, "webauthn sign in": 30},
    "PRIMARY_USER_CONFLICT": {"thirdparty": 5},
    "ACCOUNT_TAKEOVER_RISK": {"thirdparty": 24},
}
"""The number of the ERR_CODE of each API, by the reason. What has none cannot happen there."""

LINKING: Final = "Cannot sign in / up due to security reasons. Please contact support."
OTHERWISE: Final = (
    "Cannot sign in / up due to security reasons. Please try a different login method or contact support."
)
SIGN_UP: Final = (
    "Cannot sign up due to security reasons. Please try logging in, use a different login method or contact support."
)
SIGN_IN: Final = (
    "Cannot sign in due to security reasons. Please try {}, use a different login method or contact support."
)
NEW_EMAIL: Final = (
    "Cannot sign in / up because new email cannot be applied to existing account. Please contact support."
)

TEXTS: Final[Mapping[int, str]] = {
    **dict.fromkeys([*range(9, 24), 26, 27, 28, 29, 31, 32, 33, 34], LINKING),
    **dict.fromkeys([2, 3, 4, 6], OTHERWISE),
    **dict.fromkeys([7, 25], SIGN_UP),
    8: SIGN_IN.format("resetting your password"),
    30: SIGN_IN.format("recovering your account"),
    **dict.fromkeys([5, 24], NEW_EMAIL),
}
"""What a person is told, by the number of the ERR_CODE."""

HINTS: Final[Mapping[Refusal, str]] = {
    "EMAIL_VERIFICATION_REQUIRED": "what is to be linked has not verified its address",
    "RECIPE_USER_ID_ALREADY_LINKED_WITH_ANOTHER_PRIMARY_USER_ID_ERROR": "the login method is another primary user's",
    "ACCOUNT_INFO_ALREADY_ASSOCIATED_WITH_ANOTHER_PRIMARY_USER_ID_ERROR": "another primary user has its address",
    "SESSION_USER_ACCOUNT_INFO_ALREADY_ASSOCIATED_WITH_ANOTHER_PRIMARY_USER_ID_ERROR": (
        "another primary user has the address of the session's user"
    ),
    "SIGN_UP_NOT_ALLOWED": (
        "somebody has the address already, and it is not verified there, or not for the new account: who verifies it "
        "first, or signs in the other way, gets in"
    ),
    "SIGN_IN_NOT_ALLOWED": (
        "somebody else has the address too, and this login method has not verified it: verify it, by a reset of the "
        "password say; or another factor is required of its user, who would lose that by being linked to the session's"
    ),
    "PRIMARY_USER_CONFLICT": "another primary user has the address that the provider gives now",
    "ACCOUNT_TAKEOVER_RISK": "somebody has the address that the provider gives now, which does not vouch for it",
}
"""What debug mode tells who writes the application, by the reason."""


def refusal(api: SignInAPI, reason: Refusal, user_context: UserContext) -> str:
    """
    Return what a person is told. Debug mode tells more.

    Args:
        api: what refuses.
        reason: why. One that the API does not have, from an override say, is told as any failure to link.
        user_context: that of the request.
    """
    request = get_request_from_user_context(user_context)
    if request is not None and reason in HINTS:
        request.hint(f"Refused by the rules of linking ({reason}): {HINTS[reason]}.")
    code = CODES.get(reason, {}).get(api) or next(codes[api] for codes in CODES.values() if api in codes)
    return f"{TEXTS[code]} (ERR_CODE_{code:03})"

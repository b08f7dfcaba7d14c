"""Why a login method could not be linked to the user of a session."""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias, get_args

import attrs

from ._results import Result

LinkingFailure: TypeAlias = Literal[
    "EMAIL_VERIFICATION_REQUIRED",
    "RECIPE_USER_ID_ALREADY_LINKED_WITH_ANOTHER_PRIMARY_USER_ID_ERROR",
    "ACCOUNT_INFO_ALREADY_ASSOCIATED_WITH_ANOTHER_PRIMARY_USER_ID_ERROR",
    "SESSION_USER_ACCOUNT_INFO_ALREADY_ASSOCIATED_WITH_ANOTHER_PRIMARY_USER_ID_ERROR",
]
"""Why a login method could not be linked to the user of a session."""


@attrs.frozen
class LinkingToSessionUserFailedError(Result):
    """
    The login method could not be linked to the session's user. A result, not an exception: the name is SuperTokens's.

    The library links nothing yet; an override may.
    """

    status: ClassVar[Literal["LINKING_TO_SESSION_USER_FAILED"]] = "LINKING_TO_SESSION_USER_FAILED"

    reason: LinkingFailure


def linking_refusal(failed: LinkingToSessionUserFailedError, first_code: int) -> str:
    """
    Return what the frontend shows where linking failed.

    Args:
        failed: why it did.
        first_code: the number of the API's first error code; its others follow, in the order of `LinkingFailure`.
    """
    failures: tuple[str, ...] = get_args(LinkingFailure)
    code = first_code + (failures.index(failed.reason) if failed.reason in failures else 0)
    return f"Cannot sign in / up due to security reasons. Please contact support. (ERR_CODE_{code:03})"

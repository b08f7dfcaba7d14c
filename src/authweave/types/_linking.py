"""Why a login method could not be linked to the user of a session."""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

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

    Attributes:
        reason: why: its address has to be verified; it is another primary user's; another primary user has what it
            has; or what the session's user has.
    """

    status: ClassVar[Literal["LINKING_TO_SESSION_USER_FAILED"]] = "LINKING_TO_SESSION_USER_FAILED"

    reason: LinkingFailure

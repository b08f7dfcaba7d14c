"""Whom a user is linked to, without a session and with one (accounts contract, 3.7 and 3.8)."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from authweave.extending.tables import Fact, Table, row, yes_or_no
from authweave.types import LinkingFailure

from ._facts import IF_VERIFIED, LINK, NO, callback

Step: TypeAlias = Literal["nothing", "link", "make the other primary", "make primary"]
SessionLink: TypeAlias = Literal["linked", "again"] | LinkingFailure

LINK_OR_MAKE_PRIMARY: Final[Table[Step]] = Table(
    title="Whom is a user linked to?",
    facts=(
        yes_or_no("is_primary", "the user is a primary one", "the user is no primary one"),
        yes_or_no("is_disabled", "the user is disabled", "the user is not disabled"),
        Fact(
            "other",
            {
                "a primary user": "a primary user of the tenant has the address, number or provider's id",
                "somebody": "others have it, no primary user among them",
                "nobody": "nobody else has it",
            },
        ),
        yes_or_no(
            "other_is_disabled",
            "that primary user, or the oldest of the others, is disabled",
            "that primary user, or the oldest of the others, is not disabled",
        ),
        yes_or_no(
            "is_more_required",
            "a factor is required of the user that the login method is not",
            "no factor is required of the user but the login method",
        ),
        callback("the user and that primary user"),
        yes_or_no("both_are_verified", "both have verified it", "one of the two has not verified it"),
        callback("the oldest of the others and nobody", "callback_of_other", "callback for the oldest"),
        yes_or_no(
            "other_is_verified",
            "the oldest of the others has verified it",
            "the oldest of the others has not verified it",
        ),
        callback("the user and nobody", "callback_of_self", "callback for the user"),
        yes_or_no("is_verified", "the user has verified it", "the user has not verified it"),
    ),
    outcomes={
        "nothing": "stays as he is",
        "link": "linked to that primary user",
        "make the other primary": "the oldest of the others becomes a primary user; then again from the top",
        "make primary": "becomes a primary user",
    },
    rows=(
        row("nothing", is_primary=True),
        row("nothing", is_disabled=True),
        row("nothing", other=("a primary user", "somebody"), other_is_disabled=True),
        row("nothing", other=("a primary user", "somebody"), is_more_required=True),
        row("nothing", other="a primary user", callback=NO),
        row("link", other="a primary user", callback=LINK),
        row("link", other="a primary user", both_are_verified=True),
        row("nothing", other="a primary user"),
        row("make the other primary", other="somebody", callback_of_other=LINK),
        row("make the other primary", other="somebody", callback_of_other=IF_VERIFIED, other_is_verified=True),
        row("make primary", callback_of_self=LINK),
        row("make primary", callback_of_self=IF_VERIFIED, is_verified=True),
        row("nothing"),
    ),
)
"""Of one login method. Where the application has no callback, nothing is asked and nothing happens."""

LINK_TO_SESSION_USER: Final[Table[SessionLink]] = Table(
    title="Is an account linked to the session's user?",
    facts=(
        callback("the account and the session's user"),
        yes_or_no("is_verified", "the account is verified", "the account is not verified"),
        yes_or_no(
            "session_user_is_verified",
            "the session's user has verified the same address or number",
            "the session's user has not verified the same address or number",
        ),
        Fact(
            "link",
            {
                "linked": "the store links them",
                "linked elsewhere": "the account is another primary user's",
                "taken": "a third primary user has something of the two",
                "not primary": "the session's user is no primary one any more",
            },
        ),
    ),
    outcomes={
        "linked": "linked",
        "EMAIL_VERIFICATION_REQUIRED": "refused: `EMAIL_VERIFICATION_REQUIRED`",
        "RECIPE_USER_ID_ALREADY_LINKED_WITH_ANOTHER_PRIMARY_USER_ID_ERROR": (
            "refused: `RECIPE_USER_ID_ALREADY_LINKED_WITH_ANOTHER_PRIMARY_USER_ID_ERROR`"
        ),
        "ACCOUNT_INFO_ALREADY_ASSOCIATED_WITH_ANOTHER_PRIMARY_USER_ID_ERROR": (
            "refused: `ACCOUNT_INFO_ALREADY_ASSOCIATED_WITH_ANOTHER_PRIMARY_USER_ID_ERROR`"
        ),
        "SESSION_USER_ACCOUNT_INFO_ALREADY_ASSOCIATED_WITH_ANOTHER_PRIMARY_USER_ID_ERROR": (
            "refused: `SESSION_USER_ACCOUNT_INFO_ALREADY_ASSOCIATED_WITH_ANOTHER_PRIMARY_USER_ID_ERROR`"
        ),
        "again": "all of it again",
    },
    rows=(
        row("EMAIL_VERIFICATION_REQUIRED", callback=IF_VERIFIED, is_verified=False, session_user_is_verified=False),
        row("linked", link="linked"),
        row("RECIPE_USER_ID_ALREADY_LINKED_WITH_ANOTHER_PRIMARY_USER_ID_ERROR", link="linked elsewhere"),
        row("ACCOUNT_INFO_ALREADY_ASSOCIATED_WITH_ANOTHER_PRIMARY_USER_ID_ERROR", link="taken"),
        row("again"),
    ),
)
"""Where the callback said no, it is not asked: the account is that of a first factor, or the request a bad one."""

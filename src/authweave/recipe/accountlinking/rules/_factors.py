"""Is somebody who signs in a first factor, or is the account to be the session user's (accounts contract, 2.2)?"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from authweave.extending.tables import Fact, Table, row, yes_or_no

from ._facts import IF_VERIFIED, NO, callback

AuthKind: TypeAlias = Literal[
    "first factor",
    "linked already",
    "second factor",
    "unauthorised",
    "no callback",
    "refused",
    "verify first",
    "taken",
]

AUTH_TYPE: Final[Table[AuthKind]] = Table(
    title="Is an account to be the session user's?",
    facts=(
        yes_or_no("has_session", "the request has a session", "the request has no session"),
        Fact(
            "flag",
            {
                "true": "`shouldTryLinkingWithSessionUser` is true",
                "false": "`shouldTryLinkingWithSessionUser` is false",
                "none": "the client is an older one, which says nothing of linking",
            },
        ),
        yes_or_no("has_callback", "the application has a callback", "the application has no callback"),
        yes_or_no("asks_for_several", "the application asks for several factors", "the application asks for one"),
        yes_or_no(
            "is_session_users",
            "who signs in is the session's user",
            "who signs in is somebody else, or new",
        ),
        Fact(
            "session_user",
            {
                "a primary user": "the session's user is a primary one",
                "no primary user": "the session's user is no primary one",
                "unknown": "the session's user is gone, or disabled",
            },
        ),
        callback("the session's user and nobody", "callback_of_session_user", "callback for the session's user"),
        yes_or_no(
            "session_user_is_verified", "the session's user has verified it", "the session's user has not verified it"
        ),
        Fact(
            "made_primary",
            {
                "made": "the session's user becomes a primary one",
                "taken": "another primary user has what the session's user has",
                "linked elsewhere": "the session's user was linked to another one meanwhile",
            },
        ),
        callback("the account and the session's user"),
    ),
    outcomes={
        "first factor": "a first factor",
        "linked already": "the session user's already",
        "second factor": "to be linked to the session's user",
        "unauthorised": "refused: 401, and the client forgets its tokens",
        "no callback": "refused: 400",
        "refused": "refused: 400",
        "verify first": "refused: 403, `st-ev`; the new access token says false",
        "taken": "refused: `SESSION_USER_ACCOUNT_INFO_ALREADY_ASSOCIATED_WITH_ANOTHER_PRIMARY_USER_ID_ERROR`",
    },
    rows=(
        row("unauthorised", has_session=False, flag="true"),
        row("first factor", has_session=False),
        row("first factor", flag="false"),
        row("no callback", has_callback=False, flag="true"),
        row("no callback", has_callback=False, asks_for_several=True),
        row("first factor", has_callback=False),
        row("linked already", is_session_users=True),
        row("unauthorised", session_user="unknown"),
        row("refused", session_user="no primary user", callback_of_session_user=NO, flag="true"),
        row("first factor", session_user="no primary user", callback_of_session_user=NO),
        row(
            "verify first",
            session_user="no primary user",
            callback_of_session_user=IF_VERIFIED,
            session_user_is_verified=False,
        ),
        row("taken", session_user="no primary user", made_primary="taken"),
        row("unauthorised", session_user="no primary user", made_primary="linked elsewhere"),
        row("refused", callback=NO, flag="true"),
        row("first factor", callback=NO),
        row("second factor"),
    ),
)
"""Before anything is checked or made that belongs to the recipe."""

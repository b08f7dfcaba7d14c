"""To whom a link to reset a password is sent, and what it does (accounts contract, 4.1 and 4.2)."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from authweave.extending.tables import Fact, Table, row, yes_or_no

from ._facts import IF_VERIFIED, LINK, NO, callback

Candidate: TypeAlias = Literal["the primary user", "the oldest user", "nobody"]
ResetMail: TypeAlias = Literal["own", "of candidate", "new", "none", "not allowed"]
Reset: TypeAlias = Literal["field error", "invalid token", "set and link", "set", "create and link"]

HAS_MORE: Final = yes_or_no(
    "has_more",
    "he has another address, a number, or another login method, in whatever tenant, that has not verified it",
    "he has nothing else that is not verified",
)
"""Of SuperTokens's the last is ours: whose login method that is, the address does not say."""

RESET_CANDIDATE: Final[Table[Candidate]] = Table(
    title="Whose account is a password reset for?",
    facts=(
        Fact(
            "users",
            {
                "a primary user": "a primary user of the tenant has the address",
                "his own": "one user alone has it, no primary one, whose first login method is that with the password",
                "somebody": "others have it, no primary user among them",
                "nobody": "nobody has it",
            },
        ),
        callback("the oldest of them and nobody"),
        yes_or_no("is_verified", "the oldest has verified it", "the oldest has not verified it"),
    ),
    outcomes={
        "the primary user": "the primary user's",
        "the oldest user": "the oldest user's",
        "nobody": "nobody's but that of the login method itself",
    },
    rows=(
        row("the primary user", users="a primary user"),
        row("nobody", users=("his own", "nobody")),
        row("the oldest user", callback=LINK),
        row("the oldest user", callback=IF_VERIFIED, is_verified=True),
        row("nobody"),
    ),
)

RESET_MAIL: Final[Table[ResetMail]] = Table(
    title="Which mail is sent?",
    facts=(
        yes_or_no("candidate", "the table above names a user", "the table above names nobody"),
        yes_or_no("method", "somebody signs in with a password and the address", "nobody signs in with a password"),
        yes_or_no("is_verified", "that user has verified the address", "that user has not verified the address"),
        HAS_MORE,
        yes_or_no("is_method_his", "the login method with the password is his", "it is not his"),
        callback("the login method with the password, or a new one, and that user"),
        yes_or_no(
            "sign_up_allowed",
            "an account with the address, verified, may be made",
            "no account with the address may be made",
        ),
    ),
    outcomes={
        "own": "a link for the login method, alone",
        "of candidate": "a link for the login method, which then is that user's",
        "new": "a link for that user, which makes a login method with a password",
        "none": "none, and the answer is the same",
        "not allowed": "none: `PASSWORD_RESET_NOT_ALLOWED`, `ERR_CODE_001`",
    },
    rows=(
        row("own", candidate=False, method=True),
        row("none", candidate=False),
        row("not allowed", is_verified=False, has_more=True),
        row("of candidate", method=True, is_method_his=True),
        row("none", method=False, callback=NO),
        row("new", method=False, sign_up_allowed=True),
        row("none", method=False),
        row("own", callback=NO),
        row("of candidate"),
    ),
)

RESET: Final[Table[Reset]] = Table(
    title="What does the link do?",
    facts=(
        yes_or_no("form_is_good", "the new password will do", "the new password will not do"),
        yes_or_no("token_is_good", "the token is good", "the token is unknown, used or too old"),
        yes_or_no("user", "its user is there", "its user is gone"),
        yes_or_no(
            "method",
            "it is for a login method with a password, which the user has",
            "it is for a user without such a login method",
        ),
        yes_or_no("is_primary", "the user is a primary one", "the user is no primary one"),
        yes_or_no("is_verified", "he has verified the address there", "he has not verified the address there"),
        HAS_MORE,
    ),
    outcomes={
        "field error": "`FIELD_ERROR`; the token stays good",
        "invalid token": "`RESET_PASSWORD_INVALID_TOKEN_ERROR`",
        "set and link": "the password is set, the address verified, and the user linked as above",
        "set": "the password is set, and the address verified",
        "create and link": "a login method with the password is made, verified, and linked as above",
    },
    rows=(
        row("field error", form_is_good=False),
        row("invalid token", token_is_good=False),
        row("invalid token", user=False),
        row("set and link", method=True, is_primary=False),
        row("invalid token", method=True, is_verified=False, has_more=True),
        row("set", method=True),
        row("create and link"),
    ),
)

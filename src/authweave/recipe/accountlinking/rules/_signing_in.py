"""Whether an account may be made, and somebody sign in (accounts contract, 3.4 and 3.5)."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from authweave.extending.tables import Fact, Table, row, yes_or_no

from ._facts import IF_VERIFIED, LINK, NO, callback

Allowed: TypeAlias = Literal["allowed", "refused"]

OUTCOMES: Final[dict[Allowed, str]] = {"allowed": "allowed", "refused": "refused"}

USERS: Final = (
    Fact(
        "users",
        {
            "nobody": "nobody in the tenant has the address, number or provider's id",
            "no primary user": "somebody has it, but no primary user",
            "a primary user": "a primary user has it",
        },
    ),
    callback("the account and that primary user, or nobody where there is none"),
    yes_or_no(
        "others_are_verified",
        "everybody who has it, but the session's user, has it in the first login method, verified",
        "somebody has not verified it",
    ),
)

OF_NEW: Final = (
    yes_or_no("is_verified", "the new account is verified", "the new account is not verified"),
    yes_or_no("is_of_session", "the session is that primary user's", "the session is not that primary user's"),
    yes_or_no(
        "primary_is_verified",
        "the primary user has verified the address or number",
        "the primary user has not verified the address or number",
    ),
)

IS_SIGN_UP_ALLOWED: Final[Table[Allowed]] = Table(
    title="May an account be made?",
    facts=(*USERS, *OF_NEW),
    outcomes=OUTCOMES,
    rows=(
        row("allowed", users="nobody"),
        row("allowed", callback=NO),
        row("allowed", callback=LINK),
        row("refused", users="a primary user", callback=IF_VERIFIED, is_verified=False),
        row("allowed", users="a primary user", callback=IF_VERIFIED, is_of_session=True),
        row("allowed", users="a primary user", callback=IF_VERIFIED, primary_is_verified=True),
        row("refused", users="a primary user", callback=IF_VERIFIED),
        row("allowed", callback=IF_VERIFIED, others_are_verified=True),
        row("refused", callback=IF_VERIFIED),
    ),
)
"""In the last rows nobody is primary: whether the new account is verified does not matter there."""

IS_SIGN_IN_ALLOWED: Final[Table[Allowed]] = Table(
    title="May somebody sign in?",
    facts=(
        yes_or_no("is_primary", "the user is a primary one", "the user is no primary one"),
        yes_or_no("first_is_verified", "the first login method is verified", "the first login method is not verified"),
        yes_or_no("sign_in_verifies", "the sign-in itself verifies it", "the sign-in does not verify it"),
        yes_or_no("is_alone", "nobody else has the address, number or provider's id", "others have it too"),
        *USERS,
    ),
    outcomes=OUTCOMES,
    rows=(
        row("allowed", is_primary=True),
        row("allowed", first_is_verified=True),
        row("allowed", sign_in_verifies=True),
        row("allowed", is_alone=True),
        # From here as for a new account, of one that is not verified and is itself among those who have it.
        row("allowed", callback=NO),
        row("allowed", callback=LINK),
        row("refused", users="a primary user", callback=IF_VERIFIED),
        row("allowed", callback=IF_VERIFIED, others_are_verified=True),
        row("refused", callback=IF_VERIFIED),
    ),
)

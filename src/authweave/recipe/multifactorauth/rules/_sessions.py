"""Which factors were shown in a session (accounts contract, 10.4)?"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from authweave.extending.tables import Table, row, yes_or_no

Shown: TypeAlias = Literal["as it says", "the new one", "guessed", "unauthorised"]

SHOWN: Final[Table[Shown]] = Table(
    title="Which factors were shown in a session?",
    facts=(
        yes_or_no("has_claim", "the session has the claim", "the session has no claim"),
        yes_or_no("is_marked", "a factor is shown now", "none is shown now"),
        yes_or_no("is_new", "the session was made in this request", "the session is older"),
        yes_or_no(
            "has_guess",
            "its login method is of a factor that is a first one in the tenant",
            "its login method is of no factor that is a first one in the tenant",
        ),
    ),
    outcomes={
        "as it says": "those that `c` names, and what is shown now",
        "the new one": "what is shown now",
        "guessed": "the first factor of its login method, at the time when the session was made; and what is shown now",
        "unauthorised": "refused: 401, and the client forgets its tokens",
    },
    rows=(
        row("as it says", has_claim=True),
        row("the new one", is_marked=True, is_new=True),
        row("guessed", has_guess=True),
        row("unauthorised"),
    ),
)
"""A session without the claim is one that the application made by itself, or one of before the recipe was there."""

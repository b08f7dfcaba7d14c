"""Will the factor do that somebody shows (accounts contract, 2.3)?"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from authweave.extending.tables import Fact, Table, row, yes_or_no

FactorCheck: TypeAlias = Literal["will do", "unauthorised", "bad input", "forbidden"]

FACTOR_CHECK: Final[Table[FactorCheck]] = Table(
    title="Will the factor do?",
    facts=(
        Fact(
            "kind",
            {
                "first": "it is a first factor",
                "linked": "it is the session user's already",
                "new": "it is to be linked to the session's user",
            },
        ),
        yes_or_no("is_first", "the tenant has it as a first one", "the tenant does not have it as a first one"),
        yes_or_no("has_session", "the request has a session", "the request has no session"),
        yes_or_no("asks_for_several", "the application asks for several factors", "the application asks for one"),
        yes_or_no("may_set_up", "the user may set it up now", "the user may not set it up now"),
    ),
    outcomes={
        "will do": "it will do",
        "unauthorised": "refused: 401, and the client forgets its tokens",
        "bad input": "refused: 400",
        "forbidden": "refused: 403, `st-mfa`",
    },
    rows=(
        row("will do", kind="first", is_first=True),
        row("unauthorised", kind="first", has_session=False),
        row("bad input", kind="first"),
        row("will do", kind="linked"),
        row("will do", asks_for_several=False),
        row("will do", may_set_up=True),
        row("forbidden"),
    ),
)
"""Of several factors that a recipe has, each by itself: one that will do is enough."""

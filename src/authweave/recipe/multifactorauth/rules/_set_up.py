"""May the user of a session set up a factor now (accounts contract, 10.5)?"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from authweave.extending.tables import Fact, Table, row, yes_or_no

MaySetUp: TypeAlias = Literal["allowed", "show first", "not next"]

MAY_SET_UP: Final[Table[MaySetUp]] = Table(
    title="May a factor be set up?",
    facts=(
        yes_or_no("is_complete", "`v` of the session is true", "`v` of the session is false"),
        yes_or_no(
            "has_one_of_next",
            "the user has set up one of the factors that come next",
            "the user has set up none of the factors that come next",
        ),
        Fact(
            "next",
            {
                "it": "the factor comes next",
                "others": "others come next",
                "nothing": "nothing comes next",
            },
        ),
    ),
    outcomes={
        "allowed": "yes",
        "show first": "no: 403, *Completed factors in the session does not satisfy the MFA requirements for auth*",
        "not next": "no: 403, *Not allowed to setup factor that is not in the next set of unsatisfied factors*",
    },
    rows=(
        row("allowed", is_complete=True),
        row("show first", has_one_of_next=True),
        row("not next", next="others"),
        row("allowed"),
    ),
)
"""So nobody who knows the first factor alone sets up a second one in place of that which the user has."""

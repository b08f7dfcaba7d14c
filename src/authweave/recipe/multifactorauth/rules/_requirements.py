"""Is a requirement satisfied by the factors that were shown in a session (accounts contract, 10.2)?"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from authweave.extending.tables import Fact, Table, row

Satisfied: TypeAlias = Literal["satisfied", "all of it", "what is missing"]

REQUIREMENT: Final[Table[Satisfied]] = Table(
    title="Is a requirement satisfied?",
    facts=(
        Fact(
            "kind",
            {
                "factor": "it is a factor",
                "oneOf": "it is `oneOf`",
                "allOfInAnyOrder": "it is `allOfInAnyOrder`",
            },
        ),
        Fact(
            "shown",
            {"none": "none of it was shown", "some": "some of it was shown", "all": "all of it was shown"},
            "Of an empty list, all was shown",
        ),
    ),
    outcomes={
        "satisfied": "satisfied",
        "all of it": "not satisfied: what it names comes next",
        "what is missing": "not satisfied: what is missing of it comes next",
    },
    rows=(
        row("satisfied", shown="all"),
        row("satisfied", kind="oneOf", shown="some"),
        row("what is missing", kind="allOfInAnyOrder"),
        row("all of it"),
    ),
)
"""Of a list, the first that is not satisfied is the one that counts."""

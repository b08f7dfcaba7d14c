"""
The tables of the accounts contract, every combination, through the public functions and the HTTP APIs.

What is expected is written down apart from the library's own tables (`expected`). ``nox -s tables`` runs all of them on
both databases, in two processes, and prints the counts; elsewhere it is a sample: each so many-th, another one in each
table.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from itertools import islice
from typing import Final

import pytest

from tests.property.account_world import World

from . import account_cases, reset_cases, sign_in_cases

TABLES = {**account_cases.TABLES, **sign_in_cases.TABLES, **reset_cases.TABLES}
SAMPLE: Final = 12
"""Without AUTHWEAVE_TABLES=all, how many of each table run on a database."""

WHOLE: Final = os.environ.get("AUTHWEAVE_TABLES") == "all"
SHARE: Final = 1000
"""How many of a table one test takes where all are run."""


def shares() -> Iterator[tuple[str, int]]:
    """Return the tables, each in as many shares as it needs."""
    for name, cases in TABLES.items():
        count = -(-sum(1 for _ in cases()) // SHARE) if WHOLE else 1
        yield from ((name, number) for number in range(count))


@pytest.mark.parametrize(("name", "share"), list(shares()))
def test_every_combination(world: World, name: str, share: int) -> None:
    """Each combination comes out as the contract has it."""
    cases = list(TABLES[name]())
    chosen = cases[share * SHARE :][:SHARE] if WHOLE else cases[:: max(len(cases) // SAMPLE, 1)]
    logging.getLogger("authweave").setLevel(logging.CRITICAL)
    wrong: list[str] = []
    for number, case in enumerate(chosen):
        wanted, found = case(world)
        if wanted != found:
            wrong.append(f"{share * SHARE + number}: {wanted} by the contract, and it is {found}")
    print(f"\n{name}: {len(chosen):,} of {len(cases):,} combinations")  # noqa: T201  for nox
    assert not wrong, f"{len(wrong)} of {len(chosen)}:\n" + "\n".join(islice(wrong, 20))

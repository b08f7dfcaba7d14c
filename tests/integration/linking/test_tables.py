"""
The tables of the accounts contract, every combination, through the public functions and the HTTP APIs.

What is expected is written down apart from the library's own tables (`expected`). ``nox -s tables`` runs all of them on
both databases and prints the counts; elsewhere it is a sample: each so many-th, another one in each table.
"""

from __future__ import annotations

import logging
import os
from collections import Counter
from itertools import islice

import pytest

from tests.property.account_world import World

from . import account_cases, reset_cases, sign_in_cases

TABLES = {**account_cases.TABLES, **sign_in_cases.TABLES, **reset_cases.TABLES}
SAMPLE = 12
"""Without AUTHWEAVE_TABLES=all, how many of each table run on a database."""


@pytest.mark.parametrize("name", TABLES)
def test_every_combination(world: World, name: str) -> None:
    """Each combination comes out as the contract has it."""
    cases = list(TABLES[name]())
    chosen = cases if os.environ.get("AUTHWEAVE_TABLES") == "all" else cases[:: max(len(cases) // SAMPLE, 1)]
    logging.getLogger("authweave").setLevel(logging.CRITICAL)
    outcomes: Counter[str] = Counter()
    wrong: list[str] = []
    for number, case in enumerate(chosen):
        wanted, found = case(world)
        outcomes[str(wanted)[:60]] += 1
        if wanted != found:
            wrong.append(f"{number}: {wanted} by the contract, and it is {found}")
    print(f"\n{name}: {len(chosen):,} of {len(cases):,} combinations")  # noqa: T201  for nox
    assert not wrong, f"{len(wrong)} of {len(chosen)}:\n" + "\n".join(islice(wrong, 20))

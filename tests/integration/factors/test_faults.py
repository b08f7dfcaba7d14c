"""Faults that are planted in the rules, one after the other: each makes a combination end as it must not."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import closing, contextmanager
from itertools import islice
from typing import Final, cast

import pytest

from authweave.extending.tables import Row, Table
from authweave.recipe.multifactorauth.rules import MAY_SET_UP, REQUIREMENT, SHOWN

from .cases import every_case
from .expected import expected
from .world import World

EACH: Final = 211
TABLES: Final = {"REQUIREMENT": REQUIREMENT, "MAY_SET_UP": MAY_SET_UP, "SHOWN": SHOWN}


@contextmanager
def with_rows(table: Table[str], rows: tuple[Row[str], ...]) -> Generator[None]:
    """Give a table other rows, for a block."""
    before = table.rows
    object.__setattr__(table, "rows", rows)
    try:
        yield
    finally:
        object.__setattr__(table, "rows", before)


SAME: Final = {("REQUIREMENT", 3, "what is missing"), ("SHOWN", 1, "as it says")}
"""What is no fault to a session: of what nothing was shown, all is missing; and what a session says is nothing."""

FAULTS: Final = [
    (name, number, outcome)
    for name, table in TABLES.items()
    for number, row in enumerate(table.rows)
    for outcome in table.outcomes
    if outcome != row.then and (name, number, outcome) not in SAME
]


@pytest.fixture(scope="module")
def world() -> Generator[World]:
    """Make an application that names no first factors."""
    with closing(World("nothing said")) as made:
        yield made


@pytest.mark.parametrize(("name", "number", "outcome"), FAULTS if "AUTHWEAVE_FACTORS" in os.environ else FAULTS[::9])
def test_a_fault_is_found(world: World, name: str, number: int, outcome: str) -> None:
    """A row that decides something else is seen by one combination at least."""
    table = cast("Table[str]", TABLES[name])  # of whichever outcomes
    rows = [*table.rows]
    rows[number] = Row(outcome, rows[number].when)
    with with_rows(table, tuple(rows)):
        for case in islice(every_case(world.of_application), 0, None, EACH):
            try:
                found = world.outcome(case)
            except Exception:  # noqa: BLE001  a fault may also break what follows
                return
            if found != expected(case):
                return
    pytest.fail(f"row {number + 1} of {name} may say {outcome!r}, and nobody sees it")

"""
The tables of the accounts contract, every combination, through the public functions and the HTTP APIs.

What is expected is written down apart from the library's own tables (`expected`). ``nox -s tables`` runs all of them on
both databases, in two processes, and prints the counts; elsewhere it is a sample: each so many-th, another one in each
table.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final, TypeAlias

import pytest

from tests.property.account_world import World

from . import account_cases, client_cases, reset_cases, sign_in_cases
from .account_cases import Case

Tables: TypeAlias = Mapping[str, Callable[[], Iterator[Case]]]

TABLES: Final[Tables] = {
    **account_cases.TABLES,
    **sign_in_cases.TABLES,
    **client_cases.TABLES,
    **reset_cases.TABLES,
}
SAMPLE: Final = 12
"""Without AUTHWEAVE_TABLES=all, how many of each table run on a database."""

WHOLE: Final = os.environ.get("AUTHWEAVE_TABLES") == "all"
SHARE: Final = 1000
"""How many of a table one test takes where all are run."""


def shares(tables: Tables) -> Iterator[tuple[str, int]]:
    """Return tables, each in as many shares as it needs."""
    for name, cases in tables.items():
        count = -(-sum(1 for _ in cases()) // SHARE) if WHOLE else 1
        yield from ((name, number) for number in range(count))


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Keep thousands of refusals out of the log."""
    logger = logging.getLogger("authweave")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    yield
    logger.setLevel(before)


@pytest.mark.parametrize(("name", "share"), list(shares(TABLES)))
def test_every_combination(world: World, name: str, share: int) -> None:
    """Each combination comes out as the contract has it."""
    go_through(world, name, list(TABLES[name]()), share)


@pytest.mark.parametrize(("name", "share"), list(shares(client_cases.WITHOUT_CALLBACK)))
def test_every_combination_without_a_callback(without_callback: World, name: str, share: int) -> None:
    """The same, for an application that does not say whom to link."""
    go_through(without_callback, name, list(client_cases.WITHOUT_CALLBACK[name]()), share)


def go_through(world: World, name: str, cases: Sequence[Case], share: int) -> None:
    """Check a share of a table; without AUTHWEAVE_TABLES=all, a sample."""
    chosen = cases[share * SHARE :][:SHARE] if WHOLE else cases[:: max(len(cases) // SAMPLE, 1)]
    wrong: list[str] = []
    for number, case in enumerate(chosen):
        wanted, found = case(world)
        if wanted != found:
            wrong.append(f"{share * SHARE + number}: {wanted} by the contract, and it is {found}")
    print(f"\n{name}: {len(chosen):,} of {len(cases):,} combinations")  # noqa: T201  for nox
    assert not wrong, f"{len(wrong)} of {len(chosen)}:\n" + "\n".join(islice(wrong, 20))

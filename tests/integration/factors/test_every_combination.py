"""No session reaches a route that the rules do not let through: every combination, against the contract's own words."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from typing import Final

import pytest

from .cases import NAMED_BY, every_case
from .expected import expected
from .world import World

EACH: Final = int(os.environ.get("AUTHWEAVE_FACTORS", "601"))
"""Of so many combinations one is tried. It is a prime, so that every value of everything is among them."""


@pytest.fixture(params=NAMED_BY)
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """Make an application for each list of first factors that one may name."""
    with closing(World(str(request.param))) as made:
        yield made


def test_every_combination(world: World) -> None:
    """Each ends as the contract says: who signs in, what each step answers, what routes let through, what is set up."""
    tried, passed, wrong = 0, 0, list[object]()
    for case in islice(every_case(world.of_application), 0, None, EACH):
        outcome, should = world.outcome(case), expected(case)
        tried += 1
        passed += outcome.routes[0] == 200
        if outcome != should:
            wrong.append((case, outcome, should))
            assert len(wrong) < 5, wrong
    print(f"{world.of_application}: {tried} combinations, {passed} reach the protected route")  # noqa: T201  to be seen
    assert not wrong
    assert 0 < passed < tried

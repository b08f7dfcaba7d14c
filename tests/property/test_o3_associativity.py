"""Law O3: composing in two steps equals composing in one."""

import asyncio
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authweave.kernel import compose, explain
from tests.property.model import predicted
from tests.property.programs import Call, Machine, MachineImplementation, Spec, built, run
from tests.property.strategies import SETTINGS, calls, stacks

pytestmark = pytest.mark.property


@given(stacks(), st.lists(st.integers(0, 5), max_size=3).map(sorted), calls())
@SETTINGS
def test_steps_make_no_difference(stack: tuple[Spec, ...], cuts: list[int], call: Call) -> None:
    """However a list of overrides is cut into steps, the inner ones first, the object is the same."""
    base: Machine = MachineImplementation()
    overrides = [built(spec) for spec in stack]
    at_once = compose(base, overrides)
    in_steps = base
    bounds = [0, *cuts, len(overrides)]
    for start, end in reversed(list(pairwise(bounds))):
        in_steps = compose(in_steps, overrides[start : max(start, end)])
    assert explain(in_steps) == explain(at_once)
    assert asyncio.run(run(in_steps, call)) == asyncio.run(run(at_once, call)) == predicted(stack, call)


@given(stacks(max_size=3), calls())
@SETTINGS
def test_nothing_is_the_neutral_element(stack: tuple[Spec, ...], call: Call) -> None:
    """Composing a composed object with no overrides gives one that does the same."""
    base: Machine = MachineImplementation()
    once = compose(base, [built(spec) for spec in stack])
    assert asyncio.run(run(compose(compose(once)), call)) == asyncio.run(run(once, call))

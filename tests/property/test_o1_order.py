"""Law O1: overrides run in list order, bent by `before` and `after`; ties keep the order of the list."""

import asyncio
from itertools import pairwise, permutations
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authweave.kernel import CompositionError, Override, compose, explain, overriding
from tests.property.model import predicted
from tests.property.programs import Call, Machine, MachineImplementation, Spec, built, machine, run
from tests.property.strategies import SETTINGS, calls, stacks

pytestmark = pytest.mark.property

Edge: TypeAlias = tuple[int, int]
"""The first stands outside of the second."""


@st.composite
def constraints(draw: st.DrawFn, count: int) -> tuple[list[set[int]], list[set[int]]]:
    """Draw for each override which others it is `before`, and which it is `after`."""
    others = [
        st.sets(st.sampled_from([i for i in range(count) if i != each] or [-1]), max_size=2) for each in range(count)
    ]
    before = [draw(other) - {-1} if draw(st.booleans()) else set[int]() for other in others]
    after = [draw(other) - {-1} if draw(st.booleans()) else set[int]() for other in others]
    return before, after


def constrained(index: int, before: set[int], after: set[int]) -> Override[Machine]:
    """Make a named override with constraints on others."""
    made = built(Spec(f"layer{index}", "third"))
    assert isinstance(made, Override)
    return made.replaced(before=tuple(f"layer{each}" for each in before), after=tuple(f"layer{each}" for each in after))


@given(st.data(), st.integers(1, 5))
@SETTINGS
def test_constraints_are_honoured_and_ties_keep_the_order(data: st.DataObject, count: int) -> None:
    """Of all orders that the constraints allow it is the first in the list's order; where there is none, a cycle."""
    before, after = data.draw(constraints(count))
    edges = {(one, other) for one in range(count) for other in before[one]}
    edges |= {(other, one) for one in range(count) for other in after[one]}
    allowed = [order for order in permutations(range(count)) if all(order.index(i) < order.index(j) for i, j in edges)]
    base: Machine = MachineImplementation()
    overrides = [constrained(each, before[each], after[each]) for each in range(count)]
    if not allowed:
        with pytest.raises(CompositionError) as caught:
            compose(base, overrides)
        (fault,) = caught.value.faults
        check_cycle(fault.message, edges)
        return
    composed = compose(base, overrides)
    chain = next(each for each in explain(composed) if each.name == "third")
    assert [layer.name for layer in chain.layers] == [f"layer{each}" for each in allowed[0]]


def check_cycle(message: str, edges: set[Edge]) -> None:
    """Check that a message names overrides that do contradict each other."""
    named = message.removeprefix("overrides contradict each other: ").removesuffix(".")
    cycle = [int(name.strip("'").removeprefix("layer")) for name in named.split(" before ")]
    assert cycle[0] == cycle[-1]
    assert len(cycle) > 1
    assert set(pairwise(cycle)) <= edges


@given(stacks(calling=False), stacks(calling=False, prefix="scoped", max_size=3), calls())
@SETTINGS
def test_a_scoped_override_is_outermost(stack: tuple[Spec, ...], scoped: tuple[Spec, ...], call: Call) -> None:
    """A program in a block with overrides runs as if they stood first in the list."""
    app = machine(stack)
    with overriding(app, [built(spec) for spec in scoped]):
        assert asyncio.run(run(app, call)) == predicted((*scoped, *stack), call)
    assert asyncio.run(run(app, call)) == predicted(stack, call)

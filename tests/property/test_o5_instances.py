"""Law O5: applications share no overrides, and composing changes neither its inputs nor the base."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authweave.kernel import UserContext, compose
from tests.property.model import descend, predicted
from tests.property.programs import (
    NAMES,
    Call,
    Machine,
    MachineImplementation,
    Outcome,
    PlannedError,
    Spec,
    World,
    built,
    run,
)
from tests.property.strategies import SETTINGS, calls, stacks

pytestmark = pytest.mark.property


@given(st.lists(stacks(max_size=3), min_size=2, max_size=4), calls(depth=1))
@SETTINGS
def test_applications_of_one_base_share_nothing(all_stacks: list[tuple[Spec, ...]], call: Call) -> None:
    """Objects composed of one base, and of shared override objects, each run their own overrides only."""
    base: Machine = MachineImplementation()
    shared = {spec: built(spec) for stack in all_stacks for spec in stack}
    apps = [compose(base, [shared[spec] for spec in stack]) for stack in all_stacks]
    for stack, app in [*zip(all_stacks, apps, strict=True), *zip(all_stacks, apps, strict=True)]:
        assert asyncio.run(run(app, call)) == predicted(stack, call)


@given(stacks())
@SETTINGS
def test_composing_changes_nothing_that_it_is_given(stack: tuple[Spec, ...]) -> None:
    """The base, its class and the list of overrides are afterwards what they were."""
    base: Machine = MachineImplementation()
    overrides = [built(spec) for spec in stack]
    compose(base, [])  # the first time, a class is noted to declare its functions well
    before = dict(vars(base)), dict(vars(MachineImplementation)), type(base), list(overrides)
    app = compose(base, overrides)
    assert (dict(vars(base)), dict(vars(MachineImplementation)), type(base), overrides) == before
    assert isinstance(app, MachineImplementation)


@given(stacks(), st.integers(0, 5), calls(depth=1))
@SETTINGS
def test_a_handed_object_reads_as_the_layer_below_for_ever(stack: tuple[Spec, ...], cut: int, call: Call) -> None:
    """What a seed-style function was handed gives, after composition, the layers below it; and cannot be changed."""
    handed: list[Machine] = []

    def keeps(original_implementation: Machine) -> Machine:
        handed.append(original_implementation)
        original = getattr(original_implementation, call.function)

        def replaced(*args: object) -> object:
            ran.append(call.function)
            return original(*args)

        setattr(original_implementation, call.function, replaced)
        return original_implementation

    ran: list[str] = []
    base: Machine = MachineImplementation()
    overrides = [built(spec) for spec in stack]
    app = compose(base, [*overrides[:cut], keeps, *overrides[cut:]])
    below = [spec for spec in stack[cut:] if spec.function == call.function]
    reaches_itself = call.children or any(spec.calls for spec in stack)
    for _ in range(2):
        assert asyncio.run(run_on(handed[0], World(app), call)) == expected_below(below, stack, call)
    assert not ran or reaches_itself
    with pytest.raises(AttributeError, match="composed already"):
        setattr(handed[0], call.function, print)


async def run_on(handed: Machine, world: World, call: Call) -> Outcome:
    """Call a function of a handed object; the calls that follow go to the composed one."""
    function = cast("Callable[..., object]", getattr(handed, call.function))  # named by the program
    try:
        result = function(call, world)
        if inspect.isawaitable(result):
            result = await cast("Awaitable[object]", result)  # of unknown type
    except PlannedError as error:
        result = f"!{error}"
    return Outcome(str(result), tuple(world.events))


def expected_below(below: list[Spec], stack: tuple[Spec, ...], call: Call) -> Outcome:
    """Say what a call of the layers below comes to."""
    world = World()
    try:
        result = descend(below, stack, call, world, UserContext())
    except PlannedError as error:
        result = f"!{error}"
    return Outcome(result, tuple(world.events))


@given(st.lists(st.sampled_from(NAMES), min_size=1, max_size=6))
@SETTINGS
def test_reading_gives_the_last_assignment_while_the_function_runs(names: list[str]) -> None:
    """Within a seed-style function an attribute is what was assigned last, else the layer below."""
    last: dict[str, object] = {}

    def seed(original_implementation: Machine) -> Machine:
        below = {name: getattr(original_implementation, name) for name in NAMES}
        for name in names:
            assigned = through(below[name])
            setattr(original_implementation, name, assigned)
            last[name] = assigned
            for other in NAMES:
                assert getattr(original_implementation, other) is last.get(other, below[other])
        return original_implementation

    def through(original: Callable[..., object]) -> Callable[..., object]:
        def called(*args: object) -> object:
            return original(*args)

        return called

    base: Machine = MachineImplementation()
    compose(base, [seed])
    assert set(last) == set(names)

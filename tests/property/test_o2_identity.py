"""Law O2: no overrides, or overrides that only call through, change no result, exception, signature or context."""

import asyncio
import inspect
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authweave.kernel import UserContext
from tests.property.model import predicted
from tests.property.programs import NAMES, Call, MachineImplementation, Outcome, Spec, machine, run
from tests.property.strategies import SETTINGS, calls, pass_through, stacks

pytestmark = pytest.mark.property


def without_layers(outcome: Outcome) -> tuple[tuple[str, str, int, int, tuple[str, ...]], ...]:
    """Return what the implementation saw."""
    return tuple(
        (event.who, event.moment, event.handed, event.current, event.keys)
        for event in outcome.events
        if event.who in NAMES
    )


@given(stacks(), calls())
@SETTINGS
def test_calling_through_changes_nothing(stack: tuple[Spec, ...], call: Call) -> None:
    """Below overrides that only call through, the implementation sees and does what it does without them."""
    through = tuple(pass_through(spec) for spec in stack)
    bare, layered = asyncio.run(run(machine(()), call)), asyncio.run(run(machine(through), call))
    assert without_layers(layered) == without_layers(bare) == without_layers(predicted((), call))
    assert re.sub(r"layer\d+\[|\]", "", layered.result) == bare.result


@given(stacks(max_size=3), st.sampled_from(NAMES))
@SETTINGS
def test_the_signature_stays(stack: tuple[Spec, ...], name: str) -> None:
    """A composed function has the parameters of the interface; only `user_context` may be left out."""
    declared = inspect.signature(getattr(MachineImplementation(), name)).parameters
    composed = inspect.signature(getattr(machine(stack), name)).parameters
    assert list(composed) == list(declared)
    assert [each.kind for each in composed.values()] == [each.kind for each in declared.values()]
    defaults = {each.name: each.default for each in composed.values() if each.default is not each.empty}
    assert defaults == {"user_context": None}


@given(stacks(max_size=3), calls())
@SETTINGS
def test_the_context_that_is_handed_over_is_the_one(stack: tuple[Spec, ...], call: Call) -> None:
    """By identity, and with overrides that only call through nothing is in it that was not written there."""
    through = tuple(pass_through(spec) for spec in stack)
    mine, bare = UserContext(), UserContext()
    asyncio.run(run(machine(through), call, mine))
    asyncio.run(run(machine(()), call, bare))
    assert mine == bare

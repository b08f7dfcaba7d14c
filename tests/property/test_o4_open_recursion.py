"""Law O4: a function that calls another reaches its overrides; overriding one changes none that does not call it."""

import asyncio

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.property.model import predicted
from tests.property.programs import ASYNC, NAMES, Call, Spec, machine, run
from tests.property.strategies import SETTINGS, calls, stacks

pytestmark = pytest.mark.property


def functions_in(call: Call) -> set[str]:
    """Return the functions that a tree of calls may reach by itself."""
    return {call.function}.union(*(functions_in(child) for child in call.children))


def reached(call: Call, stack: tuple[Spec, ...]) -> set[str]:
    """Return the functions that a program may reach, through its overrides too."""
    found = functions_in(call)
    while True:
        more = found.union(*(functions_in(other) for spec in stack if spec.function in found for other in spec.calls))
        if more == found:
            return found
        found = more


@given(stacks(), stacks(prefix="more", max_size=2), calls(depth=1))
@SETTINGS
def test_who_does_not_call_it_does_not_notice(stack: tuple[Spec, ...], more: tuple[Spec, ...], call: Call) -> None:
    """Overriding functions that a program never reaches changes nothing of it."""
    unseen = tuple(spec for spec in more if spec.function not in reached(call, stack))
    assume(unseen)
    assert asyncio.run(run(machine((*unseen, *stack)), call)) == asyncio.run(run(machine(stack), call))


@given(stacks(failing=False, calling=False), st.sampled_from(ASYNC), st.sampled_from(NAMES))
@SETTINGS
def test_who_calls_it_does(stack: tuple[Spec, ...], caller: str, called: str) -> None:
    """The implementation of one function reaches all overrides of another, or of itself."""
    call = Call(caller, children=(Call(called),))
    layers = [spec for spec in stack if spec.function == called and caller != called]
    direct = [event.who for event in asyncio.run(run(machine(stack), Call(called))).events]
    through = [event.who for event in asyncio.run(run(machine(stack), call)).events]
    reaches = any(who == caller for who in through)
    assert not layers or not reaches or "".join(direct) in "".join(through)
    assert asyncio.run(run(machine(stack), call)) == predicted(stack, call)

"""Law C3: a key that a callee sets is seen by its caller afterwards, and by later siblings."""

import asyncio
from itertools import pairwise

import pytest
from hypothesis import example, given

from tests.property.programs import Call, Spec, run_both
from tests.property.strategies import IMPLICIT, SETTINGS, calls, stacks

pytestmark = [pytest.mark.property, pytest.mark.usefixtures("unwatched")]


@given(stacks(handings=IMPLICIT), calls(handings=IMPLICIT))
@SETTINGS
def test_no_write_is_lost(stack: tuple[Spec, ...], call: Call) -> None:
    """Under one root call the set of keys that functions see only grows, whoever looks."""
    seen = [set(event.keys) for event in asyncio.run(run_both(stack, call)).events]
    assert all(earlier <= later for earlier, later in pairwise(seen))


@given(stacks(handings=IMPLICIT, failing=False), calls(handings=IMPLICIT, failing=False))
@example(  # the documents' own: the override of sign_up writes after its original, create_new_session reads
    (Spec("sign_up", "second", writes="a"),), Call("first", children=(Call("second"), Call("third")))
)
@SETTINGS
def test_what_was_written_is_seen_at_the_end(stack: tuple[Spec, ...], call: Call) -> None:
    """The outermost function sees at its end what every function that ran had written."""
    events = asyncio.run(run_both(stack, call)).events
    writers = {spec.name: spec.writes for spec in stack}
    ran = {event.who for event in events if event.moment == "leave"}
    written = {key for who, key in writers.items() if who in ran and key is not None}
    assert written <= set(events[-1].keys)


@given(stacks(handings=IMPLICIT), calls(handings=("new",)))
@SETTINGS
def test_a_new_context_starts_empty(stack: tuple[Spec, ...], call: Call) -> None:
    """What is written in one context is not seen in another."""
    events = asyncio.run(run_both(stack, call)).events
    first_look = {event.handed: event for event in reversed(events)}
    assert all(event.keys == () for event in first_look.values())

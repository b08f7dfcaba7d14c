"""Law C1: a function that is not handed a context receives the same object as its caller had."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authweave.kernel import UserContext
from tests.property.model import predicted
from tests.property.programs import Call, Spec, run_both
from tests.property.strategies import IMPLICIT, SETTINGS, calls, stacks

pytestmark = [pytest.mark.property, pytest.mark.usefixtures("unwatched")]


@given(stacks(handings=IMPLICIT), calls(handings=IMPLICIT), st.booleans())
@SETTINGS
def test_one_object_below_a_root_call(stack: tuple[Spec, ...], call: Call, explicit: bool) -> None:
    """All functions of a program that hands nothing over see one object, as parameter and as current context."""
    mine = UserContext if explicit else None
    outcome = asyncio.run(run_both(stack, call, mine))
    assert {(event.handed, event.current) for event in outcome.events} <= {(0, 0)}
    assert outcome == predicted(stack, call, mine and mine())


@given(stacks(handings=("own",)), calls(handings=("own", "left out")))
@SETTINGS
def test_handing_on_is_the_same_as_leaving_out(stack: tuple[Spec, ...], call: Call) -> None:
    """Handing one's own context on makes no difference."""
    outcome = asyncio.run(run_both(stack, call))
    assert {(event.handed, event.current) for event in outcome.events} <= {(0, 0)}

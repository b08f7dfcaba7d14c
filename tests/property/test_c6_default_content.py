"""Law C6: `_default` is there exactly when whoever opened the root call put it there."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authweave.kernel import UserContext, current_context, forked_context, root_context
from tests.property.programs import Call, Spec, World, machine, run_in
from tests.property.strategies import IMPLICIT, SETTINGS, calls, stacks

pytestmark = pytest.mark.property


@given(stacks(handings=IMPLICIT), calls(handings=IMPLICIT), st.none() | st.dictionaries(st.text(), st.integers()))
@SETTINGS
def test_all_functions_see_what_the_root_was_given(
    stack: tuple[Spec, ...], call: Call, content: dict[str, int] | None
) -> None:
    """Below a root context every function sees its `_default`, by identity, or none where none was given."""

    async def main() -> None:
        given_context = UserContext() if content is None else UserContext(_default=content)
        with root_context(given_context) as root:
            assert root is given_context
            world = World(machine(stack))
            outcome = await run_in(world, call)
            assert all(("_default" in event.keys) == (content is not None) for event in outcome.events)
            assert all(context is root for context in world.contexts)
            with forked_context() as copy:
                assert copy.get("_default") is content

    asyncio.run(main())


@given(st.dictionaries(st.text(), st.integers()))
@SETTINGS
def test_a_root_inside_a_root_has_none_of_it(content: dict[str, int]) -> None:
    """A root context that is opened inside another starts empty, and the other is current again afterwards."""
    with root_context(UserContext(_default=content)) as outer:
        with root_context():
            assert current_context() == {}
        assert current_context() is outer

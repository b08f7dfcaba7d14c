"""Law C2: a context that is handed over wins, for the callee and all below it; the caller's is current again after."""

import asyncio

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from authweave.kernel import UserContext, current_context, root_context
from tests.property.model import predicted
from tests.property.programs import ASYNC, Call, Spec, World, machines, run, run_both, run_in
from tests.property.strategies import SETTINGS, calls, stacks

pytestmark = [pytest.mark.property, pytest.mark.usefixtures("unwatched")]


@given(stacks(), calls())
@example(  # between the layers of one chain, the lower of which reads the current context
    (Spec("switch", "first", handing="new"), Spec("reads", "first", handing="left out")), Call("first")
)
@SETTINGS
def test_every_function_sees_what_its_caller_handed_over(stack: tuple[Spec, ...], call: Call) -> None:
    """By parameter or as current context, at every point of a program: what the model hands on by hand."""
    assert asyncio.run(run_both(stack, call)) == predicted(stack, call)


@given(stacks(), calls(), st.booleans())
@SETTINGS
def test_the_callers_context_is_current_again(stack: tuple[Spec, ...], call: Call, explicit: bool) -> None:
    """After a return or an exception the context around the root call is what it was."""

    async def caller() -> None:
        for each in machines(stack):
            with root_context() as around:
                outcome = await run(each, call, UserContext() if explicit else around)
                assert current_context() is around
            assert outcome == predicted(stack, call, UserContext())

    asyncio.run(caller())


@given(stacks(), calls(ASYNC), st.integers(0, 12))
@SETTINGS
def test_cancellation_restores_too(stack: tuple[Spec, ...], call: Call, patience: int) -> None:
    """Wherever a call is cancelled, its caller finds its own context when it catches the cancellation."""
    found: list[bool] = []

    async def caller(world: World) -> None:
        with root_context() as around:
            try:
                await run_in(world, call, UserContext())
            finally:
                found.append(current_context() is around)

    async def main(world: World) -> None:
        task = asyncio.create_task(caller(world))
        for _ in range(patience):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    worlds = [World(each) for each in machines(stack)]
    for world in worlds:
        asyncio.run(main(world))
    assert all(found)
    assert worlds[0].events == worlds[1].events


@given(stacks(), calls())
@SETTINGS
def test_a_context_is_not_kept(stack: tuple[Spec, ...], call: Call) -> None:
    """After a root call none of its contexts is current any more."""

    async def main() -> None:
        for each in machines(stack):
            world = World(each)
            await run_in(world, call)
            assert not any(current_context() is known for known in world.contexts)

    asyncio.run(main())

"""Law C4: two root calls never see each other's keys, whatever the interleaving."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal, TypeAlias

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from typing_extensions import override

from authweave.kernel import current_context
from tests.property.model import predicted
from tests.property.programs import (
    ASYNC,
    Call,
    Driven,
    Event,
    Machine,
    Outcome,
    Spec,
    World,
    drive,
    machines,
    run_in,
)
from tests.property.strategies import SETTINGS, calls, stacks

pytestmark = [pytest.mark.property, pytest.mark.usefixtures("unwatched")]

Where: TypeAlias = Literal["here", "task", "group", "to_thread", "executor", "thread"]
Root: TypeAlias = Callable[[], Coroutine[Any, Any, Outcome]]  # Any: never sent to


async def in_place(where: Where, root: Root, pool: ThreadPoolExecutor) -> Outcome:
    """Make a root call in a task or a thread."""
    loop = asyncio.get_running_loop()
    if where == "task":
        return await asyncio.create_task(root())
    if where == "group":
        async with asyncio.TaskGroup() as group:
            task = group.create_task(root())
        return task.result()
    if where == "to_thread":
        return await asyncio.to_thread(lambda: asyncio.run(root()))
    if where == "executor":
        return await loop.run_in_executor(pool, lambda: asyncio.run(root()))
    if where == "thread":
        done: asyncio.Future[Outcome] = loop.create_future()
        thread = threading.Thread(target=lambda: loop.call_soon_threadsafe(done.set_result, asyncio.run(root())))
        thread.start()
        outcome = await done
        thread.join()
        return outcome
    return await root()


places: st.SearchStrategy[Where] = st.sampled_from(["here", "task", "group", "to_thread", "executor", "thread"])


@given(
    st.lists(stacks(max_size=3), min_size=2, max_size=2),
    st.lists(st.tuples(st.integers(0, 1), calls(depth=1), places), min_size=2, max_size=5),
)
@pytest.mark.threads
@SETTINGS
def test_root_calls_side_by_side(apps: list[tuple[Spec, ...]], roots: list[tuple[int, Call, Where]]) -> None:
    """Root calls of two applications, in tasks and threads at once, each see what they would see alone."""
    composed = [each for stack in apps for each in machines(stack)]
    worlds = [World(composed[2 * app + guarded]) for app, _, _ in roots for guarded in (0, 1)]

    async def main() -> list[Outcome]:
        with ThreadPoolExecutor(2) as pool:

            def started(world: World, call: Call, where: Where) -> Awaitable[Outcome]:
                return in_place(where, lambda: run_in(world, call), pool)

            twice = [root for root in roots for _ in (0, 1)]
            made = [started(world, call, where) for world, (_, call, where) in zip(worlds, twice, strict=True)]
            return list(await asyncio.gather(*made))

    outcomes = asyncio.run(main())
    assert outcomes == [predicted(apps[app], call) for app, call, _ in roots for _ in (0, 1)]
    own = [{id(context) for context in world.contexts} for world in worlds]
    assert sum(map(len, own)) == len(set[int]().union(*own))


@given(stacks(), calls(ASYNC), calls(ASYNC), st.integers(1, 8), st.integers(1, 8))
@example(  # both are inside a context that they entered: restoring by value would lose the second its own
    (),
    Call("first", children=(Call("first", "new"),), pauses=1),
    Call("first", children=(Call("first"),), pauses=1),
    1,
    1,
)
@SETTINGS
def test_one_that_is_abandoned_disturbs_no_other(
    stack: tuple[Spec, ...], gone: Call, stays: Call, before: int, until: int
) -> None:
    """A root call that is closed while another runs, in the Context of that one, changes nothing for it."""
    seen: list[list[Event]] = []
    for app in machines(stack):
        one, other = drive(app, gone), drive(app, stays)
        one.step(before)
        other.step(until)
        one.abandon(other.context)
        assert other.finish() == predicted(stack, stays)
        seen.append(one.world.events)
    assert seen[0] == seen[1]


class Interleaving(RuleBasedStateMachine):
    """Hypothesis is the event loop: it starts root calls, takes steps of them, cancels and abandons them."""

    def __init__(self) -> None:
        super().__init__()
        self.apps: list[tuple[tuple[Spec, ...], Machine]] = []
        self.running: list[tuple[Driven, Outcome]] = []

    @rule(stack=stacks(max_size=3))
    def build_app(self, stack: tuple[Spec, ...]) -> None:
        """Add an application: without the guards that are proved to be idle, and with all."""
        self.apps += [(stack, each) for each in machines(stack)]

    @precondition(lambda self: self.apps)
    @rule(data=st.data(), call=calls(ASYNC, depth=1))
    def start(self, data: st.DataObject, call: Call) -> None:
        """Start a root call."""
        stack, app = data.draw(st.sampled_from(self.apps))
        self.running.append((drive(app, call), predicted(stack, call)))

    @precondition(lambda self: self.running)
    @rule(data=st.data(), count=st.integers(1, 4))
    def step(self, data: st.DataObject, count: int) -> None:
        """Let one of them go on."""
        data.draw(st.sampled_from(self.running))[0].step(count)

    @precondition(lambda self: self.running)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        """Cancel one."""
        data.draw(st.sampled_from(self.running))[0].cancel()

    @precondition(lambda self: self.running)
    @rule(data=st.data(), closer=st.data())
    def abandon(self, data: st.DataObject, closer: st.DataObject) -> None:
        """Close one from within the Context of another, which notices nothing."""
        one, _ = data.draw(st.sampled_from(self.running))
        other, _ = closer.draw(st.sampled_from(self.running))
        one.abandon(other.context)

    @invariant()
    def each_sees_what_it_would_see_alone(self) -> None:
        """As far as a root call has got, it has seen what the model sees; none shares a context; none is left."""
        for one, expected in self.running:
            assert tuple(one.world.events) == expected.events[: len(one.world.events)]
            assert one.outcome in {None, expected}
            assert one.outcome is None or one.context.run(current_context) == {}
        known = [id(context) for one, _ in self.running for context in one.world.contexts]
        assert len(known) == len(set(known))
        assert current_context() == {}

    @override
    def teardown(self) -> None:
        """Let all of them end."""
        for one, expected in self.running:
            assert one.finish() in {None, expected}


TestInterleaving = Interleaving.TestCase
TestInterleaving.settings = settings(SETTINGS, stateful_step_count=20)

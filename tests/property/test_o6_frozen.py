"""Law O6: nothing is replaced by accident; a scoped override lasts for its block, and a call keeps its chain."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import cast

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from typing_extensions import override

from authweave.kernel import overriding
from tests.property.model import predicted
from tests.property.programs import NAMES, STYLES, SYNC, Call, Machine, Spec, World, built, drive, machine
from tests.property.strategies import SETTINGS, stacks

pytestmark = pytest.mark.property


@given(stacks(max_size=2), st.sampled_from(NAMES))
@SETTINGS
def test_no_function_can_be_assigned_or_deleted(stack: tuple[Spec, ...], name: str) -> None:
    """Any function of a composed object refuses to be replaced, is named, and says how to do it properly."""
    app = machine(stack)
    before = dict(vars(app))
    with pytest.raises(AttributeError, match=rf"\.{name} .*compose\(\) or init\(\), or use overriding\(\)"):
        setattr(app, name, print)
    with pytest.raises(AttributeError, match="composed already"):
        delattr(app, name)
    assert vars(app) == before


@given(stacks(max_size=2), st.text(min_size=1).filter(lambda name: name not in NAMES and not name.startswith("_")))
@SETTINGS
def test_other_attributes_are_its_own(stack: tuple[Spec, ...], name: str) -> None:
    """What is no function may be set and deleted, and changes no other."""
    app = machine(stack)
    before = dict(vars(app))
    setattr(app, name, print)
    assert vars(app) == {**before, name: print}
    delattr(app, name)
    assert vars(app) == before


@given(
    stacks(("first",), calling=False, max_size=3),
    stacks(("first",), calling=False, max_size=3, prefix="scoped"),
    st.integers(1, 6),
    st.integers(1, 6),
)
@SETTINGS
def test_a_call_in_flight_keeps_its_chain(
    stack: tuple[Spec, ...], scoped: tuple[Spec, ...], inside: int, outside: int
) -> None:
    """A call that began in a block ends as one, wherever it is when the block ends; and the other way round."""
    app = machine(stack)
    call = Call("first", children=(Call("fourth"),), pauses=2)
    before = drive(app, call)
    before.step(outside)
    with overriding(app, [built(spec) for spec in scoped]):
        within = drive(app, call)
        within.step(inside)
        before.step(outside)
    assert within.finish() == predicted((*scoped, *stack), call)
    assert before.finish() == predicted(stack, call)


@attrs.define(eq=False)
class Block:
    """An open block of the model."""

    names: list[str]
    inherit: bool
    owner: "Actor"
    manager: AbstractContextManager[Machine]
    open: bool = True


@attrs.define(eq=False)
class Actor:
    """A task that does what it is told, and the blocks that it has entered or was started in."""

    orders: asyncio.Queue[tuple[Callable[[], object], asyncio.Future[object]] | None]
    entered: list[Block]
    task: asyncio.Task[None] | None = None

    async def obey(self) -> None:
        """Run what is ordered, until told to stop."""
        while (order := await self.orders.get()) is not None:
            function, done = order
            done.set_result(function())

    async def do(self, function: Callable[[], object]) -> object:
        """Have the task run a function."""
        done: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        await self.orders.put((function, done))
        return await done

    def expected(self) -> list[str]:
        """Return the overrides that hold for the task, the outermost first."""
        holding = [block for block in self.entered if block.open and (block.inherit or block.owner is self)]
        return [name for block in reversed(holding) for name in block.names]


class Blocks(RuleBasedStateMachine):
    """Tasks enter and leave blocks, start other tasks inside them, and call."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.app = machine([Spec("static", "third")])
        self.count = 0
        self.actors: list[Actor] = [Actor(asyncio.Queue(), [])]
        self.do(None, lambda: self.begin(self.actors[0]))

    def begin(self, actor: Actor) -> None:
        """Start the task of an actor; it takes along the contextvars of whoever starts it."""
        actor.task = asyncio.get_running_loop().create_task(actor.obey())

    def do(self, actor: Actor | None, function: Callable[[], object]) -> object:
        """Run a function in an actor's task, or in none of theirs."""

        async def main() -> object:
            return function() if actor is None else await actor.do(function)

        return self.runner.run(main())

    @rule(data=st.data(), inherit=st.booleans(), count=st.integers(1, 2))
    def enter(self, data: st.DataObject, inherit: bool, count: int) -> None:
        """Let a task enter a block."""
        actor = data.draw(st.sampled_from(self.actors))
        names = [f"scoped{self.count + each}" for each in range(count)]
        self.count += count
        styles = st.sampled_from(STYLES)
        overrides = [built(Spec(name, "third", data.draw(styles))) for name in names]
        manager = overriding(self.app, overrides, inherit=inherit)
        self.do(actor, manager.__enter__)
        actor.entered.append(Block(names, inherit, actor, manager))

    @precondition(lambda self: any(actor.entered and actor.entered[-1].owner is actor for actor in self.actors))
    @rule(data=st.data())
    def leave(self, data: st.DataObject) -> None:
        """Let a task leave the block that it entered last."""
        able = [actor for actor in self.actors if actor.entered and actor.entered[-1].owner is actor]
        actor = data.draw(st.sampled_from(able))
        block = actor.entered.pop()
        self.do(actor, lambda: block.manager.__exit__(None, None, None))
        block.open = False

    @rule(data=st.data())
    def spawn(self, data: st.DataObject) -> None:
        """Let a task start another."""
        parent = data.draw(st.sampled_from(self.actors))
        child = Actor(asyncio.Queue(), list(parent.entered))
        self.do(parent, lambda: self.begin(child))
        self.actors.append(child)

    @invariant()
    def every_task_has_its_chain(self) -> None:
        """Check that a call runs the overrides of the blocks that hold for its task, and then the static ones."""
        for actor in self.actors:
            world = World(self.app)
            third = cast("Callable[..., object]", self.app.third)  # the context is optional at run time
            self.do(actor, partial(third, Call("third"), world))
            ran = [event.who for event in world.events if event.moment == "enter"]
            assert ran == [*actor.expected(), "static", "third"]

    @override
    def teardown(self) -> None:
        """Stop all tasks; once all blocks are left, the object is as it was."""
        for actor in self.actors:
            while actor.entered and actor.entered[-1].owner is actor:
                block = actor.entered.pop()
                self.do(actor, partial(block.manager.__exit__, None, None, None))
                block.open = False
        for actor in self.actors:
            self.do(None, partial(actor.orders.put_nowait, None))
        self.runner.close()
        assert not any(hasattr(getattr(self.app, name), "__wrapped__") for name in SYNC)


TestBlocks = Blocks.TestCase
TestBlocks.settings = settings(SETTINGS, stateful_step_count=25)

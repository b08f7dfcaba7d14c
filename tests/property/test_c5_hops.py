"""Law C5: at each boundary the context comes along, is lost, or is forked, as the table says."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal, TypeAlias, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authweave.kernel import UserContext, carry_context, current_context, forked_context, root_context
from tests.property.programs import Call, World, machine
from tests.property.strategies import SETTINGS

pytestmark = pytest.mark.property

Inner: TypeAlias = Callable[[], Coroutine[Any, Any, None]]  # Any: never sent to
Comes: TypeAlias = Literal["along", "lost", "copied"]


async def by_await(inner: Inner) -> None:
    """Call it here."""
    await inner()


async def by_task(inner: Inner) -> None:
    """Start a task."""
    await asyncio.create_task(inner())


async def by_task_group(inner: Inner) -> None:
    """Start a task in a group."""
    async with asyncio.TaskGroup() as group:
        group.create_task(inner())


async def by_gather(inner: Inner) -> None:
    """Gather it."""
    await asyncio.gather(inner())


async def by_to_thread(inner: Inner) -> None:
    """Go to a thread with `asyncio.to_thread`."""
    await asyncio.to_thread(lambda: asyncio.run(inner()))


async def by_executor(inner: Inner) -> None:
    """Go to a thread of an executor."""
    with ThreadPoolExecutor(1) as pool:
        await asyncio.get_running_loop().run_in_executor(pool, lambda: asyncio.run(inner()))


async def by_executor_carried(inner: Inner) -> None:
    """Go to a thread of an executor, carrying the context."""
    with ThreadPoolExecutor(1) as pool:
        carried = carry_context(lambda: asyncio.run(inner()))
        await asyncio.get_running_loop().run_in_executor(pool, carried)


async def in_thread(function: Callable[[], None]) -> None:
    """Run a function in a bare thread."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[None] = loop.create_future()

    def target() -> None:
        try:
            function()
        finally:
            loop.call_soon_threadsafe(done.set_result, None)

    thread = threading.Thread(target=target)
    thread.start()
    await done
    thread.join()


async def by_thread(inner: Inner) -> None:
    """Start a bare thread."""
    await in_thread(lambda: asyncio.run(inner()))


async def by_thread_carried(inner: Inner) -> None:
    """Start a bare thread, carrying the context."""
    await in_thread(carry_context(lambda: asyncio.run(inner())))


async def by_async_generator(inner: Inner) -> None:
    """Call it from within an async generator."""

    async def generate() -> AsyncGenerator[None]:
        await inner()
        yield None

    async for _ in generate():
        pass


async def by_fork(inner: Inner) -> None:
    """Call it in a fork."""
    with forked_context():
        await inner()


async def by_fork_and_task(inner: Inner) -> None:
    """Start a task in a fork."""
    with forked_context():
        await asyncio.create_task(inner())


TABLE: dict[Callable[[Inner], Awaitable[None]], Comes] = {
    by_await: "along",
    by_task: "along",
    by_task_group: "along",
    by_gather: "along",
    by_to_thread: "along",
    by_executor: "lost",
    by_executor_carried: "along",
    by_thread: "lost",
    by_thread_carried: "along",
    by_async_generator: "along",
    by_fork: "copied",
    by_fork_and_task: "copied",
}

THREADED = {by_to_thread, by_executor, by_executor_carried, by_thread, by_thread_carried}
ROWS = [pytest.param(hop, id=hop.__name__, marks=[pytest.mark.threads] if hop in THREADED else []) for hop in TABLE]


def put(user_context: UserContext, key: str) -> None:
    """Set a key that no TypedDict declares."""
    cast("dict[str, object]", user_context)[key] = True  # as above


async def check_hops(hops: list[Callable[[Inner], Awaitable[None]]]) -> None:
    """Go through the boundaries one inside the other, looking at the context on both sides of each."""
    app = machine(())

    async def seen_by_a_call() -> UserContext:
        world = World(app)
        await app.first(Call("first"), world, current_context())
        return world.contexts[0]

    async def inside(depth: int, outer: UserContext | None) -> None:
        here = current_context()
        comes: Comes = TABLE[hops[depth - 1]] if depth else "along"
        if outer is not None and comes == "along":
            assert here is outer
        elif outer is not None:
            assert here is not outer
            assert dict(here) == (dict(outer) if comes == "copied" else {})
        lost = outer is None or comes == "lost"
        if lost and depth:
            with root_context():  # as the first call there would
                await beyond(depth)
        else:
            assert await seen_by_a_call() is here
            await beyond(depth)

    async def beyond(depth: int) -> None:
        here = current_context()
        put(here, f"before {depth}")
        if depth < len(hops):
            await hops[depth](lambda: inside(depth + 1, here))
            assert current_context() is here
            assert (f"before {depth + 1}" in here) == (TABLE[hops[depth]] == "along")

    with root_context() as root:
        await inside(0, root)


@pytest.mark.parametrize("hop", ROWS)
def test_each_row_of_the_table(hop: Callable[[Inner], Awaitable[None]]) -> None:
    """A single boundary does as its row says."""
    asyncio.run(check_hops([hop]))


@pytest.mark.threads
@given(st.lists(st.sampled_from(list(TABLE)), min_size=2, max_size=5))
@SETTINGS
def test_boundaries_inside_boundaries(hops: list[Callable[[Inner], Awaitable[None]]]) -> None:
    """Any boundaries, one inside the other, do as their rows say; outside nothing has changed afterwards."""
    asyncio.run(check_hops(hops))


@pytest.mark.threads
def test_a_call_across_a_boundary_that_loses_the_context_is_a_root_call() -> None:
    """In a bare thread a call without a context gets one of its own; one that is handed over is used."""
    app = machine(())
    worlds = World(app), World(app)

    async def main() -> None:
        with root_context() as root:
            put(root, "mine")
            await by_thread(lambda: call(worlds[0], ()))
            await by_thread(lambda: call(worlds[1], (root,)))
            assert worlds[0].contexts[0] is not root
            assert worlds[1].contexts == [root]

    async def call(world: World, handed: tuple[UserContext, ...]) -> None:
        function = cast("Callable[..., Awaitable[str]]", app.first)  # the context is optional at run time
        await function(Call("first"), world, *handed)

    asyncio.run(main())

import asyncio
import threading
from collections.abc import Callable

import pytest

from authweave.kernel import AnyOverride, CompositionError, carry_context, compose, override, overriding, wrap
from authweave.kernel._chain import composition_of
from tests.unit.kernel.greeter import AppContext, Greet, GreeterInterface, Shout, implementation, untyped


def named(name: str) -> AnyOverride[GreeterInterface]:
    """Make an override that adds its name to the result."""

    def adds(original: Shout) -> Shout:
        def shout(name: str, user_context: AppContext) -> str:
            return f"{added}({original(name, user_context)})"

        return shout

    added = name
    return wrap(GreeterInterface.shout, adds, name=name)


def in_thread(function: Callable[[], str]) -> str:
    """Run a function in a bare thread."""
    found: list[str] = []
    thread = threading.Thread(target=lambda: found.append(function()))
    thread.start()
    thread.join()
    return found[0]


@pytest.mark.threads
def test_a_block_outside_of_tasks_holds_for_its_thread() -> None:
    """It holds for a loop that is run inside it, not for another thread, and ends with the block."""
    app = compose(implementation(), [named("static")])

    async def inside() -> str:
        return await asyncio.create_task(app.greet("ada", "hello", {}))

    with overriding(app, [named("scoped")]) as same:
        assert same is app
        assert app.shout("ada", {}) == "scoped(static(ADA))"
        assert asyncio.run(inside()) == "hello, scoped(static(ADA))"
        assert in_thread(lambda: app.shout("ada", {})) == "static(ADA)"
    assert app.shout("ada", {}) == "static(ADA)"


@pytest.mark.threads
def test_inheriting_takes_contextvars() -> None:
    """With `inherit`, tasks and `to_thread` take part until the block ends; a bare thread has no contextvars of it."""
    app = compose(implementation())

    async def later(waits: asyncio.Event) -> str:
        await waits.wait()
        return app.shout("ada", {})

    async def main() -> None:
        waits = asyncio.Event()
        with overriding(app, [named("scoped")], inherit=True):
            task = asyncio.create_task(later(waits))
            assert await asyncio.create_task(asyncio.to_thread(app.shout, "ada", {})) == "scoped(ADA)"
            assert in_thread(carry_context(lambda: app.shout("ada", {}))) == "ADA"
        waits.set()
        assert await task == "ADA"

    asyncio.run(main())


@pytest.mark.threads
def test_a_task_takes_part_in_the_blocks_that_ask_for_it_and_in_no_other() -> None:
    """A block that is inherited does not drag the one around it along."""
    app = compose(implementation())

    async def main() -> None:
        with overriding(app, [named("outer")]), overriding(app, [named("inner")], inherit=True):
            assert app.shout("ada", {}) == "inner(outer(ADA))"
            assert await asyncio.create_task(asyncio.to_thread(app.shout, "ada", {})) == "inner(ADA)"

    asyncio.run(main())


def test_an_implementation_that_calls_another_function_reaches_the_block() -> None:
    """Open recursion goes through scoped overrides as through all others."""
    app = compose(implementation())

    @override(GreeterInterface.greet)
    async def greet(original: Greet, name: str, greeting: str, user_context: AppContext) -> str:
        return await original(name, greeting + "!", user_context)

    with overriding(app, [greet, named("scoped")]):
        assert asyncio.run(app.greet("ada", "hello", {})) == "hello!, scoped(ADA)"


def test_faults_are_raised_before_the_block() -> None:
    """Overrides that do not fit change nothing."""
    app = compose(implementation())
    with pytest.raises(CompositionError), overriding(app, untyped(list)([3])):
        pass
    assert app.shout("ada", {}) == "ADA"


@pytest.mark.threads
def test_blocks_in_many_threads_at_once() -> None:
    """Each thread sees its own block, and afterwards there is none."""
    app = compose(implementation())
    barrier = threading.Barrier(8)
    found: list[str] = []

    def target(number: int) -> None:
        for round_ in range(20):
            barrier.wait()
            with overriding(app, [named(f"{number}.{round_}")]):
                found.append(app.shout(f"{number}.{round_}", {}))

    threads = [threading.Thread(target=target, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == sorted(f"{n}.{r}({n}.{r})" for n in range(8) for r in range(20))
    assert app.shout("ada", {}) == "ADA"


def test_an_exception_ends_the_block() -> None:
    """The block is left whatever happens in it."""
    app = compose(implementation())
    with pytest.raises(KeyError), overriding(app, [named("scoped")]):
        raise KeyError
    assert app.shout("ada", {}) == "ADA"


def test_a_call_under_way_keeps_every_block_that_it_began_in() -> None:
    """Also where an outer block ends before an inner one's override has called its original."""
    app = compose(implementation())

    async def main() -> str:
        reached, go_on = asyncio.Event(), asyncio.Event()

        def waits(original: Greet) -> Greet:
            async def greet(name: str, greeting: str, user_context: AppContext) -> str:
                reached.set()
                await go_on.wait()
                return f"inner({await original(name, greeting, user_context)})"

            return greet

        def outer(original: Greet) -> Greet:
            async def greet(name: str, greeting: str, user_context: AppContext) -> str:
                return f"outer({await original(name, greeting, user_context)})"

            return greet

        with (
            overriding(app, [wrap(GreeterInterface.greet, outer)], inherit=True),
            overriding(app, [wrap(GreeterInterface.greet, waits)], inherit=True),
        ):
            call = asyncio.create_task(app.greet("ada", "hello", {}))
            await reached.wait()
        go_on.set()
        return await call

    assert asyncio.run(main()) == "inner(outer(hello, ADA))"


def test_a_block_that_ends_while_its_chain_is_composed_leaves_nothing_behind() -> None:
    """A thread that looked just before the end gets its chain, and nobody keeps it."""
    app = compose(implementation())
    with overriding(app, [named("scoped")], inherit=True):
        composition = composition_of(app)
        assert composition is not None
        scopes = composition.scopes
        assert scopes is not None
        held = scopes.active_scopes()
    assert scopes.functions(held)["shout"]("ada", {}) == "scoped(ADA)"
    assert scopes.chains == {}

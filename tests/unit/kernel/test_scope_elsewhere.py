import asyncio
import sys
import threading
from collections.abc import Callable
from contextvars import Context, copy_context
from types import ModuleType, SimpleNamespace
from typing import TypeVar, cast

import pytest

from authweave.kernel import Override, compose, override, overriding
from tests.unit.kernel.greeter import AppContext, GreeterInterface, Shout, implementation

R = TypeVar("R")


def named(name: str) -> Override[GreeterInterface]:
    """Make an override that adds its name to the result."""

    @override(GreeterInterface.shout)
    def shout(original: Shout, name: str, user_context: AppContext) -> str:
        return f"{added}({original(name, user_context)})"

    added = name
    return shout


def test_a_block_that_ends_in_another_context_leaves_its_blocks_alone() -> None:
    """A fixture may end what a task began: the block is over in both, and one around it still holds."""
    app = compose(implementation())
    elsewhere = Context()
    block = overriding(app, [named("elsewhere")])

    async def shout() -> str:
        return app.shout("ada", {})

    async def begin() -> str:
        block.__enter__()
        return app.shout("ada", {})

    with asyncio.Runner() as runner, overriding(app, [named("here")]):
        assert runner.run(begin(), context=elsewhere) == "elsewhere(here(ADA))"
        block.__exit__(None, None, None)
        assert app.shout("ada", {}) == "here(ADA)"
        assert runner.run(shout(), context=elsewhere) == "here(ADA)"
        with overriding(app, [named("inner")]):
            assert app.shout("ada", {}) == "inner(here(ADA))"
    assert app.shout("ada", {}) == "ADA"


def in_thread(function: Callable[[], R]) -> R:
    """Run a function in a bare thread."""
    found: list[R] = []
    thread = threading.Thread(target=lambda: found.append(function()))
    thread.start()
    thread.join()
    return found[0]


@pytest.mark.threads
def test_a_block_of_the_main_thread_holds_in_contexts_that_are_older() -> None:
    """A loop may run in a copy that was made before the block, as those of unittest and of anyio's plugin do."""
    app = compose(implementation())
    before = copy_context()

    async def shout() -> str:
        return app.shout("ada", {})

    with asyncio.Runner() as runner, overriding(app, [named("scoped")]):
        assert runner.run(shout(), context=before) == "scoped(ADA)"
        assert in_thread(lambda: app.shout("ada", {})) == "ADA"
    assert before.run(app.shout, "ada", AppContext()) == "ADA"


@pytest.mark.threads
def test_a_block_of_another_thread_holds_in_its_own_contexts() -> None:
    """The next piece of work in the same thread has nothing to do with it, as in a pool of workers."""
    app = compose(implementation())

    def work() -> tuple[str, str]:
        first, second = copy_context(), copy_context()
        block = overriding(app, [named("first")])
        first.run(block.__enter__)
        found = first.run(app.shout, "ada", AppContext()), second.run(app.shout, "ada", AppContext())
        first.run(block.__exit__, None, None, None)
        return found

    assert in_thread(work) == ("first(ADA)", "ADA")


def test_a_callback_of_a_loop_is_no_part_of_the_threads_own_code() -> None:
    """A block that a callback opens holds for nobody else, though no task runs then."""
    app = compose(implementation())
    block = overriding(app, [named("callback")])

    async def main() -> str:
        called = asyncio.Event()

        def callback() -> None:
            block.__enter__()
            called.set()

        asyncio.get_running_loop().call_soon(callback)
        await called.wait()
        return app.shout("ada", {})

    assert asyncio.run(main()) == "ADA"
    block.__exit__(None, None, None)


@pytest.mark.sockets
def test_a_block_in_a_task_of_trio_holds_for_that_task() -> None:
    """As in one of asyncio's: its siblings, and tasks that it starts, take no part."""
    import trio

    app = compose(implementation())
    found: dict[str, str] = {}

    def note(name: str) -> None:
        found[name] = app.shout("ada", {})

    async def note_later(name: str) -> None:
        note(name)

    async def opens(opened: trio.Event, looked: trio.Event) -> None:
        with overriding(app, [named("trio")]):
            note("itself")
            async with trio.open_nursery() as nursery:
                nursery.start_soon(note_later, "child")
            opened.set()
            await looked.wait()

    async def main() -> None:
        opened, looked = trio.Event(), trio.Event()
        async with trio.open_nursery() as nursery:
            nursery.start_soon(opens, opened, looked)
            await opened.wait()
            note("sibling")
            looked.set()

    trio.run(main)
    assert found == {"itself": "trio(ADA)", "child": "ADA", "sibling": "ADA"}


def test_a_block_in_a_greenlet_holds_for_that_greenlet(monkeypatch: pytest.MonkeyPatch) -> None:
    """All greenlets run in one thread; what the package calls the current one tells them apart."""
    main = SimpleNamespace(parent=None)
    first, second = SimpleNamespace(parent=main), SimpleNamespace(parent=main)
    running = [main]
    monkeypatch.setitem(sys.modules, "greenlet", cast("ModuleType", SimpleNamespace(getcurrent=lambda: running[0])))
    app = compose(implementation())
    own, other = copy_context(), copy_context()
    block = overriding(app, [named("first")])
    running[0] = first
    own.run(block.__enter__)
    assert own.run(app.shout, "ada", AppContext()) == "first(ADA)"
    running[0] = second
    assert other.run(app.shout, "ada", AppContext()) == "ADA"
    running[0] = first
    own.run(block.__exit__, None, None, None)
    running[0] = main
    with overriding(app, [named("main")]):
        assert other.run(app.shout, "ada", AppContext()) == "main(ADA)"


@pytest.mark.threads
def test_a_block_that_holds_everywhere() -> None:
    """In threads and tasks that began before it, and in those that know nothing of its contextvars."""
    app = compose(implementation())
    begun, go_on = threading.Event(), threading.Event()
    found: list[str] = []

    def waits() -> None:
        begun.set()
        go_on.wait()
        found.append(app.shout("ada", {}))

    thread = threading.Thread(target=waits, daemon=True)
    thread.start()
    begun.wait()
    with overriding(app, [named("inherited")], inherit=True), overriding(app, [named("first")], everywhere=True):
        go_on.set()
        thread.join()
        with overriding(app, [named("second")], everywhere=True), overriding(app, [named("plain")]):
            assert app.shout("ada", {}) == "plain(second(first(inherited(ADA))))"
            assert in_thread(lambda: app.shout("ada", {})) == "second(first(ADA))"
    assert found == ["first(ADA)"]
    assert in_thread(lambda: app.shout("ada", {})) == app.shout("ada", {}) == "ADA"


@pytest.mark.threads
def test_blocks_that_hold_everywhere_in_several_threads_at_once() -> None:
    """Each thread has its own, also where it overrides something else; who has none sees none."""
    app, other = compose(implementation()), compose(implementation())

    def second() -> tuple[str, str]:
        with overriding(other, [named("second")], everywhere=True):
            return app.shout("ada", {}), other.shout("ada", {})

    def both() -> tuple[str, str]:
        return app.shout("ada", {}), other.shout("ada", {})

    def third() -> tuple[str, str]:
        with overriding(other, [named("third")], everywhere=True):
            inherits = copy_context()
            assert in_thread(both) == ("ADA", "ADA")
            return in_thread(lambda: inherits.run(both))

    with overriding(app, [named("first")], everywhere=True):
        assert in_thread(second) == ("ADA", "second(ADA)")
        assert in_thread(third) == ("ADA", "third(ADA)")
        assert both() == ("first(ADA)", "ADA")
        assert in_thread(both) == ("first(ADA)", "ADA")


def test_blocks_that_end_in_another_order_than_they_began() -> None:
    """The one that is left holds until it ends itself."""
    app = compose(implementation())
    first, second = overriding(app, [named("first")]), overriding(app, [named("second")])
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert app.shout("ada", {}) == "second(ADA)"
    second.__exit__(None, None, None)
    assert app.shout("ada", {}) == "ADA"

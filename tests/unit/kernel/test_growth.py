import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from authweave.kernel import OriginalEndedError, UserContext, compose, override
from tests.unit.kernel.greeter import AppContext, GreeterInterface, implementation, untyped


def test_it_is_told_that_its_call_has_ended() -> None:
    """The message names the function and says what to do about it."""
    kept: list[Callable[[], object]] = []

    @untyped(override(GreeterInterface.shout))
    def older(original: Callable[[], str], user_context: AppContext) -> str:
        kept.append(original)
        return original()

    assert compose(implementation(), [older]).shout("ada", {}) == "ADA"
    with pytest.raises(OriginalEndedError, match=r"override's own call has ended.* take all parameters"):
        kept[0]()


@pytest.mark.threads
def test_a_thread_without_the_contextvars_cannot_call_it() -> None:
    """What is carried past an older override travels with contextvars, as the context does."""
    errors: list[Exception] = []

    @untyped(override(GreeterInterface.shout))
    def older(original: Callable[[], str], user_context: AppContext) -> str:
        def target() -> None:
            with pytest.raises(OriginalEndedError) as caught:
                original()
            errors.append(caught.value)

        thread = threading.Thread(target=target)
        thread.start()
        thread.join()
        return original()

    assert compose(implementation(), [older]).shout("ada", {}) == "ADA"
    assert len(errors) == 1


def test_a_task_that_outlives_the_call_cannot_call_it() -> None:
    """A task that an older override started may call original while the override runs, and not any more after it."""

    async def main() -> None:
        ends = asyncio.Event()

        @untyped(override(GreeterInterface.greet))
        async def older(
            original: Callable[[], Coroutine[Any, Any, str]], user_context: AppContext
        ) -> str:  # Any: never sent to
            async def after() -> str:
                await ends.wait()
                return await original()

            tasks.append(asyncio.create_task(after()))
            return await asyncio.create_task(original())

        tasks: list[asyncio.Task[str]] = []
        assert await compose(implementation(), [older]).greet("ada", "hello", {}) == "hello, ADA"
        ends.set()
        with pytest.raises(OriginalEndedError):
            await tasks[0]

    asyncio.run(main())


def test_a_seed_style_function_of_an_older_signature_runs_twice() -> None:
    """The second time over adapters; one whose signature agrees runs once."""
    runs: list[str] = []

    def older(original_implementation: GreeterInterface) -> GreeterInterface:
        runs.append("older")
        original = untyped(original_implementation.greet)

        async def greet(greeting: str, user_context: UserContext) -> str:
            return str(await original(greeting, user_context))

        untyped(setattr)(original_implementation, "greet", greet)
        return original_implementation

    def current(original_implementation: GreeterInterface) -> GreeterInterface:
        runs.append("current")
        original = original_implementation.shout

        def shout(name: str, user_context: AppContext) -> str:
            return original(name, user_context) + "!"

        original_implementation.shout = shout
        return original_implementation

    app = compose(implementation(), [older, current])
    assert runs == ["current", "older", "older"]
    assert asyncio.run(app.greet("ada", "hello", {})) == "hello, ADA!"

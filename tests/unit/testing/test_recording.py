import asyncio
from collections.abc import Callable, Coroutine
from contextvars import Context
from typing import Any, ParamSpec, TypeVar

import pytest

from authweave.kernel import (
    AnyOverride,
    CompositionError,
    Plugin,
    carry_context,
    compose,
    current_context,
    explain,
    override,
    overriding,
    wrap,
)
from authweave.testing import Arguments, RecordedCall, recording
from tests.unit.kernel.greeter import AppContext, Greet, GreeterInterface, Shout, implementation, untyped

P = ParamSpec("P")
R = TypeVar("R")


class RefusedError(Exception):
    """What an override here raises."""


@override(GreeterInterface.shout)
def silent(original: Shout, name: str, user_context: AppContext) -> str:
    """Say nothing."""
    return ""


@override(GreeterInterface.shout, name="refusing", before=["outer"])
def refusing(original: Shout, name: str, user_context: AppContext) -> str:
    """Say no."""
    raise RefusedError(name)


def unchanged(original: Callable[P, R]) -> Callable[P, R]:
    """Wrap a function in nothing."""
    return original


outer = wrap(GreeterInterface.shout, unchanged, name="outer")


def greeter(*overrides: AnyOverride[GreeterInterface]) -> GreeterInterface:
    """Compose a greeter."""
    return compose(implementation(), overrides)


def test_an_async_function_is_recorded() -> None:
    """Its arguments have their names, its result is what awaiting gave, and its type is known."""
    seen = recording(GreeterInterface.greet)
    app = greeter(seen.override)
    context = AppContext(mark="m")
    assert asyncio.run(app.greet("ada", greeting="hello", user_context=context)) == "hello, ADA"
    (call,) = seen.calls
    assert call.arguments == {"name": "ada", "greeting": "hello", "user_context": context}
    assert call.arguments["user_context"] is context
    assert call.result().upper() == "HELLO, ADA"
    assert call.called_original
    assert call.ended
    assert call.exception is None


def test_a_sync_function_is_recorded() -> None:
    """Nothing has to be awaited."""
    seen = recording(GreeterInterface.shout)
    assert greeter(seen.override).shout("ada", {}) == "ADA"
    assert [(call.arguments["name"], call.result()) for call in seen.calls] == [("ada", "ADA")]


def test_calls_are_kept_in_the_order_in_which_they_began() -> None:
    """Also those that one function makes of another, and those through other objects."""
    first, second = recording(GreeterInterface.greet), recording(GreeterInterface.shout)
    one, other = greeter(first.override, second.override), greeter(second.override)
    asyncio.run(one.greet("ada", "hello", {}))
    other.shout("bob", {})
    assert [call.arguments["name"] for call in second.calls] == ["ada", "bob"]
    assert len(first.calls) == 1


@pytest.mark.parametrize(("given", "called"), [(silent, False), (outer, True)])
def test_a_recorded_override_tells_whether_it_called_original(
    given: AnyOverride[GreeterInterface], called: bool
) -> None:
    """It does what it always did; one that calls its original says so, one that does not, too."""
    seen = recording(untyped(lambda: given)())
    assert greeter(seen.override).shout("ada", {}) == greeter(given).shout("ada", {})
    assert [call.called_original for call in seen.calls] == [called]


def test_a_recorded_wrapper_is_run_once() -> None:
    """What it keeps between calls stays; the call that reached the original is told from that which did not."""
    made: list[object] = []

    def cached(original: Callable[P, R]) -> Callable[P, R]:
        made.append(original)
        answers: list[R] = []

        def answer(*args: P.args, **kwargs: P.kwargs) -> R:
            if not answers:
                answers.append(original(*args, **kwargs))
            return answers[0]

        return answer

    seen = recording(wrap(GreeterInterface.shout, cached))
    app = greeter(seen.override)
    assert [app.shout("ada", {}), app.shout("bob", {})] == ["ADA", "ADA"]
    assert [call.called_original for call in seen.calls] == [True, False]
    assert [call.arguments["name"] for call in seen.calls] == ["ada", "bob"]
    assert len(made) == 1


def test_a_recorded_wrapper_of_an_async_function() -> None:
    """Calls under way at the same time are told apart."""

    def sometimes(original: Callable[P, Coroutine[Any, Any, str]]) -> Callable[P, Coroutine[Any, Any, str]]:
        async def called(*args: P.args, **kwargs: P.kwargs) -> str:
            await asyncio.sleep(0)
            return await original(*args, **kwargs) if args[0] == "ada" else ""

        return called

    seen = recording(wrap(GreeterInterface.greet, sometimes))
    app = greeter(seen.override)

    async def main() -> None:
        await asyncio.gather(*(app.greet(name, "hello", AppContext()) for name in ("bob", "ada", "eve")))

    asyncio.run(main())
    assert [call.called_original for call in seen.calls] == [False, True, False]


def test_a_wrapper_that_leaves_its_context_behind() -> None:
    """Its original is called all the same; for whom, nobody can tell."""

    def elsewhere(original: Callable[P, R]) -> Callable[P, R]:
        def called(*args: P.args, **kwargs: P.kwargs) -> R:
            return Context().run(original, *args, **kwargs)

        return called

    seen = recording(wrap(GreeterInterface.shout, elsewhere))
    assert greeter(seen.override).shout("ada", {}) == "ADA"
    assert [call.called_original for call in seen.calls] == [False]


@pytest.mark.threads
def test_an_override_that_calls_original_in_another_thread() -> None:
    """It is noted for its own call."""

    @override(GreeterInterface.greet)
    async def elsewhere(original: Greet, name: str, greeting: str, user_context: AppContext) -> str:
        run = carry_context(lambda: asyncio.run(original(name, greeting, user_context)))
        return await asyncio.get_running_loop().run_in_executor(None, run)

    seen = recording(elsewhere)
    assert asyncio.run(greeter(seen.override).greet("ada", "hello", {})) == "hello, ADA"
    assert seen.calls[0].called_original


def test_an_exception_is_recorded_and_arrives_unchanged() -> None:
    """It is the same object, and its note names the override that is recorded, where that was written."""
    seen = recording(refusing)
    with pytest.raises(RefusedError) as caught:
        greeter(seen.override, outer).shout("ada", {})
    (call,) = seen.calls
    assert call.exception is caught.value
    assert not call.called_original
    (note,) = caught.value.__notes__
    assert note.startswith(f"in the override 'refusing' of shout, {__file__}:")
    with pytest.raises(LookupError, match="this call of shout has no result, it raised RefusedError"):
        call.result()


def test_a_cancelled_call_is_recorded() -> None:
    """While it is under way it has no result; cancellation is the exception that it ended with."""
    started = asyncio.Event()

    @override(GreeterInterface.greet)
    async def waits(original: Greet, name: str, greeting: str, user_context: AppContext) -> str:
        started.set()
        await asyncio.Event().wait()
        return await original(name, greeting, user_context)

    seen = recording(waits)
    app = greeter(seen.override)

    async def main() -> None:
        task = asyncio.create_task(app.greet("ada", "hello", {}))
        await started.wait()
        (call,) = seen.calls
        assert not call.ended
        assert "has not ended" in repr(call)
        with pytest.raises(LookupError, match="it has not ended"):
            call.result()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert isinstance(call.exception, asyncio.CancelledError)
        assert call.ended

    asyncio.run(main())


def test_nothing_secret_in_a_repr() -> None:
    """Reprs have names and types, neither arguments nor results nor the words of an exception."""
    seen, refused = recording(GreeterInterface.shout), recording(refusing)
    greeter(seen.override).shout("hunter2", {})
    with pytest.raises(RefusedError):
        greeter(refused.override, outer).shout("hunter2", {})
    texts = [repr(each) for each in (seen, refused, seen.calls, refused.calls, seen.override, seen.calls[0].arguments)]
    assert "hunter2" not in "".join(texts).lower()
    assert texts[0] == "<Recording shout, calls: 1>"
    assert texts[2] == "[<RecordedCall shout(name, user_context), original called, returned str>]"
    assert texts[3] == "[<RecordedCall shout(name, user_context), original not called, raised RefusedError>]"
    assert texts[5] == "<Arguments name, user_context>"


def test_an_override_with_an_older_signature() -> None:
    """Its arguments have the names of its own parameters; what it does not take is carried past it."""

    @untyped(override(GreeterInterface.greet))
    async def older(original: Callable[..., Coroutine[Any, Any, str]], name: str, user_context: AppContext) -> str:
        return await original(f"old {name}", user_context)

    seen = recording(untyped(lambda: older)())
    app = greeter(seen.override)
    assert asyncio.run(app.greet("ada", "hello", {})) == "hello, OLD ADA"
    assert list(seen.calls[0].arguments) == ["name", "user_context"]
    assert seen.calls[0].called_original


def test_an_override_that_takes_the_rest_by_name() -> None:
    """What `**rest` collects has its own names too."""

    @untyped(override(GreeterInterface.greet))
    async def rest(original: Callable[..., Coroutine[Any, Any, str]], name: str, **rest: object) -> str:
        return await original(name=name, **rest)

    seen = recording(untyped(lambda: rest)())
    assert asyncio.run(greeter(seen.override).greet("ada", "hello", {})) == "hello, ADA"
    assert seen.calls[0].arguments == {"name": "ada", "greeting": "hello", "user_context": {}}


def test_faults_of_a_recorded_override_are_found() -> None:
    """A parameter that the interface lacks, or a wrapper that returns no function, is told as if nobody recorded."""

    @untyped(override(GreeterInterface.shout))
    def misspelt(original: Shout, nmae: str, user_context: AppContext) -> str:
        return original(nmae, user_context)

    for given in (misspelt, untyped(wrap)(GreeterInterface.shout, untyped(str))):
        messages: list[str] = []
        for each in (given, recording(untyped(lambda given=given: given)()).override):
            with pytest.raises(CompositionError) as caught:
                compose(implementation(), [untyped(lambda each=each: each)()])
            messages.append(str(caught.value))
        assert messages[0] == messages[1]


def test_a_recorded_override_keeps_its_name_and_place() -> None:
    """It is ordered and explained like the override that it records."""
    recorded_outer, inner = recording(outer), recording(refusing)
    (_, shout) = explain(greeter(recorded_outer.override, inner.override))
    assert [layer.name for layer in shout.layers] == ["refusing", "outer"]
    assert {layer.file for layer in shout.layers} == {__file__}
    plugin = Plugin("plugin", [inner.override])
    assert plugin.overrides[0].name == "refusing"


def test_recording_for_a_block() -> None:
    """Scoped, it sees the calls of the block and no others, and their context."""
    seen = recording(GreeterInterface.shout)
    contexts: list[AppContext] = []

    @override(GreeterInterface.shout)
    def current(original: Shout, name: str, user_context: AppContext) -> str:
        contexts.append(current_context(AppContext))
        return original(name, user_context)

    app = greeter(current)
    app.shout("before", {})
    with overriding(app, [seen.override]):
        app.shout("inside", {})
    app.shout("after", {})
    assert [call.arguments["name"] for call in seen.calls] == ["inside"]
    assert seen.calls[0].arguments["user_context"] is contexts[1]


def test_a_result_may_be_none() -> None:
    """A call that returned None has ended, with a result."""
    call = RecordedCall[None]("shout", Arguments({"name": "ada"}))
    call.end_with(None)
    assert call.ended
    assert repr(call) == "<RecordedCall shout(name), original not called, returned NoneType>"

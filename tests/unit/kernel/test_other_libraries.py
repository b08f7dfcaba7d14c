"""What a composed function, and an original, is to `inspect`, and to decorators of other libraries that ask it."""

import asyncio
import functools
import inspect
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from unittest.mock import AsyncMock, MagicMock, Mock, create_autospec

import backoff
import pytest
import stamina
import tenacity
import wrapt
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from typing_extensions import override as overrides

from authweave.kernel import Call, CompositionError, Journal, compose, explain, overridable, override, overriding, wrap
from authweave.testing import recording
from tests.unit.kernel.greeter import AppContext, Greet, Greeter, GreeterInterface, Shout, implementation, untyped

Wrapper = Callable[..., Any]  # Any: decorators of all kinds


class Flaky(Greeter):
    """Greets at the third try."""

    def __init__(self, tries: list[str]) -> None:
        super().__init__()
        self.tries = tries

    @overridable
    @overrides
    async def greet(self, name: str, greeting: str, user_context: AppContext) -> str:
        self.tries.append(name)
        await asyncio.sleep(0)
        if len(self.tries) < 3:
            raise LookupError(name)
        return f"{greeting}, {name}"


@wrapt.decorator
def passes(wrapped: Wrapper, instance: object, args: Sequence[object], kwargs: dict[str, Any]) -> object:
    """Pass on."""
    return wrapped(*args, **kwargs)


@wrapt.decorator
def breaks(wrapped: Wrapper, instance: object, args: Sequence[object], kwargs: dict[str, Any]) -> object:
    """Fail."""
    raise KeyError(wrapped.__name__)


RETRIES: list[Wrapper] = [
    tenacity.retry(stop=tenacity.stop_after_attempt(3)),
    stamina.retry(on=LookupError, attempts=3, wait_initial=0, wait_max=0, wait_jitter=0),
    backoff.on_exception(backoff.constant, LookupError, max_tries=3, interval=0, jitter=None),
]


class Anything:
    """An object that answers everything."""

    def __init__(self, *_: object) -> None:
        pass

    def __getattr__(self, name: str) -> "Anything":
        return Anything()

    def __call__(self, *args: object, **kwargs: object) -> "Anything":
        return Anything()

    def __await__(self) -> Any:  # noqa: ANN401  an iterator of nothing
        return iter(())


def is_async(function: object) -> bool:
    """Ask both."""
    if sys.version_info < (3, 14):  # where asyncio's is deprecated
        assert asyncio.iscoroutinefunction(function) == inspect.iscoroutinefunction(function)  # pyright: ignore[reportDeprecated]
    return inspect.iscoroutinefunction(function)


@pytest.mark.parametrize("journal", [None, Journal()], ids=["", "debug"])
def test_functions_are_of_the_interfaces_colour(journal: Journal | None) -> None:
    """Composed functions, with and without overrides and inside a block, and originals in every style."""
    originals: list[object] = []

    @override(GreeterInterface.greet)
    async def decorated(original: Greet, name: str, greeting: str, user_context: AppContext) -> str:
        originals.append(original)
        return await original(name, greeting, user_context)

    @untyped(override(GreeterInterface.greet))
    async def older(original: Wrapper, name: str) -> object:
        originals.append(original)
        return await original(name)

    def seed(original_implementation: GreeterInterface) -> GreeterInterface:
        originals.append(original_implementation.greet)
        assert not is_async(original_implementation.shout)
        return original_implementation

    def wrapper(original: Greet) -> Greet:
        originals.append(original)
        return original

    everything = [decorated, older, seed, wrap(GreeterInterface.greet, wrapper)]
    for given in ([], everything):
        app = compose(implementation(), given, journal=journal)
        assert (is_async(app.greet), is_async(app.shout)) == (True, False)
        with overriding(app, everything):
            assert (is_async(app.greet), is_async(app.shout)) == (True, False)
            assert asyncio.run(app.greet("ada", "hello", {})) == "hello, ADA"
        assert str(inspect.signature(app.greet)) == "(name, greeting, user_context=None)"
    assert len(originals) > 8
    assert all(map(is_async, originals))


@pytest.mark.filterwarnings("ignore:'asyncio.iscoroutinefunction' is deprecated")  # backoff on Python 3.14
@pytest.mark.parametrize("recorded", [False, True])
@pytest.mark.parametrize("retry", RETRIES, ids=["tenacity", "stamina", "backoff"])
def test_three_tries_are_three_tries(retry: Wrapper, *, recorded: bool) -> None:
    """A retry tries again, and is told by the line that put it around the function."""
    made = wrap(GreeterInterface.greet, retry)
    tries: list[str] = []
    base: GreeterInterface = Flaky(tries)
    app = compose(base, [recording(made).override if recorded else made])
    assert asyncio.run(app.greet("ada", "hello", {})) == "hello, ada"
    assert tries == ["ada"] * 3
    (layer,) = explain(app)[0].layers
    assert layer.file == __file__


@pytest.mark.threads
def test_a_span_covers_the_awaited_call() -> None:
    """OpenTelemetry's decorator ends its span when the call has ended."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracer = provider.get_tracer("tests")
    open_spans: list[int] = []

    @override(GreeterInterface.greet)
    async def inner(original: Greet, name: str, greeting: str, user_context: AppContext) -> str:
        await asyncio.sleep(0)
        open_spans.append(len(exporter.get_finished_spans()))
        return await original(name, greeting, user_context)

    span: Wrapper = tracer.start_as_current_span("greet")
    app = compose(implementation(), [wrap(GreeterInterface.greet, span), inner])
    assert asyncio.run(app.greet("ada", "hello", {})) == "hello, ADA"
    assert open_spans == [0]
    assert [each.name for each in exporter.get_finished_spans()] == ["greet"]
    provider.shutdown()


def test_wrapt() -> None:
    """A decorator of wrapt's composes, is told by its own line and blamed for its failures."""
    app = compose(
        implementation(), [wrap(GreeterInterface.greet, passes, name="p"), wrap(GreeterInterface.shout, passes)]
    )
    assert asyncio.run(app.greet("ada", "hello", {})) == "hello, ADA"
    assert {layer.file for function in explain(app) for layer in function.layers} == {__file__}
    broken = compose(
        implementation(), [wrap(GreeterInterface.greet, passes, name="p"), wrap(GreeterInterface.greet, breaks)]
    )
    with pytest.raises(KeyError) as caught:
        asyncio.run(broken.greet("ada", "hello", {}))
    (note,) = caught.value.__notes__
    assert note.startswith("in the override 'breaks' of greet")
    assert f"{__file__}:" in note


MOCKS: list[tuple[Callable[[Greet], Any], str]] = [  # Any: mocks
    (lambda original: create_autospec(original, return_value="mock"), "mock"),
    (lambda original: AsyncMock(wraps=original), "hello, ADA"),
    (lambda original: AsyncMock(return_value="mock"), "mock"),
    (lambda original: AsyncMock(side_effect=original), "hello, ADA"),
    (lambda original: Mock(side_effect=original), "hello, ADA"),
    (lambda original: Mock(spec=original, return_value="mock"), "mock"),
    (lambda original: MagicMock(side_effect=original), "hello, ADA"),
    (lambda original: functools.partial(Mock(side_effect=original)), "hello, ADA"),
]


@pytest.mark.parametrize(("mock", "expected"), MOCKS)
def test_mocks(mock: Callable[[Greet], Any], expected: str) -> None:
    """A mock composes and runs as what it is made for, and is told by the line of the test."""
    app = compose(implementation(), [untyped(wrap)(GreeterInterface.greet, mock, name="mock")])
    assert asyncio.run(app.greet("ada", "hello", {})) == expected
    (layer,) = explain(app)[0].layers
    assert layer.file == __file__


def test_a_mock_is_an_override() -> None:
    """One that is handed to ``override`` is asked with original, and told by the line that made the override."""
    mock = AsyncMock(return_value="mock")
    app = compose(implementation(), [untyped(override(GreeterInterface.greet))(mock)])
    assert asyncio.run(app.greet("ada", "hello", {})) == "mock"
    assert mock.await_args is not None
    assert is_async(mock.await_args.args[0])
    assert mock.await_args.args[1:] == ("ada", "hello", {})
    (layer,) = explain(app)[0].layers
    assert (layer.name, layer.file) == ("AsyncMock", __file__)


def test_an_async_mock_in_a_sync_functions_place() -> None:
    """It is a fault as an ``async def`` is, with the place of the test."""
    with pytest.raises(CompositionError, match="shout is not async") as caught:
        compose(implementation(), [wrap(GreeterInterface.shout, lambda original: AsyncMock(wraps=original))])
    assert caught.value.faults[0].file == __file__


def test_an_object_that_answers_everything() -> None:
    """Nothing is looked for along its attributes, which have no end."""
    anything: Any = Anything()
    app = compose(
        implementation(),
        [
            untyped(wrap)(GreeterInterface.greet, Anything, name="wraps"),
            override(GreeterInterface.greet)(anything),
            wrap(GreeterInterface.shout, anything),
        ],
    )
    assert asyncio.run(app.greet("ada", "hello", {})) is None
    assert isinstance(app.shout("ada", {}), Anything)
    assert [layer.name for layer in explain(app)[0].layers] == ["wraps", "Anything"]


def test_a_mock_of_a_sync_function() -> None:
    """It is called as the function is."""

    def mocked(original: Shout) -> Any:  # noqa: ANN401  a mock
        return Mock(side_effect=original)

    assert compose(implementation(), [wrap(GreeterInterface.shout, mocked)]).shout("ada", {}) == "ADA"


class GreetCall(Call[GreeterInterface, str, AppContext], function="greet"):
    """The call of ``greet``."""

    name: str
    greeting: str


def test_what_a_call_goes_on_with_is_a_coroutine_function() -> None:
    """The original of a call too, in debug mode as well; and a function that takes a call may be a plain one."""
    tries: list[str] = []

    @GreetCall.override
    async def retried(call: GreetCall) -> str:
        assert is_async(call.original)
        retry: Wrapper = RETRIES[0]
        return str(await retry(call.original)())

    @GreetCall.override
    def plain(call: GreetCall) -> Awaitable[str]:
        return asyncio.ensure_future(call.original())

    @GreetCall.override
    async def outer(call: GreetCall) -> str:
        return await asyncio.create_task(call.original())

    for journal in (None, Journal()):
        tries.clear()
        base: GreeterInterface = Flaky(tries)
        app = compose(base, [outer, plain, retried], journal=journal)
        assert asyncio.run(app.greet("ada", "hello", {})) == "hello, ada"
        assert len(tries) == 3

"""Recordings of overrides and hooks that are handed a call."""

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import pytest

from authweave.kernel import (
    AnyOverride,
    CompositionError,
    Journal,
    Override,
    compose,
    explain,
    overriding,
    wrap_all,
)
from authweave.testing import recording
from tests.unit.kernel.greeter import AppContext, GreetCall, GreeterInterface, ShoutCall, implementation, untyped

P = ParamSpec("P")
R = TypeVar("R")

DEBUG = pytest.mark.parametrize("journal", [None, Journal()], ids=["plain", "debug"])


class RefusedError(Exception):
    """What an override here raises."""


@GreetCall.override(name="louder")
async def louder(call: GreetCall) -> str:
    """Go on, twice, with something replaced."""
    call.name += "!"
    call.greeting = call.greeting.upper()
    await call.original()
    return await call.original()


@GreetCall.override
async def silent(call: GreetCall) -> str:
    """Say nothing."""
    return ""


@GreetCall.after
async def looks(call: GreetCall, result: str) -> None:
    """Look on."""
    call.name = result


@GreetCall.before
async def looks_before(call: GreetCall) -> None:
    """Look on."""
    call.name = ""


@ShoutCall.override
def refuses(call: ShoutCall) -> str:
    """Say no."""
    raise RefusedError(call.name)


def composed(*given: AnyOverride[GreeterInterface], journal: Journal | None = None) -> GreeterInterface:
    """Compose a greeter."""
    return compose(implementation(), given, journal=journal)


@DEBUG
def test_an_override_is_recorded(journal: Journal | None) -> None:
    """Arguments have the names of the parameters and the values that it was handed, not those it replaced."""
    seen, context = recording(louder), AppContext(mark="m")
    assert asyncio.run(composed(seen.override, journal=journal).greet("ada", "hello", context)) == "HELLO, ADA!"
    (call,) = seen.calls
    assert call.arguments == {"name": "ada", "greeting": "hello", "user_context": context}
    assert call.arguments["user_context"] is context
    assert call.called_original
    assert call.result() == "HELLO, ADA!"
    assert "ada" not in repr(seen) + repr(call)


@DEBUG
@pytest.mark.parametrize(("given", "called"), [(louder, True), (silent, False), (looks, False), (looks_before, False)])
def test_it_tells_whether_it_went_on(given: Override[GreeterInterface], called: bool, journal: Journal | None) -> None:
    """A hook never does, whatever it stands around; what comes out is as it was without recording."""
    seen = recording(given)
    result = asyncio.run(composed(seen.override, journal=journal).greet("ada", "hello", {}))
    assert result == asyncio.run(composed(given).greet("ada", "hello", {}))
    assert [call.called_original for call in seen.calls] == [called]
    assert [call.arguments["name"] for call in seen.calls] == ["ada"]


def test_two_calls_at_the_same_time() -> None:
    """Each knows whether it went on."""

    @GreetCall.override
    async def sometimes(call: GreetCall) -> str:
        await asyncio.sleep(0)
        return await call.original() if call.name == "ada" else ""

    seen = recording(sometimes)
    app = composed(seen.override)

    async def main() -> None:
        await asyncio.gather(*(app.greet(name, "hello", {}) for name in ("ada", "bob", "ada")))

    asyncio.run(main())
    assert [call.called_original for call in seen.calls] == [True, False, True]


def test_what_it_raises_is_kept_and_named() -> None:
    """A recording is told by the place of what it records, and blamed under its name (laws O8, O10)."""
    seen = recording(refuses)
    app = composed(seen.override)
    with pytest.raises(RefusedError) as caught:
        app.shout("ada", {})
    assert seen.calls[0].exception is caught.value
    (layer,) = explain(app)[1].layers
    assert (layer.name, layer.style, layer.file) == ("refuses", "call", __file__)
    assert caught.value.__notes__ == [f"in the override 'refuses' of shout, {__file__}:{layer.line}"]


def test_its_faults_are_those_of_what_it_records() -> None:
    """With the same messages and places."""

    @untyped(ShoutCall.override)
    def wrong(call: ShoutCall, name: str) -> str:
        return name

    def faults_of(given: AnyOverride[GreeterInterface]) -> object:
        with pytest.raises(CompositionError) as caught:
            composed(given)
        return caught.value.faults

    assert faults_of(recording(wrong).override) == faults_of(untyped(lambda: wrong)())


def test_it_may_be_recorded_in_a_block_and_again() -> None:
    """A recording of a recording records twice; in a block it holds as any override."""
    first = recording(louder)
    second = recording(first.override)
    app = composed()
    with overriding(app, [second.override]):
        assert asyncio.run(app.greet("ada", "hello", {})) == "HELLO, ADA!"
    asyncio.run(app.greet("bob", "hello", {}))
    for seen in (first, second):
        assert [call.arguments["name"] for call in seen.calls] == ["ada"]
        assert [call.called_original for call in seen.calls] == [True]


def test_a_call_kept_after_its_end() -> None:
    """Going on later is noted too."""
    kept: list[GreetCall] = []

    @GreetCall.override
    async def keeps(call: GreetCall) -> str:
        kept.append(call)
        return ""

    seen = recording(keeps)

    async def main() -> None:
        await composed(seen.override).greet("ada", "hello", {})
        assert not seen.calls[0].called_original
        assert await kept[0].original() == "hello, ADA"

    asyncio.run(main())
    assert seen.calls[0].called_original


def test_what_stands_around_every_function_cannot_be_recorded() -> None:
    """A recording is of one function; the error says so."""

    def traced(function: str, original: Callable[P, R], /) -> Callable[P, R]:
        return original

    with pytest.raises(TypeError, match="'traced' is for every function: record one"):
        recording(wrap_all(traced))


def test_a_function_is_recorded_by_its_class_of_calls() -> None:
    """What goes through it is kept and not changed, for functions of both kinds."""
    greets, shouts = recording(GreetCall), recording(ShoutCall)
    app = compose(implementation(), [greets.override, shouts.override])
    assert asyncio.run(app.greet("ada", "Hello", {})) == "Hello, ADA"
    assert greets.calls[0].arguments["greeting"] == "Hello"
    assert (greets.calls[0].result(), shouts.calls[0].result()) == ("Hello, ADA", "ADA")
    assert greets.calls[0].called_original

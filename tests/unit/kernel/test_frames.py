"""What a call does not pay for: the same Python frames run with and without it."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Callable, Coroutine, Sequence
from types import CodeType, FrameType
from typing import Any, Protocol

import pytest
from typing_extensions import override as overrides

from authweave.kernel import AnyOverride, Call, compose, overridable, override, overriding, use_context
from tests.proving import PROVES
from tests.unit.kernel.greeter import AppContext, Greet, GreeterInterface, Shout, implementation, untyped

pytestmark = pytest.mark.usefixtures("unwatched")


@override(GreeterInterface.shout)
def other(original: Shout, name: str, user_context: AppContext) -> str:
    """Override the function that is not called."""
    return original(name, user_context)


@override(GreeterInterface.greet)
async def layer(original: Greet, name: str, greeting: str, user_context: AppContext) -> str:
    """Take exactly what the interface has."""
    return await original(name, greeting, user_context)


@override(GreeterInterface.greet)
async def answers(original: Greet, name: str, greeting: str, user_context: AppContext) -> str:
    """Answer without the implementation, which would call the other function."""
    del original, user_context
    return f"{greeting}, {name}"


class Greeting(Call[GreeterInterface, str, AppContext], function="greet"):
    """What the layer below is handed."""

    name: str
    greeting: str


@Greeting.override
async def call_layer(call: Greeting) -> str:
    """Go on with everything as it came."""
    return await call.original()


def frames(overrides: Sequence[AnyOverride[GreeterInterface]], *, guards_every_layer: bool = True) -> list[CodeType]:
    """Return the code of every Python frame of a call, in order."""
    return frames_of(compose(implementation(), overrides, guards_every_layer=guards_every_layer).greet)


def frames_of(call: Callable[[str, str, AppContext], Coroutine[Any, Any, str]]) -> list[CodeType]:
    """Call a function under a profile hook. Any: nobody sends to a coroutine of ours."""
    entered: list[CodeType] = []

    def hook(frame: FrameType, event: str, argument: object) -> None:
        del argument
        if event == "call":
            entered.append(frame.f_code)

    async def main() -> None:
        with use_context(AppContext()) as context:
            gc.disable()  # a collection runs frames of others: Hypothesis has two of its own at each
            sys.setprofile(hook)
            try:
                await call("ada", "hello", context)
            finally:
                sys.setprofile(None)
                gc.enable()

    asyncio.run(main())
    return entered


def test_overrides_of_other_functions_cost_nothing() -> None:
    """A function that nobody overrides runs the same frames, however many overrides others have."""
    assert frames([answers, *[other] * 16]) == frames([answers])


def test_a_layer_costs_two_frames() -> None:
    """The override's own, and the link in front of it that keeps the context right."""
    one, two = frames([layer, answers]), frames([layer, layer, answers])
    assert len(two) == len(one) + 2


def test_a_proved_layer_costs_one_frame() -> None:
    """It provably hands its own context on: nothing stands between it and its original."""
    names = [code.co_name for code in frames([layer, layer, answers], guards_every_layer=False)]
    assert names == (
        ["greet", "layer", "layer", "answers"] if PROVES else ["greet", *["layer", "greet"] * 2, "answers"]
    )


def test_a_layer_that_takes_a_call_costs_two_frames() -> None:
    """Its own, and that of `original`, which makes the call of the next one without a link between."""
    one, two = frames([call_layer, answers]), frames([call_layer, call_layer, answers])
    assert len(two) == len(one) + 2


def test_growth_costs_nothing_where_signatures_agree() -> None:
    """An override with the interface's own parameters runs no adapter."""
    names = {code.co_name for code in frames([layer, answers])}
    assert names == {"greet", "layer", "answers"}


def exact(original_implementation: GreeterInterface) -> GreeterInterface:
    """Go on, with the interface's own names."""
    original = original_implementation.greet

    async def greet(name: str, greeting: str, user_context: AppContext) -> str:
        return await original(name, greeting, user_context)

    original_implementation.greet = greet
    return original_implementation


def unused(original_implementation: GreeterInterface) -> GreeterInterface:
    """Go on, with names that say that nobody reads them."""
    original = original_implementation.greet

    async def greet(_name: str, _2: str, _ctx: AppContext) -> str:
        return await original(_name, _2, _ctx)

    untyped(setattr)(original_implementation, "greet", greet)
    return original_implementation


class Freely(GreeterInterface, Protocol):
    """The same function, which allows plain overrides."""

    @overridable(allow_plain=True)
    @overrides
    async def greet(self, name: str, greeting: str, user_context: AppContext) -> str: ...


class FreeGreeter(Freely):
    """Greets politely."""

    @overridable(allow_plain=True)
    @overrides
    async def greet(self, name: str, greeting: str, user_context: AppContext) -> str:
        return f"{greeting}, {name}"

    @overridable
    @overrides
    def shout(self, name: str, user_context: AppContext) -> str:
        return name.upper()


def test_other_names_cost_nothing_where_places_agree() -> None:
    """Neither does what allows plain functions, until one stands there or an original is handed to a seed."""

    def names_in(codes: Sequence[CodeType]) -> list[str]:
        return [code.co_name for code in codes]

    assert names_in(frames([exact, unused, answers])) == names_in(frames([exact, exact, answers]))
    assert names_in(frames([exact, exact, answers])) == ["greet"] * 4 + ["greet", "answers"]
    freely: Freely = FreeGreeter()
    allowing = compose(freely, [layer, answers], guards_every_layer=True)
    assert names_in(frames_of(allowing.greet)) == names_in(frames([layer, answers]))


def test_a_block_costs_nothing_once_it_has_ended() -> None:
    """After scoped overrides the callables are those from before."""
    app = compose(implementation(), [answers])
    before, function = frames_of(app.greet), app.greet
    with overriding(app, [layer]):
        assert app.greet is not function
        assert len(frames_of(app.greet)) > len(before)
    assert app.greet is function


@pytest.mark.parametrize("depth", [0, 3])
def test_the_journal_costs_nothing_when_off(depth: int) -> None:
    """No frame of the journal's module runs."""
    files = {code.co_filename for code in frames([layer] * depth + [answers])}
    assert not any(file.endswith("_journal.py") for file in files)

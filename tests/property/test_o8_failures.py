"""Law O8: an exception arrives unchanged, with one note that names the innermost override it came from."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import cast

import pytest
from hypothesis import example, given

from authweave.kernel import explain
from tests.property.model import predicted
from tests.property.programs import NAMES, Call, Machine, PlannedError, Spec, World, machine
from tests.property.strategies import SETTINGS, calls, stacks

pytestmark = pytest.mark.property


async def failure_of(app: Machine, call: Call) -> PlannedError | None:
    """Run a program; return its exception."""
    function = cast("Callable[..., object]", getattr(app, call.function))  # named by the program
    try:
        result = function(call, World(app))
        if inspect.isawaitable(result):
            await cast("Awaitable[object]", result)  # of unknown type
    except PlannedError as error:
        return error
    return None


@given(stacks(calling=False), calls())
@example((Spec("layer0", "first"), Spec("layer1", "first")), Call("first", fails=True))
@example((Spec("layer0", "third", "wrapper"), Spec("layer1", "third", "seed", fails="after")), Call("third"))
@SETTINGS
def test_the_innermost_override_is_named_once(stack: tuple[Spec, ...], call: Call) -> None:
    """A failure of an override carries one note with its name, file and line; one of the implementation has none."""
    app = machine(stack)
    error = asyncio.run(failure_of(app, call))
    result = predicted(stack, call).result
    assert (error is None) == (not result.startswith("!"))
    if error is None:
        return
    assert f"!{error}" == result
    notes = getattr(error, "__notes__", [])
    if str(error) in NAMES:
        assert notes == []
        return
    layers = [layer for function in explain(app) for layer in function.layers if layer.name == str(error)]
    assert notes == [f"in the override {each.name!r} of {each.function}, {each.file}:{each.line}" for each in layers]


@given(stacks(calling=False, failing=False), calls())
@SETTINGS
def test_it_is_the_same_object(stack: tuple[Spec, ...], call: Call) -> None:
    """What an implementation raises is what the caller catches: no wrapper, no cause, no context added."""
    error = asyncio.run(failure_of(machine(stack), call))
    if error is not None:
        assert type(error) is PlannedError
        assert error.__cause__ is None
        assert error.args == (call.function,) or call.children

"""Nothing is proved while a debugger, a profiler or coverage looks on."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import Final

import pytest

from authweave.kernel import compose, explain, override
from tests.unit.kernel.greeter import AppContext, Greet, GreeterInterface, implementation, untyped


@override(GreeterInterface.greet)
async def goes_on(original: Greet, name: str, greeting: str, user_context: AppContext) -> str:
    """Hand everything on."""
    return await original(name, greeting, user_context)


def trace(*_: object) -> None:
    """Look at nothing."""


def watch_lines() -> Callable[[], None]:
    """Have a debugger look on; return what ends it."""
    former = sys.gettrace()
    sys.settrace(trace)
    return lambda: sys.settrace(former)


def profile() -> Callable[[], None]:
    """Have a profiler look on."""
    former = sys.getprofile()
    sys.setprofile(trace)
    return lambda: sys.setprofile(former)


def watch_threads() -> Callable[[], None]:
    """Have a debugger look on in threads that are started from now on."""
    former = threading.gettrace()
    threading.settrace(untyped(trace))
    return lambda: threading.settrace(untyped(former) if former else None)


def monitor() -> Callable[[], None]:
    """Have a tool monitor, as coverage does from Python 3.12 on."""
    monitoring = vars(sys)["monitoring"]
    monitoring.use_tool_id(4, "test")
    return lambda: monitoring.free_tool_id(4)


WATCHERS: Final[list[Callable[[], Callable[[], None]]]] = [watch_lines, profile, watch_threads]
if sys.version_info >= (3, 12):
    WATCHERS.append(monitor)


@pytest.mark.parametrize("look_on", WATCHERS)
def test_nothing_is_proved_while_somebody_looks_on(look_on: Callable[[], Callable[[], None]]) -> None:
    """A debugger may run between any two lines, and set variables."""
    end = look_on()
    try:
        app = compose(implementation(), [goes_on])
    finally:
        end()
    assert [layer.proved for layer in explain(app)[0].layers] == [False]

"""The synchronous face of an asynchronous function, derived from it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from authweave.kernel import AuthweaveError

from ._default import default_app

P = ParamSpec("P")
R = TypeVar("R")


class RunningLoopError(AuthweaveError, RuntimeError):
    """A synchronous function was called where a loop runs, which it would block."""

    code = "running_loop"


def blocking(function: Callable[P, Coroutine[Any, Any, R]]) -> Callable[P, R]:  # Any: a coroutine's own affair
    """
    Make a function that waits for an asynchronous one: on a loop in a thread of the default application's.

    The caller's context comes along. Under a running loop it refuses, and names the function to await instead.
    """

    @wraps(function)
    def waits(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return default_app().loop_thread.run(function(*args, **kwargs))
        message = (
            f"{function.__name__} of {function.__module__.replace('.asyncio', '.syncio')} would block the running "
            f"loop: await {function.__module__}.{function.__name__} instead."
        )
        raise RunningLoopError(message)

    return waits

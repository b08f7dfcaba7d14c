"""Functions to be awaited that have a form for callers without a loop with them, as those of this recipe have."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import update_wrapper
from typing import Any, Generic, ParamSpec, TypeVar

from authweave.extending import blocking

P = ParamSpec("P")
R = TypeVar("R")


class Synced(Generic[P, R]):
    """
    A function to be awaited. Calling it makes the coroutine.

    Attributes:
        sync: waits for it, on a loop in a thread of the application in use; under a running loop it refuses.
    """

    def __init__(self, function: Callable[P, Coroutine[Any, Any, R]]) -> None:  # Any: nobody sends to it
        self._function = function
        update_wrapper(self, function)

        @blocking(function)
        def sync() -> None:
            """Wait for it."""

        sync.__name__, sync.__qualname__ = f"{function.__name__}.sync", f"{function.__qualname__}.sync"
        sync.__doc__ = function.__doc__
        self.sync: Callable[P, R] = sync

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Coroutine[Any, Any, R]:  # Any: nobody sends to it
        """Call the function."""
        return self._function(*args, **kwargs)


def synced(function: Callable[P, Coroutine[Any, Any, R]]) -> Synced[P, R]:  # Any: nobody sends to it
    """Give a function a form for callers without a loop."""
    return Synced(function)

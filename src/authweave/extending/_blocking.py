"""The synchronous face of an asynchronous function, derived from it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import update_wrapper
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from authweave.kernel import AuthweaveError

from ._default import app_in_use, finder_of_context
from ._on_loop import runs_on_loop

P = ParamSpec("P")
R = TypeVar("R")
SelfT = TypeVar("SelfT")


class RunningLoopError(AuthweaveError, RuntimeError):
    """A synchronous function was called where a loop runs, which it would block."""

    code = "running_loop"


def blocking(
    function: Callable[P, Coroutine[Any, Any, R]],  # Any: what a coroutine yields is the loop's own affair
) -> Callable[[Callable[[], None]], Callable[P, R]]:
    """
    Derive a function that waits for an asynchronous one: on a loop in a thread of the application in use.

    It decorates an empty function, which gives the name and the docstring; parameters and result are those of the
    asynchronous one. The caller's context comes along. Under a running loop it refuses, and names what to await.
    """

    def derive(named: Callable[[], None]) -> Callable[P, R]:
        context_in = finder_of_context(function)

        def waits(*args: P.args, **kwargs: P.kwargs) -> R:
            if not runs_on_loop():
                return app_in_use(context_in(args, kwargs)).run_blocking(function(*args, **kwargs))
            message = (
                f"{named.__module__}.{named.__name__} would block the running loop: await "
                f"{function.__module__}.{function.__name__} instead."
            )
            raise RunningLoopError(message)

        update_wrapper(waits, named, updated=())
        return update_wrapper(waits, function, assigned=("__annotations__",))  # its signature, under the given name

    return derive


def blocking_method(
    method: Callable[Concatenate[SelfT, P], Coroutine[Any, Any, R]],  # Any: as above
) -> Callable[[Callable[[SelfT], None]], Callable[Concatenate[SelfT, P], R]]:
    """
    Derive a method that waits for an asynchronous one, as `blocking` does with a function.

    A subclass that overrides the asynchronous method changes this one with it.
    """
    name = method.__name__

    def derive(named: Callable[[SelfT], None]) -> Callable[Concatenate[SelfT, P], R]:
        def waits(self: SelfT, /, *args: P.args, **kwargs: P.kwargs) -> R:
            if runs_on_loop():
                owner = type(self).__name__
                message = f"{owner}.{named.__name__} would block the running loop: await {owner}.{name} instead."
                raise RunningLoopError(message)
            overridden = cast("Callable[P, Coroutine[Any, Any, R]]", getattr(self, name))  # as the class has it
            return app_in_use().run_blocking(overridden(*args, **kwargs))

        update_wrapper(waits, named, updated=())
        return update_wrapper(waits, method, assigned=("__annotations__",))  # as above

    return derive

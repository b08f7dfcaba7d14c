"""The same stack of layers in other libraries, for ``kernel.py``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator
from typing import ParamSpec, TypeVar

import pluggy
import wrapt

P = ParamSpec("P")
R = TypeVar("R")

specification = pluggy.HookspecMarker("benchmark")
implementation = pluggy.HookimplMarker("benchmark")


class Hooks:
    """The specification of one synchronous function."""

    @specification(firstresult=True)
    def check(self, email: str, password: str, user_context: object) -> str:
        """Take the same three parameters."""
        raise NotImplementedError  # a specification: pluggy calls the implementations alone


class Base:
    """The implementation."""

    @implementation
    def check(self, email: str, password: str, user_context: object) -> str:
        """Do as little as possible."""
        return email


class Wrapper:
    """One layer around it."""

    @implementation(wrapper=True)
    def check(self, email: str, password: str, user_context: object) -> Generator[None, str, str]:
        """Pass the result on."""
        return (yield)


def pluggy_check(depth: int) -> Callable[[], object]:
    """Make a call through pluggy's wrappers."""
    manager = pluggy.PluginManager("benchmark")
    manager.add_hookspecs(Hooks)
    manager.register(Base())
    for _ in range(depth):
        manager.register(Wrapper())
    check = manager.hook.check
    context: dict[str, object] = {}
    return lambda: check(email="e", password="p", user_context=context)


def wrapt_stack(function: Callable[P, Awaitable[R]], depth: int) -> Callable[P, Awaitable[R]]:
    """Put layers around an asynchronous function with wrapt."""

    async def around(
        wrapped: Callable[..., Awaitable[R]], instance: object, args: tuple[object, ...], kwargs: dict[str, object]
    ) -> R:
        del instance
        return await wrapped(*args, **kwargs)

    for _ in range(depth):
        function = wrapt.FunctionWrapper(function, around)
    return function

"""ty: of the overloads of a ``__set__`` in a Protocol, chosen by the kind of function, ty takes the last."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from types import CoroutineType
from typing import Any, Concatenate, Generic, ParamSpec, Protocol, TypeVar, overload

P = ParamSpec("P")
R = TypeVar("R")
F = TypeVar("F", bound=Callable[..., object])


class Function(Generic[F]):
    def __get__(self, instance: object, owner: type) -> F:
        raise NotImplementedError

    @overload
    def __set__(
        self: Function[Callable[P, CoroutineType[Any, Any, R]]],
        instance: object,
        function: Callable[P, Coroutine[Any, Any, R]],
    ) -> None: ...
    @overload
    def __set__(self, instance: object, function: F) -> None: ...
    def __set__(self, instance: object, function: object) -> None: ...


def function(declared: Callable[Concatenate[Any, P], R]) -> Function[Callable[P, R]]:
    raise NotImplementedError


def wrapped(wrapped: Callable[P, Coroutine[Any, Any, R]]) -> Callable[P, Coroutine[Any, Any, R]]:
    return wrapped


class Greeter(Protocol):
    @function
    async def greet(self, name: str) -> str: ...


def seed(greeter: Greeter) -> None:
    greeter.greet = wrapped(greeter.greet)  # wrong: ty

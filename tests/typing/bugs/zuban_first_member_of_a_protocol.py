"""zuban: the first member of a Protocol is `Any` where its decorator makes a descriptor with overloads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Concatenate, Generic, ParamSpec, Protocol, TypeVar, assert_type, overload

P = ParamSpec("P")
R = TypeVar("R")
F_co = TypeVar("F_co", covariant=True)


class Function(Generic[F_co]):
    @overload
    def __get__(self, instance: None, owner: type) -> type: ...
    @overload
    def __get__(self, instance: object, owner: type) -> F_co: ...
    def __get__(self, instance: object, owner: type) -> object:
        raise NotImplementedError


def function(declared: Callable[Concatenate[Any, P], R]) -> Function[Callable[P, R]]:
    raise NotImplementedError


class Greeter(Protocol):
    @function
    def greet(self, name: str) -> str: ...

    @function
    def part(self, name: str) -> str: ...


def greet(greeter: Greeter) -> None:
    assert_type(greeter.part("you"), str)
    assert_type(greeter.greet("you"), str)  # wrong: zuban

"""pyrefly: a generic method behind a descriptor with overloads no longer knows its result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar, assert_type, final, overload

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")
F_co = TypeVar("F_co", covariant=True)


@final
class Nothing: ...


class Function(Generic[F_co]):
    @overload
    def __get__(self: Function[Callable[P, Nothing]], instance: object, owner: type) -> F_co: ...
    @overload
    def __get__(self: Function[Callable[P, str]], instance: object, owner: type) -> Callable[P, str]: ...
    @overload
    def __get__(self, instance: object, owner: type) -> F_co: ...
    def __get__(self, instance: object, owner: type) -> object:
        raise NotImplementedError


def function(declared: Callable[Concatenate[Any, P], R]) -> Function[Callable[P, R]]:
    raise NotImplementedError


class Loader:
    @function
    def load(self, kind: type[T]) -> T:
        return kind()


assert_type(Loader().load(int), int)  # wrong: ty, pyrefly, zuban

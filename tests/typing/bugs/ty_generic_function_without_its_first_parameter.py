"""ty: a generic function from which `Concatenate` takes a parameter no longer knows its result."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar, assert_type

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")


def bound(function: Callable[Concatenate[int, P], R]) -> Callable[P, R]:
    raise NotImplementedError


def load(number: int, kind: type[T]) -> T:
    return kind()


assert_type(bound(load)(str), str)  # wrong: ty

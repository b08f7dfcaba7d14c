"""pyrefly: a descriptor that is read from a parameterised class keeps the type variable of the class."""

from collections.abc import Callable
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar, assert_type

P = ParamSpec("P")
R = TypeVar("R")
T_contra = TypeVar("T_contra", contravariant=True)


class Function(Generic[P, R]):
    def __get__(self, instance: None, owner: type) -> Callable[P, R]:
        raise NotImplementedError


def function(declared: Callable[Concatenate[Any, P], R]) -> Function[P, R]:
    raise NotImplementedError


class Takes(Generic[T_contra]):
    @function
    def take(self, value: T_contra, /) -> int:
        return 0


assert_type(Takes[str].take, Callable[[str], int])  # wrong: pyrefly

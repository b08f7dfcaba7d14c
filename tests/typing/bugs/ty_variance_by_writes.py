"""ty: what a covariant descriptor's ``__set__`` takes makes the classes that use it invariant."""

from collections.abc import Callable
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
F_co = TypeVar("F_co", covariant=True)
T_contra = TypeVar("T_contra", contravariant=True)


class Function(Generic[F_co]):
    def __get__(self, instance: object, owner: type) -> F_co:
        raise NotImplementedError

    def __set__(self, instance: object, function: F_co) -> None: ...  # type: ignore[misc]  # pyright: ignore[reportGeneralTypeIssues]  # wrong: ty, pyrefly, zuban


def function(declared: Callable[Concatenate[Any, P], R]) -> Function[Callable[P, R]]:
    raise NotImplementedError


class Takes(Generic[T_contra]):
    @function
    def take(self, value: T_contra) -> None: ...  # wrong: ty

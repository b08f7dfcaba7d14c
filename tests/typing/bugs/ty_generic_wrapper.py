"""ty: a wrapper for functions of any type is refused where a wrapper for one type is wanted."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def traced(function: Callable[P, R]) -> Callable[P, R]:
    return function


def wrap(wrapper: Callable[[Callable[[str], int]], Callable[[str], int]]) -> None: ...


wrap(traced)  # wrong: ty

"""zuban: a class method that is called on a generic class without its arguments keeps the base's type variable."""

from typing import Generic

from typing_extensions import TypeVar

T = TypeVar("T", default=int)
R = TypeVar("R")


class Base(Generic[R]):
    @classmethod
    def take(cls, value: R) -> None: ...


class Derived(Base[str], Generic[T]): ...


Derived[int].take("text")
Derived.take("text")  # wrong: zuban

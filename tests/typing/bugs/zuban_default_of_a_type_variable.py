"""zuban: a type variable that is solved by the default of another's is `Any`."""

from typing import Generic, assert_type

from typing_extensions import TypeVar

T = TypeVar("T", default=int)


class Part(Generic[T]):
    def __init__(self, value: T | None = None) -> None: ...

    def value(self) -> T:
        raise NotImplementedError


class Whole(Generic[T]):
    def __init__(self, part: Part[T]) -> None: ...

    def value(self) -> T:
        raise NotImplementedError


assert_type(Whole(Part()), Whole[int])  # wrong: zuban

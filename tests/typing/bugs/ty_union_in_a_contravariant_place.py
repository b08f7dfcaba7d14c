"""ty: one of two classes with a common base that is contravariant does not tell the base's type variable."""

from typing import Generic, TypeVar, assert_type

T = TypeVar("T")
T_contra = TypeVar("T_contra", contravariant=True)


class Takes(Generic[T_contra]):
    def take(self, value: T_contra) -> None: ...


class One(Takes[T_contra]): ...


class Other(Takes[T_contra]): ...


class Box(Generic[T]):
    def __init__(self, takes: Takes[T]) -> None: ...

    def value(self) -> T:
        raise NotImplementedError


def box(one: One[int], other: Other[int], *, first: bool) -> None:
    assert_type(Box(one if first else other), Box[int])  # wrong: ty

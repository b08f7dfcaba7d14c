"""zuban: the class that a ``type[T]`` stands for has no ``__name__``."""

from typing import TypeVar

T = TypeVar("T")


def name_of(kind: type[T]) -> str:
    return kind.__name__  # wrong: zuban

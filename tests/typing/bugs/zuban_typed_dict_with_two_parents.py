"""zuban: a TypedDict of two that inherit the same key is refused."""

from typing import TypedDict


class Base(TypedDict, total=False):
    key: int


class One(Base, total=False):
    one: int


class Other(Base, total=False):
    other: int


class Both(One, Other, total=False):  # wrong: zuban
    both: int

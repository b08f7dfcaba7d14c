"""zuban: an attribute of an attrs class is taken to be of the type that its converter takes."""

from collections.abc import Sequence
from typing import assert_type

import attrs


def several(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(values)


@attrs.frozen
class Order:
    names: tuple[str, ...] = attrs.field(converter=several)


assert_type(Order(["one"]).names, tuple[str, ...])  # wrong: zuban

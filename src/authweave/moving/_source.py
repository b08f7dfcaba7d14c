"""Where users come from: one after the other, each with the place after which to go on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import attrs

from ._user import LineFaultError


@attrs.frozen
class Item:
    """
    What stands for a user in a source.

    Attributes:
        place: where to go on after it, in the words of the source.
        line: what people find it by: the number of its line, or of its row.
        value: the user as a line of our own format, or why there is none.
        progress: how much of the source is behind it, in the unit of `Source.size`.
    """

    place: str
    line: int
    value: object | LineFaultError
    progress: int


class Source(Protocol):
    """Where users come from."""

    @property
    def key(self) -> str | None:
        """What tells it from others, also in another process; None where it is always read from the start."""
        ...

    @property
    def size(self) -> int | None:
        """How much there is to read, for a progress bar; None where nobody knows."""
        ...

    def items(self, after: str | None) -> Iterator[Item]:
        """Yield the users, in an order that is always the same, after a place."""
        ...

"""What is left to a person, by file and line."""

from __future__ import annotations

from typing import NamedTuple

import libcst
from typing_extensions import override

from ._source import Source


class Left(NamedTuple):
    """
    What a person has to do.

    Attributes:
        line: where, from 1.
        column: where in the line, from 1.
        what: what it is about and what to do, in sentences.
        row: the row of the page on moving, where one is about it.
    """

    line: int
    column: int
    what: str
    row: str | None = None

    @override
    def __str__(self) -> str:
        return f"{self.line}:{self.column}: {f'{self.row}: ' if self.row else ''}{self.what}"


def left_at(source: Source, node: libcst.CSTNode, what: str, row: str | None = None) -> Left:
    """Return what is left to a person at a node."""
    position, _ = source.span(node)
    return Left(source.line(position), source.column(position), what, row)

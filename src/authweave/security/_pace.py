"""How long work takes, by what was measured."""

from __future__ import annotations

from typing import Final

RECENT: Final = 32
"""Of how many measurements about the average is; older ones fade."""

MOST: Final = 8
"""A clock that leaps, or a process that was stopped, counts for so many times what was expected, and no more."""

SHORTEST_S: Final = 1e-6
"""With a clock that stands still nothing seems to take time; when it goes on, it is learnt from here."""


class Pace:
    """
    Measure continuously how long a piece of work takes, whatever the clock does: no single measurement counts for much.

    Where the machine has become a hundred times slower, thirty measurements tell.

    Args:
        each_s: what is expected at first, in seconds.

    Attributes:
        each_s: what is expected now.
    """

    def __init__(self, each_s: float) -> None:
        self.each_s: float = max(each_s, SHORTEST_S)

    def note(self, taken_s: float) -> float:
        """Note what a piece took. Returns for how long that counts."""
        counted_s = min(max(taken_s, 0.0), MOST * self.each_s)
        self.each_s = max(self.each_s + (counted_s - self.each_s) / RECENT, SHORTEST_S)
        return counted_s

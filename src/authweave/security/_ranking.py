"""Names by their size, and whose is the largest."""

from __future__ import annotations

import heapq
from typing import Final, Generic, TypeVar

K = TypeVar("K")

SPARE: Final = 64
"""Entries of sizes that are past, beyond one for each name, before they are thrown away."""


class Ranking(Generic[K]):
    """Keep sizes that change, and find the largest without looking at all of them: a heap, put right when asked."""

    def __init__(self) -> None:
        self._sizes: dict[K, tuple[int, int]] = {}  # with the number of the last growth
        self._heap: list[tuple[int, int, K]] = []  # one entry for each number, at least as large; others are past
        self._grown = 0

    def change(self, name: K, by: int) -> None:
        """Let a size grow, or shrink; at nought the name is forgotten."""
        size, number = self._sizes.get(name, (0, 0))
        size += by
        if by > 0:
            self._grown += 1
            number = self._grown
            heapq.heappush(self._heap, (-size, -number, name))
        if size:
            self._sizes[name] = size, number
        else:
            self._sizes.pop(name, None)
        if len(self._heap) > 2 * len(self._sizes) + SPARE:
            self._heap = [(-size, -number, name) for name, (size, number) in self._sizes.items()]
            heapq.heapify(self._heap)

    def largest(self, *preferred: K) -> K:
        """
        Return whose size is the largest; of several a preferred one, or who grew last.

        Raises:
            ValueError: there is none.
        """
        while self._heap:
            size, number, name = self._heap[0]
            now, newest = self._sizes.get(name, (0, 0))
            if newest != -number:
                heapq.heappop(self._heap)
            elif now != -size:
                heapq.heapreplace(self._heap, (-now, number, name))
            else:
                return next((each for each in preferred if self._sizes.get(each, (0, 0))[0] == now), name)
        message = "Nothing has a size."
        raise ValueError(message)

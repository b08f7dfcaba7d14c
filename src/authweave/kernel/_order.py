"""The order of overrides: the list's, bent by ``before`` and ``after`` (law O1)."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ._faults import nearest
from ._override import Override, name_of

if TYPE_CHECKING:
    from ._faults import FaultReport


def ordered(overrides: Sequence[object], report: FaultReport) -> list[object]:
    """
    Put overrides in order, the outermost first. What no constraint decides keeps the order of the list.

    Faults noted: a constraint on a name that no override has; a cycle, with the names in it.
    """
    names = [each.name if isinstance(each, Override) else name_of(each) for each in overrides]
    inside: list[set[int]] = [set() for _ in overrides]
    for index, each in enumerate(overrides):
        if not isinstance(each, Override) or not (each.before or each.after):
            continue
        for name in (*each.before, *each.after):
            if name not in names:
                message = f"{each.name!r} is ordered by {name!r}, which no override is named; {nearest(name, names)}"
                report.add(message, each.call)
        for other, name in enumerate(names):
            if name in each.before and other != index:
                inside[index].add(other)
            if name in each.after and other != index:
                inside[other].add(index)
    waiting = [0] * len(overrides)
    for targets in inside:
        for target in targets:
            waiting[target] += 1
    ready = [index for index, count in enumerate(waiting) if count == 0]
    heapq.heapify(ready)
    order: list[int] = []
    while ready:
        index = heapq.heappop(ready)
        order.append(index)
        for target in inside[index]:
            waiting[target] -= 1
            if waiting[target] == 0:
                heapq.heappush(ready, target)
    if len(order) < len(overrides):
        left = [index for index in range(len(overrides)) if index not in set(order)]
        cycle = find_cycle(left, inside)
        chain = " before ".join(repr(names[index]) for index in [*cycle, cycle[0]])
        first = overrides[cycle[0]]
        report.add(f"overrides contradict each other: {chain}.", first.call if isinstance(first, Override) else first)
        return list(overrides)
    return [overrides[index] for index in order]


def find_cycle(left: Sequence[int], inside: Sequence[set[int]]) -> list[int]:
    """Return a cycle among nodes that each have a predecessor among themselves."""
    predecessor = {target: index for index in left for target in inside[index] if target in left}
    walked: list[int] = []
    node = left[0]
    while node not in walked:
        walked.append(node)
        node = predecessor[node]
    return list(reversed(walked[walked.index(node) :]))

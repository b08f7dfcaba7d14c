"""The order of overrides: the list's, bent by ``before`` and ``after`` (law O1)."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from graphlib import CycleError, TopologicalSorter
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
    sorter: TopologicalSorter[int] = TopologicalSorter(dict.fromkeys(range(len(overrides)), ()))
    for index, each in enumerate(overrides):
        if isinstance(each, Override) and (each.before or each.after):
            note_unknown(each, names, report)
            for other in indices(names, each.before, index):
                sorter.add(other, index)
            for other in indices(names, each.after, index):
                sorter.add(index, other)
    try:
        sorter.prepare()
    except CycleError as error:
        cycle: list[int] = error.args[1]
        first = overrides[cycle[0]]
        chain = " before ".join(repr(names[index]) for index in cycle)
        report.add(f"overrides contradict each other: {chain}.", first.call if isinstance(first, Override) else first)
        return list(overrides)
    order: list[int] = []
    ready = list(sorter.get_ready())
    heapq.heapify(ready)
    while ready:
        index = heapq.heappop(ready)
        order.append(index)
        sorter.done(index)
        for freed in sorter.get_ready():
            heapq.heappush(ready, freed)
    return [overrides[index] for index in order]


def indices(names: Sequence[str], wanted: Sequence[str], own: int) -> list[int]:
    """Return where the wanted names stand, without one's own place."""
    return [other for other, name in enumerate(names) if name in wanted and other != own]


def note_unknown(each: Override[object], names: Sequence[str], report: FaultReport) -> None:
    """Note the names in an override's constraints that no override has."""
    for name in (*each.before, *each.after):
        if name not in names:
            message = f"{each.name!r} is ordered by {name!r}, which no override is named; {nearest(name, names)}"
            report.add(message, each.call)

"""The order of overrides: the list's, bent by ``before`` and ``after`` (law O1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ._faults import nearest
from ._override import Override, name_of

if TYPE_CHECKING:
    from ._faults import FaultReport


def sort_overrides(overrides: Sequence[object], report: FaultReport) -> list[object]:
    """
    Put overrides in order, the outermost first. What no constraint decides keeps the order of the list.

    Faults noted: a constraint on a name that no override has; a cycle, with the names in it.
    """
    if not any(any(constraints(each)) for each in overrides):
        return list(overrides)
    import heapq
    from graphlib import CycleError, TopologicalSorter

    names = [each.name if isinstance(each, Override) else name_of(each) for each in overrides]
    sorter: TopologicalSorter[int] = TopologicalSorter(dict.fromkeys(range(len(overrides)), ()))
    for index, each in enumerate(overrides):
        before, after = constraints(each)
        for name in {*before, *after}.difference(names):
            message = f"{names[index]!r} is ordered by {name!r}, which no override is named; {nearest(name, names)}"
            report.add(message, place_in(each))
        for other in indices(names, before, index):
            sorter.add(other, index)
        for other in indices(names, after, index):
            sorter.add(index, other)
    try:
        sorter.prepare()
    except CycleError as error:
        cycle: list[int] = error.args[1]
        chain = " before ".join(repr(names[index]) for index in cycle)
        report.add(f"overrides contradict each other: {chain}.", place_in(overrides[cycle[0]]))
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


def constraints(each: object) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return an override's ``before`` and ``after``; a seed-style function has none."""
    return (each.before, each.after) if isinstance(each, Override) else ((), ())


def place_in(each: object) -> object:
    """Return the function whose file and line tell where an override was written."""
    return each.call if isinstance(each, Override) else each


def indices(names: Sequence[str], wanted: Sequence[str], own: int) -> list[int]:
    """Return where the wanted names stand, without one's own place."""
    if not wanted:
        return []
    return [other for other, name in enumerate(names) if name in wanted and other != own]

"""Overrides in the seeds' style: a function that replaces attributes of what it is handed, and returns it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import TYPE_CHECKING

from ._faults import code_of, nearest
from ._frozen import become
from ._override import name_of

if TYPE_CHECKING:
    from ._declaration import AnyCall
    from ._faults import FaultReport


def run_seed(
    seed: Callable[[object], object],
    base: object,
    below: dict[str, AnyCall],
    switches: dict[str, bool],
    frozen: type,
    report: FaultReport,
) -> tuple[dict[str, AnyCall], dict[str, bool]]:
    """
    Run a seed-style function on a copy of an implementation.

    Args:
        seed: the function.
        base: the implementation.
        below: its functions, as the layers below make them. The copy has them, and keeps them forever.
        switches: its switches, as the layers below left them.
        frozen: the type that the copy is given once the function has run.
        report: where faults are noted.

    Returns:
        The functions that it replaced, and the switches as it left them.
    """
    handed = copy.copy(base)
    attributes = {**vars(handed), **below, **switches}
    vars(handed).update(attributes)
    try:
        returned = seed(handed)
    except Exception as error:  # noqa: BLE001  a user's function: whatever it raises is a fault to report
        report.add(f"{name_of(seed)!r} raised {type(error).__name__}: {error}", seed)
        return {}, switches
    after = dict(vars(handed))
    vars(handed).clear()
    vars(handed).update(attributes)
    become(handed, frozen)
    if returned is not handed:
        what = type(returned).__name__
        report.add(f"{name_of(seed)!r} returned {what}: return the object that it was handed.", seed)
    others = (name for name in after if name not in below and name not in switches)
    for name in (name for name in others if name not in attributes or after[name] is not attributes[name]):
        message = (
            f"{name_of(seed)!r} replaced {name!r}, which is no function of it; {nearest(name, [*below, *switches])}"
        )
        report.add(message, seed if code_of(after[name]) is None else after[name])
    replaced: dict[str, AnyCall] = {}
    for name, call in ((name, after.get(name)) for name in below):
        if not callable(call):
            report.add(f"{name_of(seed)!r} replaced {name!r} by a {type(call).__name__}, which cannot be called.", seed)
        elif call is not below[name]:
            replaced[name] = call
    return replaced, {name: checked_switch(seed, name, after.get(name), report) for name in switches}


def checked_switch(seed: Callable[[object], object], name: str, value: object, report: FaultReport) -> bool:
    """Return what a switch was set to; note a fault where that is neither True nor False."""
    if not isinstance(value, bool):
        report.add(f"{name_of(seed)!r} set {name!r} to {value!r}: a switch is True or False.", seed)
    return value is True

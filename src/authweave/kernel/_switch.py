"""Switches: a seed-style override may switch a function off, ``original.disable_sign_in_post = True``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

SWITCH: Final = "disable_"
"""How the name of a switch begins; it ends with that of the function."""


def switches_of(implementation: object, functions: Iterable[str]) -> dict[str, bool]:
    """
    Return the switches of an implementation, by name, as they stand.

    An interface declares them beside its functions: ``disable_sign_in_post: bool = False``.
    """
    names = (f"{SWITCH}{name}" for name in functions)
    return {name: getattr(implementation, name) for name in names if hasattr(type(implementation), name)}


def is_switched_off(composed: object, function: str) -> bool:
    """
    Return whether an override has switched a function of a composed object off.

    The kernel calls it all the same: who serves the function leaves it out.

    .. versionadded:: 0.1.0
    """
    switch: object = getattr(composed, f"{SWITCH}{function}", False)
    return switch is True

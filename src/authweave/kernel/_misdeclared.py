"""Declarations that cannot mean what they seem to, where `overridable` is in the wrong place or on the wrong thing."""

from __future__ import annotations

from functools import cached_property
from types import FunctionType
from typing import TYPE_CHECKING

from ._faults import nearest
from ._interface import Overridable

if TYPE_CHECKING:
    from ._faults import FaultReport


def check_declarations(cls: type, report: FaultReport) -> None:
    """Note each overridable function of a class that would be lost without a word."""
    known: dict[str, type] = {}
    for owner in reversed(cls.__mro__):
        for name, value in vars(owner).items():
            if isinstance(value, Overridable):
                if name not in known and says_override(value):
                    note_misspelt(owner, name, value, known, report)
                known[name] = owner
            elif isinstance(inner := below(value), Overridable):
                message = f"{owner.__qualname__}.{name} cannot be overridden: {remedy(value)}"
                report.add(message, inner.declaration.declared)


def says_override(function: Overridable[..., object]) -> bool:
    """Say whether ``typing.override`` stands above or below `overridable`."""
    return any(getattr(each, "__override__", None) is True for each in (function, function.declaration.declared))


def note_misspelt(
    owner: type, name: str, function: Overridable[..., object], known: dict[str, type], report: FaultReport
) -> None:
    """Note a function that is marked as one of a base class, where no base class has it."""
    message = f"{owner.__qualname__}.{name} is marked @override, and no base class has it; {nearest(name, known)}"
    report.add(message, function.declaration.declared)


def below(value: object) -> object:
    """Return what stands below a decorator of the standard library; None where that cannot be told."""
    if isinstance(value, (classmethod, staticmethod)):
        found: object = value.__func__  # Any, in typeshed
        return found
    if isinstance(value, property):
        return value.fget
    if isinstance(value, cached_property):
        return value.func
    return getattr(value, "__wrapped__", None) if type(value) is FunctionType else None


def remedy(value: object) -> str:
    """Say what to write instead of something that hides an overridable function."""
    if type(value) is FunctionType:
        return "write @overridable above its other decorators."
    return f"it is a {type(value).__name__}; write a method, which takes self."

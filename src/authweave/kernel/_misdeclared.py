"""Declarations that cannot mean what they seem to, where `overridable` is in the wrong place or on the wrong thing."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from types import FunctionType
from typing import TYPE_CHECKING, cast

from ._declaration import SOUND
from ._faults import nearest
from ._interface import Overridable

if TYPE_CHECKING:
    from ._faults import FaultReport


def check_declarations(cls: type, report: FaultReport) -> None:
    """Note each overridable function of a class that would be lost without a word."""
    sound = True
    known: dict[str, type] = {}
    for owner in reversed(cls.__mro__):
        for name, value in vars(owner).items():
            if is_overridable(value):
                declared = declared_function(value)
                if name not in known and (says_override(value) or says_override(declared)):
                    message = f"{owner.__qualname__}.{name} is marked @override, and no base class has it; "
                    report.add(message + nearest(name, known), declared)
                    sound = False
                known[name] = owner
            elif is_overridable(inner := unwrap(value)):
                message = f"{owner.__qualname__}.{name} cannot be overridden: {remedy(value)}"
                report.add(message, declared_function(inner))
                sound = False
    if sound:
        setattr(cls, SOUND, True)


def is_overridable(value: object) -> bool:
    """Return whether something is a function that may be overridden."""
    return isinstance(value, Overridable)


def hides_overridable(value: object) -> bool:
    """Return whether something was told of already, as what an overridable function is lost in."""
    return is_overridable(unwrap(value))


def declared_function(function: object) -> object:
    """Return the function that was marked."""
    marked = cast("Overridable[Callable[..., object]]", function)  # isinstance() cannot see type arguments
    return marked.declaration.declared


def says_override(function: object) -> bool:
    """Return whether something is marked by ``typing.override``."""
    return getattr(function, "__override__", None) is True


def unwrap(value: object) -> object:
    """Return what stands below a decorator of the standard library; None where that cannot be told."""
    if isinstance(value, (classmethod, staticmethod, FunctionType)):
        return getattr(cast("object", value), "__wrapped__", None)  # of any parameters
    if isinstance(value, property):
        return value.fget
    return cast("cached_property[object]", value).func if isinstance(value, cached_property) else None  # as above


def remedy(value: object) -> str:
    """Say what to write instead of something that hides an overridable function."""
    if type(value) is FunctionType:
        return "write @overridable above its other decorators."
    return f"it is a {type(value).__name__}; write a method, which takes self."

"""Which types travel as JSON, and what they are made of."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final, Literal, TypeVar, cast, get_args, get_origin

import attrs
from typing_extensions import TypeAliasType

from authweave.extending import RecipeAPIOptions
from authweave.recipe.session.container import SessionContainer
from authweave.types import JSON, FrozenList, RecipeUserId

SCALARS: Final[frozenset[object]] = frozenset(
    {str, int, float, bool, type(None), object, RecipeUserId, SessionContainer}
)
SEQUENCES: Final[frozenset[object]] = frozenset({Sequence, list, tuple, FrozenList})
MAPPINGS: Final[frozenset[object]] = frozenset({Mapping, dict})
UNIONS: Final[frozenset[object]] = frozenset({typing.Union, types.UnionType})


def members(declared: object) -> tuple[object, ...]:
    """Return the types that a value may be of: those of a union, and of the unions in it; generic classes as bare."""
    if declared is JSON or declared is Any or isinstance(declared, TypeVar):
        return (object,)
    if isinstance(declared, TypeAliasType):
        return members(declared.__value__)
    origin = get_origin(declared)
    if origin in UNIONS:
        return tuple(each for argument in get_args(declared) for each in members(argument))
    if isinstance(origin, type) and attrs.has(origin):
        return (origin,)
    return (type(None),) if declared is None else (declared,)


@cache
def fields_of(cls: type[object]) -> Mapping[str, tuple[attrs.Attribute[Any], object]]:  # Any: an attribute of any type
    """Return the attributes of a class of values that its constructor takes, with their types."""
    hints = typing.get_type_hints(cls)
    return {
        each.name: (each, hints[each.name])
        for each in attrs.fields(cast("type[attrs.AttrsInstance]", cls))
        if each.init
    }


def is_value_class(declared: object) -> bool:
    """Return whether a type is a class of values: of attrs, and nothing that belongs to a running application."""
    return isinstance(declared, type) and attrs.has(declared) and not issubclass(declared, RecipeAPIOptions)


@cache
def travels(declared: object) -> bool:
    """Return whether values of a type can be sent as JSON."""
    return all(member_travels(each) for each in members(declared))


def member_travels(member: object) -> bool:
    """Return whether values of a type that is no union can be sent as JSON."""
    origin = get_origin(member)
    if member in SCALARS or origin is Literal:
        return True
    if origin in SEQUENCES:
        return all(travels(each) for each in get_args(member) if each is not ...)
    if origin in MAPPINGS:
        key, value = get_args(member)
        return key is str and travels(value)
    return is_value_class(member) and all(travels(each) for _, each in fields_of(cast("type", member)).values())

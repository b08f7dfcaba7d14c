"""What a webhook answers, as values of the types that a function takes and returns."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Final, Literal, cast, get_args, get_origin

import attrs

from authweave.recipe.session.container import EmptySession, SessionContainer
from authweave.types import JSON, JSONObject, RecipeUserId

from ._plain import MAPPINGS, SEQUENCES, fields_of, is_value_class, members
from ._writing import LARGEST, TYPE

TEXTS: Final[frozenset[object]] = frozenset({str, RecipeUserId})
NUMBERS: Final[frozenset[object]] = frozenset({int, float})
ONLY_THEMSELVES: Final[frozenset[object]] = frozenset({bool, type(None)})


DEPTH: Final = 32
"""How deep what an answer brings may be nested: it is kept, and written as JSON again by others."""


class NotReadableError(Exception):
    """An answer is not what it has to be; says where, and never what stands there."""


def no_repeated_names(pairs: list[tuple[str, JSON]]) -> dict[str, JSON]:
    """Return an object; refuse one that has a name twice, of which others may read the other value."""
    read = dict(pairs)
    if len(read) < len(pairs):
        message = "has an object with a name twice"
        raise NotReadableError(message)
    return read


def no_constant(_: str) -> float:
    """Refuse NaN and the infinities, which are no JSON."""
    message = "has a number that is none"
    raise NotReadableError(message)


def parsed(body: bytes) -> JSONObject:
    """
    Read the object that an answer is.

    Raises:
        NotReadableError: it is none, or holds what no JSON of ours may.
    """
    try:
        read = cast(
            "JSON", json.loads(body.decode(), object_pairs_hook=no_repeated_names, parse_constant=no_constant)
        )  # json.loads is typed Any
        check_parts(read)
    except (ValueError, RecursionError):
        message = "is no JSON"
        raise NotReadableError(message) from None  # the error would carry what it read
    if not isinstance(read, Mapping):
        message = "is no JSON object"
        raise NotReadableError(message)
    return read


def check_parts(value: JSON, depth: int = 0) -> None:
    """Refuse text that no database takes, numbers that not everybody reads alike, and what is nested too deep."""
    if depth > DEPTH:
        message = f"is nested deeper than {DEPTH}"
        raise NotReadableError(message)
    if isinstance(value, str):
        if "\0" in value:
            message = "has text with a NUL in it"
            raise NotReadableError(message)
        value.encode()  # a lone surrogate is a ValueError
    elif isinstance(value, int | float) and not -LARGEST <= value <= LARGEST:
        message = "has a number that is too large"
        raise NotReadableError(message)
    elif isinstance(value, Mapping):
        for name, each in value.items():
            check_parts(name)
            check_parts(each, depth + 1)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for each in value:
            check_parts(each, depth + 1)


@attrs.frozen
class Reader:
    """
    Reads values of declared types from JSON. Nothing is converted: a number is no text, and the other way round.

    Attributes:
        sessions: those that the webhook was told of, by their handles.
    """

    sessions: Mapping[str, SessionContainer] = attrs.field(repr=False)

    def value(self, declared: object, found: JSON, where: str) -> object:
        """
        Read a value.

        Raises:
            NotReadableError: it is not of the type.
        """
        possible = members(declared)
        classes = {each.__name__: each for each in possible if is_value_class(each) and isinstance(each, type)}
        named = found.get(TYPE) if isinstance(found, Mapping) else None
        if isinstance(named, str) and named in classes:
            return self.instance(classes[named], cast("JSONObject", found), where)  # named is of a mapping
        for each in possible:
            if is_of(each, found) and (each not in classes.values() or (named is None and len(classes) == 1)):
                return self.member(each, found, where)
        known = sorted(classes)
        message = f"has another type at {where}" + (f", where {' or '.join(known)} may stand" if known else "")
        raise NotReadableError(message)

    def member(self, member: object, found: JSON, where: str) -> object:
        """Read a value of a type that is no union, and that its JSON is of."""
        origin = get_origin(member)
        if member is RecipeUserId:
            return RecipeUserId(cast("str", found))  # is_of() has looked
        if isinstance(member, type) and issubclass(member, SessionContainer):
            return self.session(cast("JSONObject", found), where)  # as above
        if origin in SEQUENCES:
            item = get_args(member)[0]
            items = [self.value(item, each, f"{where}.{index}") for index, each in enumerate(cast("list[JSON]", found))]
            return tuple(items) if origin is tuple else items
        if origin in MAPPINGS:
            item = get_args(member)[1]
            entries = cast("JSONObject", found)  # as above
            return {name: self.value(item, each, f"{where}[{name[:64]!r}]") for name, each in entries.items()}
        if isinstance(member, type) and is_value_class(member):
            return self.instance(member, cast("JSONObject", found), where)  # as above
        return found

    def instance(self, cls: type, found: JSONObject, where: str) -> object:
        """Read a value of a class of attrs: all that has to be there, and nothing else."""
        fields = fields_of(cls)
        if unknown := [name for name in found if name not in fields and name != TYPE]:
            message = f"has {unknown[0][:64]!r} at {where}, which {cls.__name__} does not have"
            raise NotReadableError(message)
        if missing := [name for name, (f, _) in fields.items() if f.default is attrs.NOTHING and name not in found]:
            message = f"lacks {missing[0]!r} at {where}, which {cls.__name__} has to have"
            raise NotReadableError(message)
        values = {
            field.alias or name: self.value(declared, found[name], f"{where}.{name}")
            for name, (field, declared) in fields.items()
            if name in found
        }
        try:
            return cast("object", cls(**values))  # what a class of attrs makes
        except (TypeError, ValueError):
            message = f"has a {cls.__name__} at {where} that cannot be"
            raise NotReadableError(message) from None

    def session(self, found: JSONObject, where: str) -> SessionContainer:
        """Return the session that a webhook was told of, or none; it cannot make one up."""
        if found.get(TYPE) == "EmptySession" and len(found) == 1:
            return EmptySession()
        handle = found.get("session_handle")
        if found.get(TYPE) == "Session" and isinstance(handle, str) and handle in self.sessions:
            return self.sessions[handle]
        message = f"has a session at {where} that is neither an EmptySession nor one of this call"
        raise NotReadableError(message)


def is_of(member: object, found: JSON) -> bool:
    """Return whether JSON may be of a type, by its outermost form."""
    origin = get_origin(member)
    if member is object or origin is Literal:
        return origin is not Literal or any(found == each and type(found) is type(each) for each in get_args(member))
    if member in TEXTS:
        return isinstance(found, str)
    if member in NUMBERS:
        return isinstance(found, int if member is int else (int, float)) and not isinstance(found, bool)
    if member in ONLY_THEMSELVES:
        return isinstance(found, cast("type", member))  # one of the two
    if origin in SEQUENCES:
        return isinstance(found, list)
    return isinstance(found, dict) and (origin in MAPPINGS or isinstance(member, type))

"""The fields of a line, read one by one. What is wrong with one is said in a sentence that holds nothing of it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Final, TypeAlias, TypeVar, cast

from authweave.storage import check_text
from authweave.types import JSON, BadInputError

from ._user import LineFaultError

Kind = TypeVar("Kind")
Line: TypeAlias = dict[str, JSON]

MAX_TIME_MS: Final = 253_402_300_799_999
"""The end of the year 9999."""

MAX_SHOWN_CHARACTERS: Final = 40
"""Of a field's name: a longer one may be a value that stands in the wrong place."""


def object_of(value: object, fault: str) -> Line:
    """Return a JSON object."""
    if not isinstance(value, dict):
        raise LineFaultError(fault)
    return cast("Line", value)  # whose keys are texts


def check_fields(line: Line, known: Collection[str], where: str) -> None:
    """Check that there is no field that nobody would read: a slip of the pen would lose a hash, or a role."""
    for name in line:
        if name not in known:
            shown = name if name.isidentifier() and len(name) <= MAX_SHOWN_CHARACTERS else "..."
            raise LineFaultError(f"{where}there is no field {shown!r}")


def optional(line: Line, name: str, read: Callable[[str, object], Kind]) -> Kind | None:
    """Return a field, where there is one."""
    value = line.get(name)
    return None if value is None else read(name, value)


def required(line: Line, name: str, read: Callable[[str, object], Kind]) -> Kind:
    """Return a field that has to be there."""
    return read(name, line.get(name))


def text_of(name: str, value: object) -> str:
    """Return a text that a store can keep."""
    if not isinstance(value, str) or not value:
        raise LineFaultError(f"{name!r} has to be a text")
    try:
        check_text(value, name)
    except BadInputError as error:
        raise LineFaultError(str(error)) from None
    return value


def time_of(name: str, value: object) -> int:
    """Return a time in milliseconds since the epoch."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_TIME_MS:
        raise LineFaultError(f"{name!r} has to be milliseconds since 1970, a whole number")
    return value


def flag(line: Line, name: str, *, default: bool) -> bool:
    """Return a field that is true or false."""
    value = line.get(name)
    if value is None:
        return default
    if not isinstance(value, bool):
        raise LineFaultError(f"{name!r} has to be true or false")
    return value


def whole_of(line: Line, name: str, usual: int) -> int:
    """Return a field that is a whole number."""
    value = line.get(name)
    if value is None:
        return usual
    if isinstance(value, bool) or not isinstance(value, int):
        raise LineFaultError(f"{name!r} has to be a whole number")
    return value


def without_nothing(line: Line) -> Line:
    """Return a line without the fields that say nothing."""
    return {name: value for name, value in line.items() if value is not None}

"""What a function may return, read from its annotation; for debug mode only."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, get_args, get_origin

from typing_extensions import is_typeddict

from ._signature import result_type

if TYPE_CHECKING:
    from ._declaration import AnyCall


NUMERIC_TOWER: Final[Mapping[type, tuple[type, ...]]] = {float: (float, int), complex: (complex, float, int)}
"""What PEP 484 lets stand for what."""


def expected_result(declared: AnyCall) -> Callable[[object], str | None]:
    """
    Make a check of a function's results against its annotation.

    Returns:
        A function that returns what was expected, or None where a result is right. What cannot be read or checked
        (type variables, protocols, unresolved names) passes.
    """
    try:
        annotation: object = result_type(declared)
    except Exception:  # noqa: BLE001  whatever a name under TYPE_CHECKING or a user's annotation raises
        return lambda _: None
    classes = classes_of(annotation)
    if classes is None:
        return lambda _: None
    expected = "expected " + " or ".join(cls.__name__ for cls in classes)
    return lambda result: None if isinstance(result, classes) else expected


def classes_of(annotation: object) -> tuple[type, ...] | None:
    """Return the classes that an annotation allows; None if it cannot be told."""
    if annotation is None:
        return (type(None),)
    if annotation is Any:  # a class since Python 3.11, but none for isinstance()
        return None
    if get_origin(annotation) in {typing.Union, types.UnionType}:
        parts = [classes_of(part) for part in get_args(annotation)]
        known = [part for part in parts if part is not None]
        return tuple(cls for part in known for cls in part) if len(known) == len(parts) else None
    origin = get_origin(annotation) or annotation
    if not isinstance(origin, type) or getattr(origin, "_is_protocol", False) or is_typeddict(origin):
        return None
    if origin in NUMERIC_TOWER:
        return NUMERIC_TOWER[origin]
    return (origin,)

"""JSON as Python values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from typing_extensions import TypeAliasType

if TYPE_CHECKING:
    JSON: TypeAlias = "str | int | float | bool | Sequence[JSON] | Mapping[str, JSON] | None"
else:
    # Who reads annotations at run time, FastAPI for one, can follow the recursion of a named type alone. pyright cannot
    # always: it takes what stands inside for unknown.
    JSON = TypeAliasType("JSON", "str | int | float | bool | Sequence[JSON] | Mapping[str, JSON] | None")
JSONObject: TypeAlias = Mapping[str, JSON]

UncheckedJSON: TypeAlias = dict[str, Any] | Any  # Any: both JSONObject and Dict[str, Any] may be written for it
"""A JSON object that overrides are handed, and hand on: a dictionary, whichever way they annotate it."""

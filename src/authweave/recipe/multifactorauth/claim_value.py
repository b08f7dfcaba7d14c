"""What a session says of its factors, as it stands in its payload: ``{"c": {factor: seconds}, "v": bool}``."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import TypeGuard

from authweave.types import JSON, JSONObject

from .values import MFAClaimValue


def value_in(payload: JSONObject, key: str) -> MFAClaimValue | None:
    """Return what a payload says; None where it says nothing, or nothing that can be read: it is fetched then."""
    held = payload.get(key)
    if not isinstance(held, Mapping):
        return None
    shown, is_complete = held.get("c"), held.get("v")
    if not isinstance(shown, Mapping) or not isinstance(is_complete, bool):
        return None
    return MFAClaimValue({factor: int(at) for factor, at in shown.items() if is_time(at)}, is_complete)


def is_time(value: JSON) -> TypeGuard[int | float]:
    """Return whether something is a number of seconds."""
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def written(value: MFAClaimValue) -> dict[str, JSON]:
    """Return it as it stands in a payload."""
    return {"c": dict[str, JSON](value.c), "v": value.v}

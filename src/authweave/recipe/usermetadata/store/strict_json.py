"""What may be kept: JSON as RFC 8259 has it, of bounded length and depth, and how an update changes it."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import Final

from authweave.storage import json_object, json_text
from authweave.types import JSON, BadInputError, JSONObject

MAX_METADATA_CHARACTERS: Final = 262_144
"""Of JSON in ASCII, with one user."""

MAX_METADATA_DEPTH: Final = 32
"""Objects and lists in each other."""


def merged(text: str, update: JSONObject) -> str:
    """
    Return what is kept with a user after an update: a key at the top is replaced whole, None there removes its key.

    Args:
        text: what is kept, as JSON.
        update: checked here.

    Raises:
        authweave.types.BadInputError: the update is no JSON object, or the whole would be too long.
    """
    both = {**json_object(text), **update}
    whole = json_text({key: value for key, value in both.items() if value is not None}, "metadata")
    if len(whole) > MAX_METADATA_CHARACTERS:
        message = f"The metadata of the user would be longer than the {MAX_METADATA_CHARACTERS} characters of JSON"
        raise BadInputError(f"{message} that are allowed.")
    return whole


def check_metadata(metadata: JSONObject) -> None:
    """
    Check all that is to be kept with a user who has nothing yet.

    Raises:
        authweave.types.BadInputError: as `check_update` and `merged`.
    """
    check_update(metadata)
    merged("{}", metadata)


def check_update(update: JSONObject) -> None:
    """
    Check an update before the store is asked. Programs that no type checker has read hand over anything.

    ``json.dumps`` alone would write a number or None that is a key as a text, and read something else than was kept.

    Raises:
        authweave.types.BadInputError: it is no object in JSON's own types, or too deep.
    """
    if not isinstance(update, dict):
        raise BadInputError(f"metadata_update is a {type(update).__name__}, and has to be a dict.")
    check_value(update, 1)


def check_value(value: JSON, depth: int) -> None:
    """Check a value, and what is in it. Raises as `check_update`."""
    if isinstance(value, float) and not math.isfinite(value):
        raise BadInputError("metadata_update holds a number that JSON has not (NaN, infinity).")
    if value is None or isinstance(value, str | int | float):
        return
    if depth > MAX_METADATA_DEPTH:
        raise BadInputError(f"metadata_update is deeper than the {MAX_METADATA_DEPTH} levels that are allowed.")
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):  # pyright: ignore[reportUnnecessaryIsInstance]  as above
            raise BadInputError("metadata_update has a key that is no text.")
        inner: Collection[JSON] = value.values()
    elif isinstance(value, list | tuple):
        inner = value
    else:
        raise BadInputError(f"metadata_update holds a {type(value).__name__}, which is no JSON.")
    for each in inner:
        check_value(each, depth + 1)


def read(text: str | None) -> dict[str, JSON]:
    """Return what is kept as an object of its own."""
    return {} if text is None else dict(json_object(text))

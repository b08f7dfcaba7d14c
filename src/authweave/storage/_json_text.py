"""JSON objects as the text that a store keeps."""

from __future__ import annotations

import json
from typing import Final, cast

from authweave.types import BadInputError, JSONObject

WRITER: Final = json.JSONEncoder(allow_nan=False, separators=(",", ":"))

MAX_JSON_CHARACTERS = 1_000_000
"""Of one object. A session's claims must stay far below it: they travel in a cookie."""


def json_text(value: JSONObject, name: str) -> str:
    """
    Write a JSON object, in ASCII: NUL and lone surrogates are escaped, so that any store can keep them.

    Args:
        value: the object.
        name: what it is, for the message.

    Raises:
        authweave.types.BadInputError: it holds what JSON has not (NaN, other objects, itself), or is too long.
    """
    try:
        text = WRITER.encode(value)
    except (TypeError, ValueError, RecursionError):
        # Without the error itself: it may carry a part of the object.
        raise BadInputError(f"{name} cannot be written as JSON: use only its own types, without NaN.") from None
    if len(text) > MAX_JSON_CHARACTERS:
        raise BadInputError(f"{name} is longer than the {MAX_JSON_CHARACTERS} characters of JSON that are allowed.")
    return text


def json_object(text: str) -> JSONObject:
    """Read what `json_text` wrote; always a new object."""
    if text == "{}":  # most of them
        return {}
    return cast("JSONObject", json.loads(text))  # json.loads is typed Any; only objects are ever written

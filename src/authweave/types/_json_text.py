"""JSON that a client sent, whose size in values is bounded before any is made of it; and JSON that it is sent."""

from __future__ import annotations

import json
import re
from itertools import islice
from typing import Final, cast

from ._errors import BadInputError
from ._json import JSON

MAX_JSON_VALUES: Final = 10_000
"""How many objects, lists and members a body may have: two milliseconds' work, where a megabyte of them takes forty."""

WRITER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
"""`json.dumps` would make one of these for each text."""

STRUCTURE: Final = re.compile(r'(?:"[^"]*+"?|[^\[{,"]++)*+(?:([\[{,])|\Z)')
"""What stands before the next of ``[{,`` outside of a text, and that one. It matches from everywhere: no way back."""


def compact_json(value: JSON) -> str:
    """Return a value as JSON for clients: without blanks, and not in ASCII alone."""
    return WRITER.encode(value)


def json_of(body: bytes) -> JSON:
    """
    Return the value of a JSON text (RFC 8259).

    Raises:
        BadInputError: it has too many values.
        ValueError: it is none.
        RecursionError: it is too deep.
    """
    text = body.decode(json.detect_encoding(body), "surrogatepass")
    if has_too_many_values(text):
        raise BadInputError(f"The body has more than {MAX_JSON_VALUES} values.")
    return cast("JSON", json.loads(text))  # json.loads is typed Any


def has_too_many_values(text: str) -> bool:
    """Return whether a text has too many values, in time that grows with its length alone."""
    if sum(map(text.count, "[{,")) <= MAX_JSON_VALUES:
        return False
    if "\\" in text:  # escaped quotes end no text
        text = text.replace("\\\\", "").replace('\\"', "")
    first_too_many = next(islice(STRUCTURE.finditer(text), MAX_JSON_VALUES, None), None)
    return first_too_many is not None and first_too_many[1] is not None  # and not the end

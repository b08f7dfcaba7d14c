"""The name that Apple tells once: at the first sign-in, and by the browser, so that nobody vouches for it."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from typing import Final, cast

from authweave.types import JSON, JSONObject

MAX_USER_CHARACTERS: Final = 4096
MAX_NAME_CHARACTERS: Final = 255
NAMES: Final = ("firstName", "lastName")
UNWRITABLE: Final = frozenset({"Cc", "Cs"})
"""Control characters and halves of surrogate pairs."""


def name_beside(sent: JSONObject) -> dict[str, JSON]:
    """
    Return the name in the parameter ``user``, in the form that Apple gives it; nothing where there is none.

    Anything else in it, an address for instance, is left out: it would be taken for Apple's word.
    """
    user = sent.get("user")
    if isinstance(user, str):
        try:
            # json.loads is typed Any
            user = cast("JSON", json.loads(user)) if len(user) <= MAX_USER_CHARACTERS else None
        except (ValueError, RecursionError):
            user = None
    name = user.get("name") if isinstance(user, Mapping) else None
    parts = {each: name[each] for each in NAMES if is_name(name.get(each))} if isinstance(name, Mapping) else {}
    return {"user": {"name": parts}} if parts else {}


def is_name(value: JSON) -> bool:
    """Return whether a value may be part of a name."""
    if not isinstance(value, str) or not 0 < len(value) <= MAX_NAME_CHARACTERS:
        return False
    return not any(unicodedata.category(each) in UNWRITABLE for each in value)

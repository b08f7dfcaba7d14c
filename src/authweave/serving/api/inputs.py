"""What programs send: members of a body, and parameters of a query."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from authweave.http import Schema
from authweave.types import JSON, MAX_SUBJECT_CHARACTERS, BadInputError, JSONObject

MAX_TEXT: Final = 8192
MAX_LIST: Final = 500
SENT_TEXT: Final[Schema] = {"type": "string", "minLength": 1, "maxLength": MAX_TEXT}
NAME: Final[Schema] = {"type": "string", "minLength": 1, "maxLength": MAX_SUBJECT_CHARACTERS}
"""The schema of an id, or of a name, which the store refuses where it is longer."""
NAMES: Final[Schema] = {"type": "array", "items": NAME, "maxItems": MAX_LIST}


def text(sent: Mapping[str, JSON], name: str) -> str:
    """
    Return a text that has to be there.

    Raises:
        BadInputError: it is not, or is empty, or longer than 8,192 characters.
    """
    value = sent.get(name)
    if not isinstance(value, str) or not value or len(value) > MAX_TEXT:
        raise BadInputError(f"{name} has to be a text of 1 to {MAX_TEXT} characters.")
    return value


def optional_text(sent: Mapping[str, JSON], name: str) -> str | None:
    """
    Return a text that may be missing.

    Raises:
        BadInputError: it is no text, or an empty or a longer one.
    """
    return None if sent.get(name) is None else text(sent, name)


def flag(sent: Mapping[str, JSON], name: str, *, default: bool = False) -> bool:
    """
    Return a truth value, or the default where it is missing.

    Raises:
        BadInputError: it is none.
    """
    value = sent.get(name)
    if value is not None and not isinstance(value, bool):
        raise BadInputError(f"{name} has to be true or false.")
    return default if value is None else value


def texts(sent: Mapping[str, JSON], name: str) -> list[str]:
    """
    Return a list of texts.

    Raises:
        BadInputError: it is none, or has more than 500.
    """
    value = sent.get(name)
    if not isinstance(value, list) or len(value) > MAX_LIST:
        raise BadInputError(f"{name} has to be a list of at most {MAX_LIST} texts.")
    return [text({name: each}, name) for each in value]


def json_object(sent: Mapping[str, JSON], name: str) -> JSONObject | None:
    """
    Return an object that may be missing.

    Raises:
        BadInputError: it is no object.
    """
    value = sent.get(name)
    if value is not None and not isinstance(value, Mapping):
        raise BadInputError(f"{name} has to be an object.")
    return value


def whole_number(sent: Mapping[str, JSON], name: str) -> int | None:
    """
    Return a whole number of a query; None where it is missing.

    Raises:
        BadInputError: it is none.
    """
    value = sent.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or not value.isascii() or not value.isdigit() or len(value) > 9:  # noqa: PLR2004  a billion
        raise BadInputError(f"{name} has to be a whole number.")
    return int(value)

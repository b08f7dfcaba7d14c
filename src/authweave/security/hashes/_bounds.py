"""What bounds a hash that somebody else has made: its costs are run with every sign-in."""

from __future__ import annotations

import base64
import binascii
from typing import Final

MAX_SALT_BYTES: Final = 128
MIN_KEY_BYTES: Final = 16
"""A shorter key would be met by chance, or by trying."""
MAX_KEY_BYTES: Final = 128


class HashFaultError(ValueError):
    """
    A hash is of no kind that is known, or out of bounds. The message holds nothing of the hash but its costs.

    .. versionadded:: 0.1.0
    """


def bounded(name: str, text: str, least: int, most: int) -> int:
    """
    Return a number that a hash is made with.

    Raises:
        HashFaultError: it is none, or out of bounds.
    """
    # ASCII's digits alone, and few of them: Python reads others as well, and takes long for many.
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(most)) and least <= int(text) <= most):
        raise HashFaultError(f"its {name} may be {least} to {most}")
    return int(text)


def check_bounds(name: str, number: int, least: int, most: int) -> int:
    """
    Return a number that a hash is made with, where it is within bounds.

    Raises:
        HashFaultError: it is not.
    """
    if not least <= number <= most:
        raise HashFaultError(f"its {name} is {number}, and may be {least} to {most}")
    return number


def from_base64(name: str, text: str) -> bytes:
    """
    Decode base64, with or without its padding.

    Raises:
        HashFaultError: it is none.
    """
    try:
        return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise HashFaultError(f"its {name} is not base64") from None


def checked_salt(salt: bytes) -> bytes:
    """Return a salt of a length that is possible; raise `HashFaultError` otherwise."""
    check_bounds("salt's number of bytes", len(salt), 1, MAX_SALT_BYTES)
    return salt


def checked_key(key: bytes) -> bytes:
    """Return a key of a length that is safe and possible; raise `HashFaultError` otherwise."""
    check_bounds("key's number of bytes", len(key), MIN_KEY_BYTES, MAX_KEY_BYTES)
    return key

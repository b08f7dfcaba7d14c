"""Argon2 (RFC 9106), in its usual text form, of all three types."""

from __future__ import annotations

import re
from typing import Final

from argon2 import Type
from argon2.exceptions import VerificationError, VerifyMismatchError
from argon2.low_level import verify_secret

from ._bounds import HashFaultError, bounded, check_bounds, checked_key, checked_salt, from_base64
from ._parsed import ForeignHash

MAX_MEMORY_KIB: Final = 512 * 1024
MAX_PASSES: Final = 64
MAX_LANES: Final = 64
MAX_WORK_KIB: Final = 2 * 1024 * 1024
"""Memory times passes: about two seconds."""

FORM: Final = re.compile(
    r"\$argon2(?P<type>id|i|d)\$(?:v=(?P<version>16|19)\$)?"
    r"m=(?P<memory>\d+),t=(?P<passes>\d+),p=(?P<lanes>\d+)\$(?P<salt>[A-Za-z0-9+/=]+)\$(?P<key>[A-Za-z0-9+/=]+)"
)
TYPES: Final = {"id": Type.ID, "i": Type.I, "d": Type.D}


def parse_argon2(text: str) -> ForeignHash:
    """
    Read a hash of Argon2i, Argon2d or Argon2id.

    Raises:
        HashFaultError: it is damaged, or out of bounds.
    """
    found = FORM.fullmatch(text)
    if found is None:
        raise HashFaultError("it begins like Argon2, and does not go on so")
    lanes = bounded("number of lanes", found["lanes"], 1, MAX_LANES)
    memory_kib = bounded("memory in KiB", found["memory"], 8 * lanes, MAX_MEMORY_KIB)
    passes = bounded("number of passes", found["passes"], 1, MAX_PASSES)
    check_bounds("memory in KiB times passes", memory_kib * passes, 8, MAX_WORK_KIB)
    checked_salt(from_base64("salt", found["salt"]))
    key = checked_key(from_base64("key", found["key"]))
    kind = TYPES[found["type"]]
    version = "" if found["version"] is None else f"v={found['version']}$"
    encoded = text.encode()

    def matches(password: bytes) -> bool:
        try:
            return verify_secret(encoded, password, kind)
        except VerifyMismatchError:
            return False
        except VerificationError:  # it does not decode after all: a salt of fewer than eight bytes, say
            return False

    costs = f"$argon2{found['type']}${version}m={memory_kib},t={passes},p={lanes}"
    return ForeignHash(f"{costs}${'A' * 22}${'A' * unpadded_length(len(key))}", matches)


def unpadded_length(count: int) -> int:
    """Return how many characters of base64 so many bytes take, without padding."""
    return (count * 8 + 5) // 6

"""Argon2 (RFC 9106), in its usual text form, of all three types."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from argon2 import Type
from argon2.exceptions import VerificationError, VerifyMismatchError
from argon2.low_level import verify_secret

from ._bounds import MAX_KEY_BYTES, MAX_SALT_BYTES, MIN_KEY_BYTES, HashFaultError, bounded, check_bounds
from ._parsed import ForeignHash

MAX_MEMORY_KIB: Final = 512 * 1024
MAX_PASSES: Final = 64
MAX_LANES: Final = 64
MAX_WORK_KIB: Final = 2 * 1024 * 1024
"""Memory times passes: about two seconds."""

FORM: Final = re.compile(
    r"\$argon2(?P<type>id|i|d)\$(?:v=(?P<version>16|19)\$)?"
    r"m=(?P<memory>\d+),t=(?P<passes>\d+),p=(?P<lanes>\d+)\$(?P<salt>[A-Za-z0-9+/]+)\$(?P<key>[A-Za-z0-9+/]+)"
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
    type_name, version, memory, passes, lanes, salt, key = found.groups()
    costs = costs_of(type_name, version, memory, passes, lanes)
    check_bounds("salt's number of bytes", decoded_length("salt", salt), 1, MAX_SALT_BYTES)
    check_bounds("key's number of bytes", decoded_length("key", key), MIN_KEY_BYTES, MAX_KEY_BYTES)
    kind = TYPES[type_name]
    encoded = text.encode()

    def matches(password: bytes) -> bool:
        try:
            return verify_secret(encoded, password, kind)
        except VerifyMismatchError:
            return False
        except VerificationError:  # it does not decode after all: a salt of fewer than eight bytes, say
            return False

    return ForeignHash(f"{costs}${'A' * 22}${'A' * len(key)}", matches)


@lru_cache(maxsize=64)  # a million users have few
def costs_of(type_name: str, version: str | None, memory: str, passes: str, lanes: str) -> str:
    """
    Return what stands before the salt.

    Raises:
        HashFaultError: it is out of bounds.
    """
    lane_count = bounded("number of lanes", lanes, 1, MAX_LANES)
    memory_kib = bounded("memory in KiB", memory, 8 * lane_count, MAX_MEMORY_KIB)
    pass_count = bounded("number of passes", passes, 1, MAX_PASSES)
    check_bounds("memory in KiB times passes", memory_kib * pass_count, 8, MAX_WORK_KIB)
    known_version = "" if version is None else f"v={version}$"
    return f"$argon2{type_name}${known_version}m={memory_kib},t={pass_count},p={lane_count}"


def decoded_length(name: str, text: str) -> int:
    """
    Return how many bytes base64 without padding stands for.

    Raises:
        HashFaultError: it is none: a character is left over.
    """
    if len(text) % 4 == 1:
        raise HashFaultError(f"its {name} is not base64")
    return len(text) * 3 // 4

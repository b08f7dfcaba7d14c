"""scrypt (RFC 7914), as Werkzeug, Django and better-auth write it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import unicodedata
from typing import Final

from ._bounds import HashFaultError, bounded, check_bounds, checked_key, checked_salt, from_base64
from ._parsed import ForeignHash

MAX_MEMORY_BYTES: Final = 256 * 1024 * 1024
MAX_WORK_BYTES: Final = 1024 * 1024 * 1024
"""Memory times lanes: about two seconds."""

WERKZEUG: Final = re.compile(r"scrypt:(?P<n>\d+):(?P<r>\d+):(?P<p>\d+)\$(?P<salt>[^$]+)\$(?P<key>(?:[0-9a-f]{2})+)")
DJANGO: Final = re.compile(r"scrypt\$(?P<n>\d+)\$(?P<salt>[^$]+)\$(?P<r>\d+)\$(?P<p>\d+)\$(?P<key>[A-Za-z0-9+/=]+)")
BETTER_AUTH: Final = re.compile(r"(?P<salt>[0-9a-f]{32}):(?P<key>[0-9a-f]{128})")
BETTER_AUTH_COSTS: Final = (16384, 16, 1)


def parse_scrypt(text: str) -> ForeignHash:
    """
    Read a hash of scrypt, as Werkzeug or Django write it.

    Raises:
        HashFaultError: it is damaged, or out of bounds.
    """
    found = WERKZEUG.fullmatch(text) or DJANGO.fullmatch(text)
    if found is None:
        raise HashFaultError("it begins like scrypt, and does not go on as Werkzeug or Django write it")
    n, r, p = (bounded(name, found[name], 1, 2**24) for name in ("n", "r", "p"))
    salt = checked_salt(found["salt"].encode())
    if found.re is WERKZEUG:
        key = checked_key(bytes.fromhex(found["key"]))
        stand_in = f"scrypt:{n}:{r}:{p}$salt${bytes(len(key)).hex()}"
    else:
        key = checked_key(from_base64("key", found["key"]))
        stand_in = f"scrypt${n}$salt${r}${p}${base64.b64encode(bytes(len(key))).decode()}"
    check_costs(n, r, p)
    return ForeignHash(stand_in, lambda password: hmac.compare_digest(derive(password, salt, (n, r, p), len(key)), key))


def parse_better_auth(text: str) -> ForeignHash | None:
    """Read a hash of better-auth, ``salt:key`` in hex; None where it is not written so."""
    found = BETTER_AUTH.fullmatch(text)
    if found is None:
        return None
    salt, key = found["salt"].encode(), bytes.fromhex(found["key"])  # the salt as it is written, not what it encodes

    def matches(password: bytes) -> bool:
        composed = unicodedata.normalize("NFKC", password.decode("utf-8", "surrogatepass"))
        data = composed.encode("utf-8", "surrogatepass")
        return hmac.compare_digest(derive(data, salt, BETTER_AUTH_COSTS, len(key)), key)

    return ForeignHash(f"{'0' * 32}:{'0' * 128}", matches)


def check_costs(n: int, r: int, p: int) -> None:
    """
    Check what scrypt would take.

    Raises:
        HashFaultError: too much, or what scrypt does not know.
    """
    if n < 2 or n & (n - 1):  # noqa: PLR2004  the least power
        raise HashFaultError("its n is no power of two")
    check_bounds("memory in bytes (128 * n * r)", 128 * n * r, 1, MAX_MEMORY_BYTES)
    check_bounds("memory in bytes times p", 128 * n * r * p, 1, MAX_WORK_BYTES)


def derive(password: bytes, salt: bytes, costs: tuple[int, int, int], length: int) -> bytes:
    """Return a key."""
    n, r, p = costs
    # OpenSSL counts what all lanes and the tables take: a little more than 128 * n * r.
    return hashlib.scrypt(password, salt=salt, n=n, r=r, p=p, dklen=length, maxmem=128 * r * (n + p + 2) + 65_536)

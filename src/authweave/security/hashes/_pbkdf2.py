"""PBKDF2 (RFC 8018), as Django, Werkzeug and passlib write it; Keycloak's is written as passlib's."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable
from typing import Final

from ._bounds import HashFaultError, bounded, check_bounds, checked_key, checked_salt, from_base64
from ._parsed import ForeignHash

MAX_ITERATIONS: Final = 5_000_000
"""For all blocks of the key together: about three seconds."""

DIGESTS: Final = {"sha1": 20, "sha256": 32, "sha512": 64}
"""How many bytes each digest has; a longer key takes the iterations once for each."""

DJANGO: Final = re.compile(r"pbkdf2_(?P<digest>sha1|sha256)\$(?P<count>\d+)\$(?P<salt>[^$]+)\$(?P<key>[A-Za-z0-9+/=]+)")
WERKZEUG: Final = re.compile(
    r"pbkdf2:(?P<digest>sha1|sha256|sha512):(?P<count>\d+)\$(?P<salt>[^$]+)\$(?P<key>(?:[0-9a-f]{2})+)"
)
PASSLIB: Final = re.compile(
    r"\$pbkdf2(?:-(?P<digest>sha1|sha256|sha512))?\$(?P<count>\d+)\$(?P<salt>[A-Za-z0-9./]+)\$(?P<key>[A-Za-z0-9./]+)"
)


def parse_pbkdf2(text: str) -> ForeignHash:
    """
    Read a hash of PBKDF2.

    Raises:
        HashFaultError: it is damaged, or out of bounds.
    """
    if found := DJANGO.fullmatch(text):
        salt, key = found["salt"].encode(), from_base64("key", found["key"])
        return hash_of(
            f"pbkdf2_{found['digest']}",
            found["digest"],
            found["count"],
            salt,
            key,
            lambda zeros: f"salt${base64.b64encode(zeros).decode()}",
        )
    if found := WERKZEUG.fullmatch(text):
        salt, key = found["salt"].encode(), bytes.fromhex(found["key"])
        return hash_of(
            f"pbkdf2:{found['digest']}:",
            found["digest"],
            found["count"],
            salt,
            key,
            lambda zeros: f"salt${zeros.hex()}",
        )
    if found := PASSLIB.fullmatch(text):
        digest = found["digest"] or "sha1"
        salt, key = (from_base64(name, found[name].replace(".", "+")) for name in ("salt", "key"))
        return hash_of(
            f"$pbkdf2-{digest}",
            digest,
            found["count"],
            salt,
            key,
            lambda zeros: f"{'A' * 22}${base64.b64encode(zeros).decode().rstrip('=')}",
        )
    raise HashFaultError("it begins like PBKDF2, and does not go on as Django, Werkzeug or passlib write it")


def hash_of(
    kind: str, digest: str, iterations: str, salt: bytes, key: bytes, rest: Callable[[bytes], str]
) -> ForeignHash:
    """Return a hash. ``rest`` writes what follows the iterations in that of nobody's, whose key it is given."""
    count = bounded("number of iterations", iterations, 1, MAX_ITERATIONS)
    checked_salt(salt)
    checked_key(key)
    blocks = -(-len(key) // DIGESTS[digest])
    check_bounds("number of iterations for all of its key", count * blocks, 1, MAX_ITERATIONS)

    def matches(password: bytes) -> bool:
        return hmac.compare_digest(hashlib.pbkdf2_hmac(digest, password, salt, count, len(key)), key)

    between = "" if kind.endswith(":") else "$"
    return ForeignHash(f"{kind}{between}{count}${rest(bytes(len(key)))}", matches)

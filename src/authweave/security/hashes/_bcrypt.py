"""bcrypt, and what Django makes of it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Final

from ._bounds import HashFaultError, bounded
from ._parsed import ForeignHash

MIN_COST: Final = 4
MAX_COST: Final = 16
"""Four seconds, and twice as long with each step."""

READ_BYTES: Final = 72
"""All of a password that bcrypt reads. Libraries cut it off there, and this one's raises since its release 5."""

FORM: Final = re.compile(r"\$2(?P<variant>[aby])\$(?P<cost>\d\d)\$[./A-Za-z0-9]{22}[./A-Za-z0-9]{31}")
DJANGO_SHA256: Final = "bcrypt_sha256$"


def parse_bcrypt(text: str) -> ForeignHash:
    """
    Read a hash of bcrypt: ``$2a$``, ``$2b$``, ``$2y$``; or of Django's ``bcrypt_sha256``.

    Raises:
        HashFaultError: it is damaged, out of bounds, or the extra ``bcrypt`` is not installed.
    """
    prefix = DJANGO_SHA256 if text.startswith(DJANGO_SHA256) else ""
    encoded = text.removeprefix(prefix)
    found = FORM.fullmatch(encoded)
    if found is None:
        raise HashFaultError("it begins like bcrypt ($2a$, $2b$, $2y$), and does not go on so")
    cost = bounded("cost", found["cost"].lstrip("0") or "0", MIN_COST, MAX_COST)
    check = loaded_check()

    def matches(password: bytes) -> bool:
        if prefix:
            return check(hashlib.sha256(password).hexdigest().encode(), encoded.encode())
        # Where C took a NUL for the end, nobody could have a password with one: what it reads then is another.
        is_possible = b"\0" not in password
        return check(password[:READ_BYTES].replace(b"\0", b" "), encoded.encode()) and is_possible

    return ForeignHash(f"{prefix}$2b${cost:02}${'.' * 53}", matches)


def loaded_check() -> Callable[[bytes, bytes], bool]:
    """
    Load the library.

    Raises:
        HashFaultError: it is not installed.
    """
    try:
        import bcrypt  # noqa: PLC0415  an extra
    except ImportError:
        raise HashFaultError("it is of bcrypt, for which the extra 'bcrypt' has to be installed") from None
    return bcrypt.checkpw

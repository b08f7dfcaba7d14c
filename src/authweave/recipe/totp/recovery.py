"""Recovery codes: for a user whose devices are lost. Each is good once."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Callable
from hashlib import sha256
from typing import Final

from authweave.security import ServerSecret
from authweave.types import typed_code

CODE_BYTES: Final = 10
"""Random bytes of a code: its 80 bits cannot be guessed."""

CODE_CHARACTERS: Final = 16
GROUP_CHARACTERS: Final = 4

RFC_4648: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without the letters that people take for digits, and U: https://www.crockford.com/base32.html."""

WRITTEN: Final = str.maketrans(RFC_4648, CROCKFORD)
TAKEN_FOR: Final = str.maketrans("OIL", "011")


def new_code(random_bytes: Callable[[int], bytes]) -> str:
    """Return a new code, in groups."""
    text = base64.b32encode(random_bytes(CODE_BYTES)).decode("ascii").translate(WRITTEN)
    return "-".join(text[start : start + GROUP_CHARACTERS] for start in range(0, len(text), GROUP_CHARACTERS))


def hash_of(code: str, secret: ServerSecret) -> str:
    """
    Return what is kept of a code, however it was typed: groups, case, and letters that look like digits do not matter.

    It needs the server's secret. A plain hash of 80 bits would do for one code, and not against who has the codes of
    many users, and wants whichever he finds.
    """
    normal = typed_code(code).upper().translate(TAKEN_FOR)
    return hmac.new(secret.key("totp-recovery-codes"), normal.encode("utf-8", "surrogatepass"), sha256).hexdigest()

"""Tokens: the id of a key, by which it is found, and 32 random bytes, of which only the hash is stored."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Final

import attrs

TOKEN: Final = re.compile(r"ak_([0-9a-f]{32})_([0-9a-f]{64})")


@attrs.frozen
class Token:
    """
    The two halves of a token.

    Attributes:
        secret: 32 bytes in hexadecimal digits. No key derivation is needed: nobody can guess them.
    """

    key_id: str
    secret: str = attrs.field(repr=False)

    @classmethod
    def new(cls, random_bytes: Callable[[int], bytes]) -> Token:
        """Make one."""
        return cls(random_bytes(16).hex(), random_bytes(32).hex())

    @classmethod
    def parse(cls, text: str) -> Token | None:
        """Read what a client sent; None where that is no token."""
        found = TOKEN.fullmatch(text)
        return found and cls(found[1], found[2])

    @property
    def text(self) -> str:
        """What the client sends."""
        return f"ak_{self.key_id}_{self.secret}"

    @property
    def secret_hash(self) -> str:
        """The SHA-256 of the secret, in hexadecimal digits."""
        return hashlib.sha256(bytes.fromhex(self.secret)).hexdigest()

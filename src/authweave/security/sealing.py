"""Sealed values: what a client carries for the server, and can neither read nor make."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ._encoding import base64url, base64url_bytes
from .secrets import Purpose, ServerSecret

SALT_BYTES: Final = 32
KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16


class Sealer:
    """
    Seals values, and opens them again: AES-256-GCM (NIST SP 800-38D), for one purpose.

    Every value has a key and a nonce of its own, derived from a random salt (HKDF, RFC 5869): anybody may have a value
    made, and random nonces under one key would run out after 2**32 of them (SP 800-38D, section 8.3).

    Args:
        secret: the server secret.
        purpose: what the values are for; under another they do not open.
        random_bytes: returns as many unpredictable bytes as asked.

    .. versionadded:: 0.1.0
    """

    def __init__(
        self, secret: ServerSecret, purpose: Purpose, *, random_bytes: Callable[[int], bytes] = os.urandom
    ) -> None:
        self._key = secret.key(purpose)
        self._random_bytes = random_bytes

    def seal(self, content: bytes, bound_to: Sequence[str]) -> str:
        """
        Seal a value.

        Args:
            content: the value. Its length shows, and nothing else.
            bound_to: what has to be handed over again, the same, to open it.

        Returns:
            Characters of base64url.
        """
        salt = self._random_bytes(SALT_BYTES)
        key, nonce = self._derived(salt)
        return base64url(salt + AESGCM(key).encrypt(nonce, content, join_with_lengths(bound_to)))

    def open(self, sealed: str, bound_to: Sequence[str]) -> bytes | None:
        """
        Open a value.

        Returns:
            The value; None where it was not sealed here, was changed, or is bound to something else. Never raises.
        """
        data = base64url_bytes(sealed)
        if data is None or len(data) < SALT_BYTES + TAG_BYTES:
            return None
        key, nonce = self._derived(data[:SALT_BYTES])
        try:
            return AESGCM(key).decrypt(nonce, data[SALT_BYTES:], join_with_lengths(bound_to))
        except InvalidTag:
            return None

    def _derived(self, salt: bytes) -> tuple[bytes, bytes]:
        derived = HKDF(SHA256(), KEY_BYTES + NONCE_BYTES, salt=salt, info=b"authweave/1/sealed").derive(self._key)
        return derived[:KEY_BYTES], derived[KEY_BYTES:]


def join_with_lengths(parts: Sequence[str]) -> bytes:
    """Join texts so that no others give the same bytes: each has its length in front."""
    encoded = [part.encode("utf-8", "surrogatepass") for part in parts]
    return b"".join(len(each).to_bytes(4, "big") + each for each in encoded)

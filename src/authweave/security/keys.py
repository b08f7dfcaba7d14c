"""Signing keys: made, published, and encrypted for storing."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cached_property
from typing import Final, TypedDict
from uuid import UUID

import attrs
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from joserfc.jwk import RSAKey

from ._errors import KeyDecryptionError
from .secrets import ServerSecret

KEY_BITS: Final = 2048
"""What RFC 7518, section 3.3, asks for at least; NIST SP 800-57 allows it until 2030."""

NONCE_BYTES: Final = 12
"""What AES-GCM takes (NIST SP 800-38D, section 8.2): random, as each secret encrypts a few keys a month."""

FORMAT: Final = b"\x01"
"""Begins what is stored: AES-256-GCM, a nonce, then the encrypted PKCS #8 document with its tag."""


class PublicJWK(TypedDict):
    """
    The public half of a signing key, as ``jwks.json`` lists it (RFC 7517).

    Keys:
        kty: always ``RSA``.
        kid: the key's id.
        n: the modulus, base64url.
        e: the exponent, base64url.
        alg: always ``RS256``.
        use: always ``sig``.
    """

    kty: str
    kid: str
    n: str
    e: str
    alg: str
    use: str


@attrs.frozen(eq=False)
class VerifyingKey:
    """The public half of a signing key: what `verify_access_token` needs."""

    kid: str
    rsa: RSAKey = attrs.field(repr=False)

    @property
    def jwk(self) -> PublicJWK:
        """The key as others may see it."""
        numbers = self.rsa.as_dict(private=False)
        return PublicJWK(kty="RSA", kid=self.kid, n=str(numbers["n"]), e=str(numbers["e"]), alg="RS256", use="sig")


@attrs.frozen(eq=False)
class SigningKey:
    """
    A key that signs access tokens. It compares by identity, and shows nothing of itself but its id.

    Attributes:
        kid: ``d-<milliseconds>`` of a key that is replaced by and by, ``s-<uuid>`` of one that stays.
    """

    kid: str
    rsa: RSAKey = attrs.field(repr=False)

    @cached_property
    def verifying(self) -> VerifyingKey:
        """The public half."""
        return VerifyingKey(self.kid, RSAKey.import_key(self.rsa.as_dict(private=False)))


def generate_dynamic_key(now_ms: int) -> SigningKey:
    """
    Make a key that will be replaced. Takes a tenth of a second or more: call it from a worker thread.

    Args:
        now_ms: the time now, in milliseconds since the epoch; it becomes part of the id.
    """
    return SigningKey(f"d-{now_ms}", RSAKey.generate_key(KEY_BITS))


def generate_static_key(*, random_bytes: Callable[[int], bytes] = os.urandom) -> SigningKey:
    """
    Make a key that stays. Takes a tenth of a second or more: call it from a worker thread.

    Args:
        random_bytes: returns as many unpredictable bytes as asked; the id is made of them, the key is not.
    """
    return SigningKey(f"s-{UUID(bytes=random_bytes(16), version=4)}", RSAKey.generate_key(KEY_BITS))


def encrypt_key(
    key: SigningKey, secret: ServerSecret, app: str, *, random_bytes: Callable[[int], bytes] = os.urandom
) -> bytes:
    """
    Encrypt a key for storing, bound to its id and its app: elsewhere it does not open.

    Args:
        key: the key.
        secret: the server secret.
        app: what tells the app from others that have the same secret.
        random_bytes: returns as many unpredictable bytes as asked, other ones each time.
    """
    nonce = random_bytes(NONCE_BYTES)
    document = key.rsa.as_der(private=True)
    return FORMAT + nonce + AESGCM(secret.key("key-encryption")).encrypt(nonce, document, bound_to(app, key.kid))


def decrypt_key(kid: str, encrypted: bytes, secret: ServerSecret, app: str) -> SigningKey:
    """
    Decrypt a stored key.

    Raises:
        KeyDecryptionError: the secret is another, or the key was changed, or belongs to another id or app.
    """
    start = len(FORMAT) + NONCE_BYTES
    if not encrypted.startswith(FORMAT):
        raise KeyDecryptionError(kid)
    nonce, content = encrypted[len(FORMAT) : start], encrypted[start:]
    try:
        document = AESGCM(secret.key("key-encryption")).decrypt(nonce, content, bound_to(app, kid))
    except (InvalidTag, ValueError) as error:  # the second: it is too short to have a nonce
        raise KeyDecryptionError(kid) from error
    return SigningKey(kid, RSAKey.import_key(document))


def bound_to(app: str, kid: str) -> bytes:
    """Return what an encrypted key is bound to. The length in front keeps app and id apart."""
    name = app.encode("utf-8", "surrogatepass")
    return len(name).to_bytes(4, "big") + name + kid.encode("utf-8", "surrogatepass")

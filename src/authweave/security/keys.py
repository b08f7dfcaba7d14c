"""Signing keys: made, published, and encrypted for storing."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cached_property
from typing import Final, NotRequired, TypedDict
from uuid import UUID

import attrs
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ._algorithms import DEFAULT_ALGORITHM, Algorithm
from ._errors import KeyDecryptionError
from ._signatures import (
    CURVE,
    PrivateKey,
    PublicKey,
    algorithm_of,
    document_of,
    generate_key,
    numbers_of,
    read_key,
)
from .secrets import ServerSecret

NONCE_BYTES: Final = 12
"""What AES-GCM takes (NIST SP 800-38D, section 8.2): random, as each secret encrypts a few keys a month."""

FORMAT: Final = b"\x01"
"""Begins what is stored: AES-256-GCM, a nonce, then the encrypted PKCS #8 document with its tag."""


class PublicJWK(TypedDict):
    """
    The public half of a signing key, as ``jwks.json`` lists it (RFC 7517).

    Keys:
        kty: ``RSA`` or ``EC``.
        kid: the key's id.
        n: the modulus of an RSA key, base64url.
        e: its exponent, base64url.
        crv: the curve of an EC key, ``P-256``.
        x: a coordinate of its point, base64url.
        y: the other one, base64url.
        alg: ``RS256`` or ``ES256``.
        use: always ``sig``.
    """

    kty: str
    kid: str
    n: NotRequired[str]
    e: NotRequired[str]
    crv: NotRequired[str]
    x: NotRequired[str]
    y: NotRequired[str]
    alg: str
    use: str


@attrs.frozen(eq=False)
class VerifyingKey:
    """The public half of a signing key: what `verify_access_token` needs."""

    kid: str
    key: PublicKey = attrs.field(repr=False)

    @cached_property
    def algorithm(self) -> Algorithm:
        """The one algorithm that the key is for (RFC 8725, section 3.1)."""
        return algorithm_of(self.key)

    @property
    def jwk(self) -> PublicJWK:
        """The key as others may see it."""
        numbers = numbers_of(self.key)
        if self.algorithm == "RS256":
            return PublicJWK(kty="RSA", kid=self.kid, n=numbers["n"], e=numbers["e"], alg=self.algorithm, use="sig")
        x, y = numbers["x"], numbers["y"]
        return PublicJWK(kty="EC", kid=self.kid, crv=CURVE, x=x, y=y, alg=self.algorithm, use="sig")


@attrs.frozen(eq=False)
class SigningKey:
    """
    A key that signs access tokens. It compares by identity, and shows nothing of itself but its id.

    Attributes:
        kid: ``d-<milliseconds>`` of a key that is replaced by and by, ``s-<uuid>`` of one that stays.
    """

    kid: str
    key: PrivateKey = attrs.field(repr=False)

    @cached_property
    def algorithm(self) -> Algorithm:
        """The one algorithm that the key is for (RFC 8725, section 3.1)."""
        return algorithm_of(self.key)

    @cached_property
    def verifying(self) -> VerifyingKey:
        """The public half."""
        return VerifyingKey(self.kid, self.key.public_key())


def generate_dynamic_key(now_ms: int, algorithm: Algorithm = DEFAULT_ALGORITHM) -> SigningKey:
    """
    Make a key that will be replaced. For RS256 it takes a tenth of a second or so: call it from a worker thread.

    Args:
        now_ms: the time now, in milliseconds since the epoch; it becomes part of the id.
        algorithm: what it signs with.
    """
    return SigningKey(f"d-{now_ms}", generate_key(algorithm))


def generate_static_key(
    algorithm: Algorithm = DEFAULT_ALGORITHM, *, random_bytes: Callable[[int], bytes] = os.urandom
) -> SigningKey:
    """
    Make a key that stays. For RS256 it takes a tenth of a second or so: call it from a worker thread.

    Args:
        algorithm: what it signs with.
        random_bytes: returns as many unpredictable bytes as asked; the id is made of them, the key is not.
    """
    return SigningKey(f"s-{UUID(bytes=random_bytes(16), version=4)}", generate_key(algorithm))


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
    sealer, associated = AESGCM(secret.key("key-encryption")), bound_to(app, key.kid)
    return FORMAT + nonce + sealer.encrypt(nonce, document_of(key.key), associated)


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
    return SigningKey(kid, read_key(document))


def bound_to(app: str, kid: str) -> bytes:
    """Return what an encrypted key is bound to. The length in front keeps app and id apart."""
    name = app.encode("utf-8", "surrogatepass")
    return len(name).to_bytes(4, "big") + name + kid.encode("utf-8", "surrogatepass")

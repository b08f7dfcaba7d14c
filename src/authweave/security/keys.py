"""Signing keys: made, published, and encrypted for storing."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cached_property
from typing import Final, NotRequired, TypedDict
from uuid import UUID

import attrs
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import load_der_private_key
from joserfc.jwk import ECKey, RSAKey

from ._algorithms import DEFAULT_ALGORITHM, Algorithm
from ._errors import KeyDecryptionError
from .secrets import ServerSecret

KEY_BITS: Final = 2048
"""Of RSA: what RFC 7518, section 3.3, asks for at least; NIST SP 800-57 allows it until 2030."""

CURVE: Final = "P-256"
"""Of ES256 (RFC 7518, section 3.4)."""

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
    key: RSAKey | ECKey = attrs.field(repr=False)

    @property
    def algorithm(self) -> Algorithm:
        """The one algorithm that the key is for (RFC 8725, section 3.1)."""
        return algorithm_of(self.key)

    @property
    def jwk(self) -> PublicJWK:
        """The key as others may see it."""
        numbers = {name: str(value) for name, value in self.key.as_dict(private=False).items()}
        if isinstance(self.key, RSAKey):
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
    key: RSAKey | ECKey = attrs.field(repr=False)

    @property
    def algorithm(self) -> Algorithm:
        """The one algorithm that the key is for (RFC 8725, section 3.1)."""
        return algorithm_of(self.key)

    @cached_property
    def verifying(self) -> VerifyingKey:
        """The public half."""
        public = self.key.as_dict(private=False)
        return VerifyingKey(self.kid, (RSAKey if isinstance(self.key, RSAKey) else ECKey).import_key(public))


def algorithm_of(key: RSAKey | ECKey) -> Algorithm:
    """Return the algorithm that a key is for: it follows from its type, and nothing else has a say."""
    return "RS256" if isinstance(key, RSAKey) else "ES256"


def generate_key(algorithm: Algorithm) -> RSAKey | ECKey:
    """Make a key."""
    return RSAKey.generate_key(KEY_BITS) if algorithm == "RS256" else ECKey.generate_key(CURVE)


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
    document = key.key.as_der(private=True)
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
    return SigningKey(kid, read_key(document))


def read_key(document: bytes) -> RSAKey | ECKey:
    """Read a PKCS #8 document of our own, which says what kind of key it holds."""
    # Whether the numbers are primes need not be checked, for a tenth of a second: what was decrypted is what we made.
    key = load_der_private_key(document, None, unsafe_skip_rsa_key_validation=True)
    if isinstance(key, RSAPrivateKey):
        return RSAKey.import_key(key)
    return ECKey.import_key(document)


def bound_to(app: str, kid: str) -> bytes:
    """Return what an encrypted key is bound to. The length in front keeps app and id apart."""
    name = app.encode("utf-8", "surrogatepass")
    return len(name).to_bytes(4, "big") + name + kid.encode("utf-8", "surrogatepass")

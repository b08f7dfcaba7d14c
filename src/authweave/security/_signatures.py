"""
What keys of ours sign with: RS256 and ES256 (RFC 7518, sections 3.3 and 3.4), and how keys are written (section 6).

Both are here on `cryptography` itself. joserfc does the same over it for every algorithm that there is, of which no
token of ours has another: to load it takes a tenth of a start.
"""

from __future__ import annotations

from typing import Final, TypeAlias

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as generate_rsa_key
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)

from ._algorithms import Algorithm
from ._encoding import base64url

PrivateKey: TypeAlias = RSAPrivateKey | EllipticCurvePrivateKey
PublicKey: TypeAlias = RSAPublicKey | EllipticCurvePublicKey

KEY_BITS: Final = 2048
"""Of RSA: what RFC 7518, section 3.3, asks for at least; NIST SP 800-57 allows it until 2030."""

EXPONENT: Final = 65537

CURVE: Final = "P-256"
"""Of ES256 (RFC 7518, section 3.4)."""

NUMBER_BYTES: Final = 32
"""Of each of the two numbers of an ES256 signature, and of each coordinate of a point."""

PKCS1: Final = PKCS1v15()
SHA_256: Final = SHA256()
ECDSA_SHA_256: Final = ECDSA(SHA_256)


def generate_key(algorithm: Algorithm) -> PrivateKey:
    """Make a key."""
    return generate_rsa_key(EXPONENT, KEY_BITS) if algorithm == "RS256" else generate_private_key(SECP256R1())


def algorithm_of(key: PrivateKey | PublicKey) -> Algorithm:
    """Return the algorithm that a key is for: it follows from its type, and nothing else has a say."""
    return "RS256" if isinstance(key, RSAPrivateKey | RSAPublicKey) else "ES256"


def sign_with(key: PrivateKey, content: bytes) -> bytes:
    """Sign, by the algorithm of the key."""
    if isinstance(key, RSAPrivateKey):
        return key.sign(content, PKCS1, SHA_256)
    r, s = decode_dss_signature(key.sign(content, ECDSA_SHA_256))
    return r.to_bytes(NUMBER_BYTES) + s.to_bytes(NUMBER_BYTES)


def is_signed_with(key: PublicKey, content: bytes, signature: bytes) -> bool:
    """Return whether the private half of a key has signed something, by the algorithm of the key."""
    try:
        if isinstance(key, RSAPublicKey):
            key.verify(signature, content, PKCS1, SHA_256)
            return True
        if len(signature) != 2 * NUMBER_BYTES:
            return False
        r, s = int.from_bytes(signature[:NUMBER_BYTES]), int.from_bytes(signature[NUMBER_BYTES:])
        key.verify(encode_dss_signature(r, s), content, ECDSA_SHA_256)
    except InvalidSignature:
        return False
    return True


def numbers_of(key: PublicKey) -> dict[str, str]:
    """Return what a key consists of, as a JWK has it: modulus and exponent, or the coordinates of a point."""
    if isinstance(key, RSAPublicKey):
        of_rsa = key.public_numbers()
        return {name: base64url(as_bytes(value)) for name, value in (("n", of_rsa.n), ("e", of_rsa.e))}
    point = key.public_numbers()
    return {name: base64url(value.to_bytes(NUMBER_BYTES)) for name, value in (("x", point.x), ("y", point.y))}


def as_bytes(number: int) -> bytes:
    """Return a number in as few bytes as it takes (RFC 7518, section 2, Base64urlUInt)."""
    return number.to_bytes((number.bit_length() + 7) // 8)


def document_of(key: PrivateKey) -> bytes:
    """Write a key: PKCS #8, in DER."""
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def read_key(document: bytes) -> PrivateKey:
    """
    Read a document of our own, which says what kind of key it holds.

    Raises:
        ValueError: it holds none that signs here.
    """
    # Whether the numbers are primes need not be checked, for a tenth of a second: what was decrypted is what we made.
    key = load_der_private_key(document, None, unsafe_skip_rsa_key_validation=True)
    is_on_curve = isinstance(key, EllipticCurvePrivateKey) and isinstance(key.curve, SECP256R1)
    if not isinstance(key, RSAPrivateKey | EllipticCurvePrivateKey) or not (
        isinstance(key, RSAPrivateKey) or is_on_curve
    ):
        message = "a key of a kind that signs nothing here"
        raise ValueError(message)
    return key

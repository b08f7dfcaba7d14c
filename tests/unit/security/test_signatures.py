"""Signatures and keys of ours are those of RFC 7515 and RFC 7518: joserfc reads what we write, and we what it does."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP384R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as generate_ec_key
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import ECKey, RSAKey
from joserfc.jws import JWSRegistry

from authweave.security._algorithms import Algorithm
from authweave.security._signatures import (
    document_of,
    generate_key,
    is_signed_with,
    numbers_of,
    read_key,
    sign_with,
)

ALGORITHMS: tuple[Algorithm, ...] = ("RS256", "ES256")
KEYS = {algorithm: generate_key(algorithm) for algorithm in ALGORITHMS}
OTHERS = {algorithm: generate_key(algorithm) for algorithm in ALGORITHMS}
BOTH = pytest.mark.parametrize("algorithm", ALGORITHMS)


def peer(algorithm: Algorithm) -> RSAKey | ECKey:
    """Return the key as joserfc has it, from its stored document."""
    document = document_of(KEYS[algorithm])
    return RSAKey.import_key(document) if algorithm == "RS256" else ECKey.import_key(document)


@BOTH
def test_joserfc_verifies_what_we_sign_and_we_what_it_signs(algorithm: Algorithm) -> None:
    """Each with the other's reading of one key."""
    key, theirs, jws = KEYS[algorithm], peer(algorithm), JWSRegistry.algorithms[algorithm]
    for content in (b"", b"header.payload", b"x" * 10_000):
        assert jws.verify(content, sign_with(key, content), theirs)
        assert is_signed_with(key.public_key(), content, jws.sign(content, theirs))


@BOTH
def test_a_jwk_has_the_numbers_that_joserfc_writes(algorithm: Algorithm) -> None:
    """Modulus and exponent in as few bytes as they take, coordinates in 32 each, leading zeros and all."""
    written = peer(algorithm).as_dict(private=False)
    numbers = numbers_of(KEYS[algorithm].public_key())
    assert numbers == {name: written[name] for name in numbers}
    assert algorithm == "RS256" or {len(each) for each in numbers.values()} == {43}


def test_coordinates_and_signatures_keep_their_leading_zeros() -> None:
    """Of 600 keys some have a coordinate below 2**248, and some a number of their signature."""
    for _ in range(600):
        key = generate_key("ES256")
        assert {len(each) for each in numbers_of(key.public_key()).values()} == {43}
        signature = sign_with(key, b"content")
        assert len(signature) == 64
        assert is_signed_with(key.public_key(), b"content", signature)


@BOTH
def test_what_somebody_else_signed_is_refused(algorithm: Algorithm) -> None:
    """Of another key, of other content, or with any bit changed."""
    key, content = KEYS[algorithm], b"header.payload"
    signature = sign_with(key, content)
    assert not is_signed_with(OTHERS[algorithm].public_key(), content, signature)
    assert not is_signed_with(key.public_key(), content + b"x", signature)
    for at in range(0, len(signature), 7):
        changed = bytearray(signature)
        changed[at] ^= 1
        assert not is_signed_with(key.public_key(), content, bytes(changed))


@given(st.binary(max_size=300))
def test_whatever_is_no_signature_is_refused(signature: bytes) -> None:
    """Of any length, zeros and numbers beyond the order of the curve included, and nothing is raised."""
    for key in KEYS.values():
        assert not is_signed_with(key.public_key(), b"content", signature)
        assert not is_signed_with(key.public_key(), b"content", signature[:64].ljust(64, b"\xff"))
        assert not is_signed_with(key.public_key(), b"content", bytes(64))


def test_a_signature_in_der_is_none() -> None:
    """OpenSSL's own form of an ES256 signature is not that of a token."""
    key = KEYS["ES256"]
    assert isinstance(key, EllipticCurvePrivateKey)
    der = key.sign(b"content", ECDSA(SHA256()))
    assert not is_signed_with(key.public_key(), b"content", der)


@BOTH
def test_a_key_is_read_as_it_was_written(algorithm: Algorithm) -> None:
    """As joserfc, which wrote those of older releases, has it too."""
    document = peer(algorithm).as_der(private=True)
    key = read_key(document)
    assert document_of(key) == document
    assert is_signed_with(KEYS[algorithm].public_key(), b"content", sign_with(key, b"content"))


def test_keys_of_other_kinds_are_refused() -> None:
    """Another curve is another algorithm."""
    with pytest.raises(ValueError, match="signs nothing here"):
        read_key(document_of(generate_ec_key(SECP384R1())))

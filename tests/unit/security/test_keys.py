import uuid

import pytest
from joserfc.jwk import RSAKey

from authweave.security import (
    KeyDecryptionError,
    ServerSecret,
    SigningKey,
    decrypt_key,
    encrypt_key,
    generate_dynamic_key,
    generate_static_key,
    parse_access_token,
    sign_access_token,
    verify_access_token,
)
from authweave.types import JSONObject

SECRET = ServerSecret(b"s" * 32)
CLAIMS: JSONObject = {
    "sub": "u",
    "rsub": "u",
    "tId": "public",
    "iat": 1,
    "exp": 2,
    "sessionHandle": "h",
    "refreshTokenHash1": "x",
}


@pytest.fixture(scope="module")
def key() -> SigningKey:
    """Return a key, made once: that takes long."""
    return generate_dynamic_key(1_700_000_000_000, "RS256")


def test_ids_say_what_kind_of_key_it_is(key: SigningKey) -> None:
    """A dynamic key is called after the moment, a static one after a UUID."""
    assert key.kid == "d-1700000000000"
    static = generate_static_key(random_bytes=bytes)
    prefix, _, name = static.kid.partition("-")
    assert prefix == "s"
    assert uuid.UUID(name).version == 4


def test_the_public_half_is_all_that_is_published(key: SigningKey) -> None:
    """The JWK has the six members that `jwks.json` lists, 2048 bits, and nothing of the private half."""
    jwk = key.verifying.jwk
    assert set(jwk) == {"kty", "kid", "n", "e", "alg", "use"}
    assert (jwk["kty"], jwk["kid"], jwk["alg"], jwk["use"]) == ("RSA", key.kid, "RS256", "sig")
    imported = RSAKey.import_key({"kty": jwk["kty"], "n": jwk.get("n", ""), "e": jwk.get("e", "")})
    assert imported.public_key.key_size == 2048
    assert not imported.is_private
    assert not key.verifying.key.is_private


def test_a_stored_key_opens_and_goes_on_signing(key: SigningKey) -> None:
    """What a decrypted key signs, the public half of the original verifies."""
    opened = decrypt_key(key.kid, encrypt_key(key, SECRET, "app"), SECRET, "app")
    assert opened.kid == key.kid
    token = parse_access_token(sign_access_token(CLAIMS, opened))
    assert token is not None
    assert verify_access_token(token, key.verifying)


def test_a_key_of_another_algorithm() -> None:
    """A key of ES256 has the members of its kind, opens again, and goes on signing with ES256 alone."""
    made = generate_static_key("ES256")
    jwk = made.verifying.jwk
    assert set(jwk) == {"kty", "kid", "crv", "x", "y", "alg", "use"}
    assert (jwk["kty"], jwk.get("crv"), jwk["alg"]) == ("EC", "P-256", "ES256")
    assert not made.verifying.key.is_private
    opened = decrypt_key(made.kid, encrypt_key(made, SECRET, "app"), SECRET, "app")
    token = parse_access_token(sign_access_token(CLAIMS, opened))
    assert token is not None
    assert (token.algorithm, opened.algorithm) == ("ES256", "ES256")
    assert verify_access_token(token, made.verifying)


def test_a_stored_key_opens_nowhere_else(key: SigningKey) -> None:
    """With another secret, id or app, or with any byte changed, it does not open, and the error names the key."""
    stored = encrypt_key(key, SECRET, "app")
    attempts = [
        (key.kid, stored, ServerSecret(b"t" * 32), "app"),
        ("d-2", stored, SECRET, "app"),
        (key.kid, stored, SECRET, "other"),
        (key.kid[1:], stored, SECRET, f"app{key.kid[0]}"),
        (key.kid, b"", SECRET, "app"),
        (key.kid, stored[:9], SECRET, "app"),
        (key.kid, stored[:-1], SECRET, "app"),
        *((key.kid, changed(stored, at), SECRET, "app") for at in (0, 1, 12, 13, 500, -1)),
    ]
    for kid, encrypted, secret, app in attempts:
        with pytest.raises(KeyDecryptionError, match=kid):
            decrypt_key(kid, encrypted, secret, app)


def changed(data: bytes, at: int) -> bytes:
    """Return data with one bit flipped."""
    copy = bytearray(data)
    copy[at] ^= 1
    return bytes(copy)


def test_the_private_half_is_not_in_the_clear(key: SigningKey) -> None:
    """What is stored differs each time, and has no part of the key's own document."""
    one, other = encrypt_key(key, SECRET, "app"), encrypt_key(key, SECRET, "app")
    assert one != other
    assert key.key.as_der(private=True)[30:60] not in one

"""What clients sign with where they show by a JWT who they are (RFC 7517, RFC 7518)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final, TypeAlias, cast

import attrs
from joserfc.errors import InvalidKeyTypeError, JoseError
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from authweave.security import base64url
from authweave.types import JSON, JSONObject

from .algorithms import SECRET_ALGORITHMS, SigningKeyError

PrivateKey: TypeAlias = RSAKey | ECKey | OKPKey

KINDS: Final[tuple[type[RSAKey | ECKey | OKPKey], ...]] = (RSAKey, ECKey, OKPKey)

RSA_BITS: Final = range(2048, 8193)
"""Fewer are too few (RFC 7518, section 3.3); more take so long that others would wait."""

RSA_ALGORITHMS: Final = ("RS256", "PS256", "RS384", "PS384", "RS512", "PS512")

CURVE_ALGORITHMS: Final[Mapping[str, tuple[str, ...]]] = {
    "P-256": ("ES256",),
    "P-384": ("ES384",),
    "P-521": ("ES512",),
    "Ed25519": ("EdDSA", "Ed25519"),  # the name of RFC 8037, and that of RFC 9864
}

KEY_PARAMETERS: Final = ("kty", "crv", "n", "e", "d", "p", "q", "dp", "dq", "qi", "x", "y")

MAX_KEY_CHARACTERS: Final = 20_000

CACHED: Final = 256
"""Keys, of as many clients. An RSA key takes some 25 milliseconds to read."""


@attrs.frozen(eq=False)
class SigningKey:
    """
    What a client signs with.

    Attributes:
        algorithms: those that it can sign with, the one to prefer first.
        kid: its id, where it has one itself.
    """

    algorithms: Sequence[str]
    kid: str | None = None
    key: PrivateKey | OctKey = attrs.field(repr=False, kw_only=True)

    def sign(self, header: JSONObject, claims: JSONObject, algorithm: str) -> str:
        """Make a JWT."""
        parts = [base64url(json.dumps(each).encode()) for each in ({"alg": algorithm, **header}, claims)]
        signing_input = ".".join(parts)
        # Not joserfc's own function: it warns of EdDSA, whose other name few providers know.
        signature = JWSRegistry.algorithms[algorithm].sign(signing_input.encode("ascii"), self.key)
        return f"{signing_input}.{base64url(signature)}"


@lru_cache(CACHED)
def private_key(text: str) -> SigningKey:
    """
    Read a private key: in PEM, or a JWK as JSON.

    Lines of PEM may end in a backslash and an ``n``, as they do in variables of the environment.

    Raises:
        SigningKeyError: it is none that can sign here.
    """
    if len(text) > MAX_KEY_CHARACTERS:
        raise SigningKeyError("is too long for a private key")
    try:
        key, names = json_web_key(text) if text.lstrip().startswith("{") else pem_key(text)
    except (JoseError, ValueError, KeyError, TypeError, RecursionError):
        message = "is no private key, in PEM without a password or as a JWK: write its text, not the name of a file"
        raise SigningKeyError(message) from None
    if not key.is_private:
        raise SigningKeyError("is the public half of a key: the private one belongs there")
    algorithms, named = algorithms_of(key), names.get("alg")
    if named not in {None, *algorithms}:
        raise SigningKeyError("is a JWK with an 'alg' that it cannot sign with")
    return SigningKey(algorithms if named is None else (named,), names.get("kid"), key=key)


@lru_cache(CACHED)
def shared_key(secret: str) -> SigningKey:
    """
    Take a client's secret as a key.

    Raises:
        SigningKeyError: it is too short.
    """
    content = secret.encode(errors="replace")
    algorithms = [name for name, size in SECRET_ALGORITHMS.items() if len(content) >= size]
    if not algorithms:
        raise SigningKeyError("is shorter than the 32 bytes that signing asks for (RFC 7518, section 3.2)")
    # Not from the text itself, which might look like a key in PEM.
    return SigningKey(algorithms, key=OctKey.import_key({"kty": "oct", "k": base64url(content)}))


def pem_key(text: str) -> tuple[PrivateKey, Mapping[str, str]]:
    """Read a key in PEM, which says nothing else. Raises what joserfc and cryptography raise."""
    pem = text.replace("\\n", "\n")
    for kind in KINDS:
        try:
            return kind.import_key(pem), {}
        except InvalidKeyTypeError:  # it is a key of another kind
            continue
    raise ValueError("a key of a kind that signs nothing here")


def json_web_key(text: str) -> tuple[PrivateKey, Mapping[str, str]]:
    """Read a JWK; return it, and what else it says in texts. Raises what joserfc and cryptography raise."""
    content = cast("JSON", json.loads(text))  # json.loads is typed Any
    fields = content if isinstance(content, dict) else {}
    texts = {name: value for name, value in fields.items() if isinstance(value, str)}
    kind = {each.key_type: each for each in KINDS}[texts.get("kty", "")]
    numbers: dict[str, str | list[str]] = {name: texts[name] for name in KEY_PARAMETERS if name in texts}
    return kind.import_key(numbers), texts


def algorithms_of(key: PrivateKey) -> Sequence[str]:
    """
    Return what a key can sign with.

    Raises:
        SigningKeyError: nothing.
    """
    if not isinstance(key, RSAKey):
        able = CURVE_ALGORITHMS.get(key.curve_name, ())
        if not able:
            raise SigningKeyError(f"is on the curve {key.curve_name}: those are P-256, P-384, P-521 and Ed25519")
        return able
    bits = key.private_key.key_size if key.private_key is not None else 0
    if bits not in RSA_BITS:
        raise SigningKeyError(f"is an RSA key of {bits} bits: 2048 to 8192 are taken")
    return RSA_ALGORITHMS

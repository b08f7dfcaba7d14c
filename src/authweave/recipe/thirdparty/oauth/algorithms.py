"""What tokens may be signed with (RFC 7518, RFC 8037, RFC 8812)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final, TypeAlias

import attrs

KeyKind: TypeAlias = tuple[str, str | None]
"""``kty`` and ``crv`` of a key; RSA has no curve."""


@attrs.frozen
class SignatureAlgorithm:
    """
    An algorithm.

    Attributes:
        kind: what keys it takes, and no others.
        hash_name: the hash function of ``at_hash``, which is that of the signature (OpenID Connect Core, 3.1.3.6).
    """

    kind: KeyKind
    hash_name: str


USUAL: Final[Mapping[str, SignatureAlgorithm]] = {
    "RS256": SignatureAlgorithm(("RSA", None), "sha256"),
    "RS384": SignatureAlgorithm(("RSA", None), "sha384"),
    "RS512": SignatureAlgorithm(("RSA", None), "sha512"),
    "PS256": SignatureAlgorithm(("RSA", None), "sha256"),
    "PS384": SignatureAlgorithm(("RSA", None), "sha384"),
    "PS512": SignatureAlgorithm(("RSA", None), "sha512"),
    "ES256": SignatureAlgorithm(("EC", "P-256"), "sha256"),
    "ES384": SignatureAlgorithm(("EC", "P-384"), "sha384"),
    "ES512": SignatureAlgorithm(("EC", "P-521"), "sha512"),
}
"""Accepted of a provider that does not say which it uses."""

ALGORITHMS: Final[Mapping[str, SignatureAlgorithm]] = {
    **USUAL,
    "ES256K": SignatureAlgorithm(("EC", "secp256k1"), "sha256"),
    "EdDSA": SignatureAlgorithm(("OKP", "Ed25519"), "sha512"),
}
"""All that there are here. No ``none``, and none with a shared secret: what verifies must not be able to sign."""

SECRET_ALGORITHMS: Final[Mapping[str, int]] = {"HS256": 32, "HS384": 48, "HS512": 64}
"""What clients sign with who have a secret, and how many bytes it needs for that (RFC 7518, section 3.2)."""

KEY_KINDS: Final = frozenset(each.kind for each in ALGORITHMS.values())

REQUIRED: Final = "RS256"
"""Every provider has it, listed or not (Discovery, section 3)."""

OTHER_NAMES: Final = {"Ed25519": "EdDSA"}
"""RFC 9864 names what EdDSA means here."""


class SigningKeyError(ValueError):
    """A text is no key to sign with; says what it is, and nothing of its content."""


def algorithm_named(name: str) -> str:
    """Return the one name that an algorithm has here."""
    return OTHER_NAMES.get(name, name)


def accepted_algorithms(listed: Collection[str] | None) -> Collection[str]:
    """
    Return what the ID tokens of a provider may be signed with.

    Args:
        listed: what its discovery document says of that; None where it says nothing.
    """
    if listed is None:
        return USUAL
    return {REQUIRED, *(algorithm_named(each) for each in listed)} & ALGORITHMS.keys()

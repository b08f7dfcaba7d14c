"""JSON Web Signatures of providers (RFC 7515): whether one of a provider's keys made them."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from typing import Final, cast

import attrs
from joserfc import jws
from joserfc.errors import JoseError

from authweave.security import base64url_bytes
from authweave.types import JSON, MAX_PROVIDER_TOKEN_CHARACTERS, JSONObject

from .algorithms import ALGORITHMS, algorithm_named
from .discovery import printable
from .keys import Numbers, ProviderKeys, PublicKey
from .signers import Refusal, Signer

# The algorithms themselves: the registry would decode a token's header for each key that is tried.
VERIFIERS: Final = {name: jws.JWSRegistry.algorithms[name] for name in ALGORITHMS}

ALGORITHM_NAME: Final = re.compile(r"[A-Za-z0-9-]{1,20}")
"""Fit to be shown."""


@attrs.frozen
class SignedToken:
    """
    A token of which nobody knows yet who made it.

    Attributes:
        algorithm: what it says that it is signed with.
        kid: by which key, where it says that.
        signed: header and payload, as they were signed.
        signature: the signature.
        payload: in base64url.
    """

    algorithm: str
    kid: str | None
    signed: bytes = attrs.field(repr=False)
    signature: bytes = attrs.field(repr=False)
    payload: str = attrs.field(repr=False)


@attrs.frozen(eq=False)
class Signatures:
    """Checks signatures."""

    keys: ProviderKeys

    async def claims(self, token: str, signer: Signer) -> tuple[str, JSONObject]:
        """
        Return algorithm and claims of a token that a provider has signed. What they say is not looked at.

        Raises:
            IDTokenError: somebody else has, or nobody.
            ProviderError: the provider's keys cannot be fetched.
        """
        refuse = Refusal(signer.third_party_id)
        parsed = read_token(token, signer.algorithms, refuse)
        await self._check(parsed, signer, refuse)
        return parsed.algorithm, read_claims(parsed.payload, refuse)

    async def _check(self, token: SignedToken, signer: Signer, refuse: Refusal) -> None:
        tried = set[Numbers]()
        # Where none of the known keys has signed it there may be others by now, also under an id that is known: not
        # all who replace a key give the new one another name, as they should (OpenID Connect Core, section 10.1.1).
        for published in (self.keys.get, self.keys.get_newer):
            known = await published(signer.third_party_id, signer.jwks_uri)
            for numbers, key in known.candidates(token.kid, token.algorithm):
                if numbers not in tried and is_signed_by(token, key):
                    return
                tried.add(numbers)
        if not tried:
            named = "" if token.kid is None else " under its kid, nor without one"
            refuse("key", f"the provider publishes no {token.algorithm} key{named}.")
        refuse("signature", f"none of the provider's keys that fit has signed it ({len(tried)} were tried).")


def read_token(token: str, accepted: Collection[str], refuse: Refusal) -> SignedToken:
    """
    Read a token that nobody has checked yet.

    One that says in its header that it is something else, an access token (RFC 9068) or of a logout, is none of those
    that are read here. Resource servers are handed such tokens, and might bring them.

    Keys, or addresses of keys, in its header (``jwk``, ``jku``, ``x5c``, ``x5u``) are of no account: whoever makes a
    token up chooses them (RFC 8725, section 3.10).
    """
    if len(token) > MAX_PROVIDER_TOKEN_CHARACTERS or token.count(".") != 2:  # noqa: PLR2004  header.payload.signature
        refuse("malformed", "it is too long, or no JSON Web Token.")
    signed, _, signature = token.rpartition(".")
    first, _, payload = signed.partition(".")
    header = read_json(first)
    if not isinstance(header, dict) or "alg" not in header:
        refuse("malformed", "it is no JSON Web Token.")
    named, kid = header["alg"], header.get("kid")
    algorithm = algorithm_named(named) if isinstance(named, str) else ""
    if algorithm not in accepted:
        shown = named if isinstance(named, str) and ALGORITHM_NAME.fullmatch(named) else "something unknown"
        refuse("algorithm", f"its algorithm is {shown}; of this provider are accepted {', '.join(sorted(accepted))}.")
    if "crit" in header or not (kid is None or isinstance(kid, str)):
        refuse("malformed", "its header is not understood.")
    kind = header.get("typ")
    if isinstance(kind, str) and kind.lower().endswith("+jwt"):  # explicit typing (RFC 8725, section 3.11)
        refuse("malformed", f"it is of another kind (typ): {printable(kind)}.")
    made = base64url_bytes(signature)
    if made is None or not signed.isascii():
        refuse("signature", "its signature is none: it is no base64url.")
    return SignedToken(algorithm, kid, signed.encode("ascii"), made, payload)


def is_signed_by(token: SignedToken, key: PublicKey) -> bool:
    """Return whether a key has signed a token. It is a key for the token's algorithm: `PublishedKeys` chose it."""
    try:
        return VERIFIERS[token.algorithm].verify(token.signed, token.signature, key)
    except (JoseError, ValueError):
        return False


def read_claims(payload: str, refuse: Refusal) -> JSONObject:
    """Return what a token says that has been found genuine."""
    claims = read_json(payload)
    if not isinstance(claims, dict):
        refuse("malformed", "it has no claims.")
    return claims


def read_json(segment: str) -> JSON:
    """Return the JSON of a part of a token; None where there is none."""
    try:
        return cast("JSON", json.loads((base64url_bytes(segment) or b"").decode()))  # json.loads is typed Any
    except (ValueError, RecursionError):
        return None

"""ID tokens (OpenID Connect Core, section 3.1.3.7): whether what one says is true, for us, and now."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from math import inf, nan
from typing import Final, NoReturn, cast

import attrs
from joserfc import jws
from joserfc.errors import JoseError

from authweave.extending import Services
from authweave.recipe.thirdparty.exceptions import IDTokenError, IDTokenFault
from authweave.security import base64url, constant_time_equal
from authweave.types import JSON, MAX_PROVIDER_TOKEN_CHARACTERS, MAX_SUBJECT_CHARACTERS, JSONObject

from .discovery import TENANT_ID, TENANT_PART, text_of
from .keys import ALGORITHMS, ProviderKeys
from .settings import OAuthSettings

# Providers may put other things into the header; those that would have to be understood (``crit``) are refused.
REGISTRY: Final = jws.JWSRegistry(algorithms=sorted(ALGORITHMS), strict_check_header=False)


@attrs.frozen(kw_only=True)
class Expected:
    """
    What an ID token has to say.

    Attributes:
        third_party_id: the provider's id.
        jwks_uri: where its keys are.
        issuer: who it is; ``{tenantid}`` stands for the token's ``tid``.
        client_ids: the token has to be for one of them.
        nonce: what it has to repeat; None where a client brings it, and nobody knows.
        access_token: the one beside it, which the token's ``at_hash``, if there is one, has to fit.
    """

    third_party_id: str
    jwks_uri: str
    issuer: str
    client_ids: Collection[str]
    nonce: str | None = attrs.field(default=None, repr=False)
    access_token: str | None = attrs.field(default=None, repr=False)


@attrs.frozen(eq=False)
class IDTokens:
    """Checks ID tokens."""

    services: Services = attrs.field(repr=False)
    settings: OAuthSettings
    keys: ProviderKeys

    async def claims(self, token: str, expected: Expected) -> JSONObject:
        """
        Check an ID token and return what it says.

        Raises:
            IDTokenError: it is not genuine, not for us, or not for now.
            ProviderError: the provider's keys cannot be fetched.
        """
        algorithm, claims = await self._verify_signature(token, expected)
        check_issuer(claims, expected)
        check_audience(claims, expected)
        check_nonce(claims, expected)
        check_subject(claims, expected)
        check_times(claims, self.services.clock() // 1000, self.settings.leeway.total_seconds(), expected)
        check_access_token(claims, algorithm, expected)
        return claims

    async def verified(self, token: str, expected: Expected) -> JSONObject:
        """
        Check the signature of another token of a provider, as of signed user info; what it says is for who asks.

        Raises:
            IDTokenError: it is not genuine.
            ProviderError: the provider's keys cannot be fetched.
        """
        _, claims = await self._verify_signature(token, expected)
        return claims

    async def _verify_signature(self, token: str, expected: Expected) -> tuple[str, JSONObject]:
        """Return algorithm and claims of a token whose signature is the provider's."""
        refuse = Refusal(expected.third_party_id)
        parsed, header = parse_token(token, refuse)
        algorithm, kid = header.get("alg"), header.get("kid")
        if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
            refuse("algorithm", "it is not signed, or not with a key of which only the provider has one half.")
        if "crit" in header or not (kid is None or isinstance(kid, str)):
            refuse("malformed", "its header is not understood.")
        key = await self.keys.find(expected.third_party_id, expected.jwks_uri, kid, algorithm)
        if key is None:
            refuse("key", "the provider has no such key.")
        try:
            genuine = jws.validate_compact(parsed, key, registry=REGISTRY)
        except (JoseError, ValueError):
            genuine = False
        if not genuine:
            refuse("signature", "its signature is not the provider's.")
        try:
            claims = cast("JSON", json.loads(parsed.payload or b""))  # json.loads is typed Any
        except (ValueError, RecursionError):
            claims = None
        if not isinstance(claims, dict):
            refuse("malformed", "it has no claims.")
        return algorithm, claims


@attrs.frozen
class Refusal:
    """Refuses a token of a provider."""

    third_party_id: str

    def __call__(self, fault: IDTokenFault, message: str) -> NoReturn:
        """Raise the error."""
        raise IDTokenError(self.third_party_id, fault, message) from None


def parse_token(token: str, refuse: Refusal) -> tuple[jws.CompactSignature, JSONObject]:
    """Return a token that nobody has checked yet, and its header."""
    if len(token) > MAX_PROVIDER_TOKEN_CHARACTERS or not token.isascii():
        refuse("malformed", "it is too long, or no JSON Web Token.")
    try:
        parsed = jws.extract_compact(token.encode("ascii"), registry=REGISTRY)
    except (JoseError, ValueError, TypeError):
        refuse("malformed", "it is no JSON Web Token.")
    header = cast("JSON", parsed.headers())  # typed as an object; any JSON in which "alg" is found comes through
    if not isinstance(header, dict):
        refuse("malformed", "it is no JSON Web Token.")
    return parsed, header


def check_issuer(claims: JSONObject, expected: Expected) -> None:
    """Check who issued a token: exactly the issuer that was discovered."""
    issuer = expected.issuer
    if TENANT_PART in issuer:
        tenant = text_of(claims, "tid") or ""
        issuer = issuer.replace(TENANT_PART, tenant) if TENANT_ID.fullmatch(tenant) else ""
    if not issuer or text_of(claims, "iss") != issuer:
        raise IDTokenError(expected.third_party_id, "issuer", "another issuer made it.")


def check_audience(claims: JSONObject, expected: Expected) -> None:
    """Check whom a token is for, and that it was issued to one of our clients where others may read it too."""
    audience, party = claims.get("aud"), claims.get("azp")
    named = audience if isinstance(audience, list) else [audience]
    for_us = any(isinstance(each, str) and each in expected.client_ids for each in named)
    to_us = isinstance(party, str) and party in expected.client_ids if party else len(named) == 1
    if not for_us or not to_us:
        raise IDTokenError(expected.third_party_id, "audience", "it was issued to another client.")


def check_nonce(claims: JSONObject, expected: Expected) -> None:
    """Check that a token was made for this sign-in."""
    if expected.nonce is not None and not constant_time_equal(text_of(claims, "nonce") or "", expected.nonce):
        raise IDTokenError(expected.third_party_id, "nonce", "it belongs to another sign-in.")


def check_subject(claims: JSONObject, expected: Expected) -> None:
    """Check that a token names somebody."""
    subject = text_of(claims, "sub")
    if not subject or len(subject) > MAX_SUBJECT_CHARACTERS:
        raise IDTokenError(expected.third_party_id, "claims", "it names nobody, or with too long a name.")


def check_times(claims: JSONObject, now_s: int, leeway_s: float, expected: Expected) -> None:
    """Check that a token is valid now (RFC 7519, section 4.1)."""
    # What is no time is NaN, which compares with nothing.
    if not numeric_date(claims, "exp") > now_s - leeway_s:
        raise IDTokenError(expected.third_party_id, "expired", "it has expired, or does not say when it does.")
    if not numeric_date(claims, "iat") <= now_s + leeway_s:
        message = "its time of issue is in the future, or missing."
        raise IDTokenError(expected.third_party_id, "expired", message)
    if "nbf" in claims and not numeric_date(claims, "nbf") <= now_s + leeway_s:
        raise IDTokenError(expected.third_party_id, "expired", "it is not valid yet.")


def numeric_date(claims: JSONObject, name: str) -> float:
    """Return a time in seconds since the epoch; NaN where there is none. Infinity, which is no JSON, is none."""
    value = claims.get(name)
    return value if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) != inf else nan


def check_access_token(claims: JSONObject, algorithm: str, expected: Expected) -> None:
    """Check that a token belongs to the access token beside it, where it says so (section 3.1.3.6)."""
    claimed, access_token = claims.get("at_hash"), expected.access_token
    if not claimed or not access_token:
        return
    digest = hashlib.new(f"sha{algorithm[2:]}", access_token.encode(errors="replace")).digest()  # RS256: SHA-256
    half = base64url(digest[: len(digest) // 2])
    if not isinstance(claimed, str) or not constant_time_equal(claimed, half):
        raise IDTokenError(expected.third_party_id, "access_token", "it does not belong to the access token beside it.")

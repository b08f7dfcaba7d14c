"""ID tokens (OpenID Connect Core, section 3.1.3.7): whether what one says is true, for us, and now."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Final, NoReturn, cast

import attrs
from authlib.oidc.core import CodeIDToken
from joserfc import jws
from joserfc.errors import ClaimError, JoseError

from authweave.extending import Services
from authweave.recipe.thirdparty.exceptions import IDTokenError, IDTokenFault
from authweave.security import constant_time_equal
from authweave.types import JSON, MAX_PROVIDER_TOKEN_CHARACTERS, MAX_SUBJECT_CHARACTERS, JSONObject

from .discovery import TENANT_ID, TENANT_PART, text_of
from .keys import ALGORITHMS, ProviderKeys
from .settings import OAuthSettings

FAULTS: Final[dict[str, tuple[IDTokenFault, str]]] = {
    "exp": ("expired", "it has expired, or does not say when it does."),
    "iat": ("expired", "it is said to be made in the future, or does not say when."),
    "nbf": ("expired", "it does not count yet."),
    "azp": ("audience", "it was issued to another client."),
    "at_hash": ("access_token", "it does not belong to the access token beside it."),
}

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

    async def claims(self, token: str, wanted: Expected) -> JSONObject:
        """
        Check an ID token and return what it says.

        Raises:
            IDTokenError: it is not genuine, not for us, or not for now.
            ProviderError: the provider's keys cannot be fetched.
        """
        header, claims = await self._verified(token, wanted)
        check_issuer(claims, wanted)
        client_id = checked_audience(claims, wanted)
        check_nonce(claims, wanted)
        check_subject(claims, wanted)
        read = CodeIDToken(
            dict(claims), dict(header), None, {"client_id": client_id, "access_token": wanted.access_token}
        )
        try:
            leeway_s = round(self.settings.leeway.total_seconds())
            read.validate(self.services.clock() // 1000, leeway_s)
        except ClaimError as error:
            fault, message = FAULTS.get(error.claim, ("claims", f"its {error.claim!r} is not as it should be."))
            raise IDTokenError(wanted.third_party_id, fault, message) from None
        except (JoseError, ValueError, TypeError):
            raise IDTokenError(wanted.third_party_id, "claims", "its claims are not as they should be.") from None
        return claims

    async def _verified(self, token: str, wanted: Expected) -> tuple[JSONObject, JSONObject]:
        """Return header and claims of a token whose signature is the provider's."""
        refuse = Refusal(wanted.third_party_id)
        parsed, header = taken_apart(token, refuse)
        algorithm, kid = header.get("alg"), header.get("kid")
        if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
            refuse("algorithm", "it is not signed, or not with a key of which only the provider has one half.")
        if "crit" in header or not (kid is None or isinstance(kid, str)):
            refuse("malformed", "its header is not understood.")
        key = await self.keys.find(wanted.third_party_id, wanted.jwks_uri, kid, algorithm)
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
        return header, claims


@attrs.frozen
class Refusal:
    """Refuses a token of a provider."""

    third_party_id: str

    def __call__(self, fault: IDTokenFault, message: str) -> NoReturn:
        """Raise the error."""
        raise IDTokenError(self.third_party_id, fault, message) from None


def taken_apart(token: str, refuse: Refusal) -> tuple[jws.CompactSignature, JSONObject]:
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


def check_issuer(claims: JSONObject, wanted: Expected) -> None:
    """Check who issued a token: exactly the issuer that was discovered."""
    issuer = wanted.issuer
    if TENANT_PART in issuer:
        tenant = text_of(claims, "tid") or ""
        issuer = issuer.replace(TENANT_PART, tenant) if TENANT_ID.fullmatch(tenant) else ""
    if not issuer or text_of(claims, "iss") != issuer:
        raise IDTokenError(wanted.third_party_id, "issuer", "another issuer made it.")


def checked_audience(claims: JSONObject, wanted: Expected) -> str:
    """Check whom a token is for, and return which of our clients that is."""
    audience = claims.get("aud")
    named = audience if isinstance(audience, list) else [audience]
    ours = [each for each in named if isinstance(each, str) and each in wanted.client_ids]
    if not ours:
        raise IDTokenError(wanted.third_party_id, "audience", "it was issued to another client.")
    authorised = text_of(claims, "azp")  # of several clients of ours, the one that the token was issued to
    return authorised if authorised in wanted.client_ids and authorised is not None else ours[0]


def check_nonce(claims: JSONObject, wanted: Expected) -> None:
    """Check that a token was made for this sign-in."""
    if wanted.nonce is not None and not constant_time_equal(text_of(claims, "nonce") or "", wanted.nonce):
        raise IDTokenError(wanted.third_party_id, "nonce", "it belongs to another sign-in.")


def check_subject(claims: JSONObject, wanted: Expected) -> None:
    """Check that a token names somebody."""
    subject = text_of(claims, "sub")
    if not subject or len(subject) > MAX_SUBJECT_CHARACTERS:
        raise IDTokenError(wanted.third_party_id, "claims", "it names nobody, or with too long a name.")

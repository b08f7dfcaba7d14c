"""ID tokens (OpenID Connect Core, section 3.1.3.7): whether what one says is true, for us, and now."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from typing import TYPE_CHECKING

import attrs

from authweave.extending import Services
from authweave.recipe.thirdparty.exceptions import IDTokenError
from authweave.security import base64url, constant_time_equal
from authweave.types import JSON, MAX_SUBJECT_CHARACTERS, JSONObject

from .algorithms import ALGORITHMS
from .discovery import TENANT_ID, TENANT_PART, printable, text_of
from .settings import OAuthSettings
from .signers import Refusal, Signer
from .token_times import check_times

if TYPE_CHECKING:  # loads joserfc
    from .signatures import Signatures


@attrs.frozen(kw_only=True)
class Expected:
    """
    What an ID token has to say.

    Attributes:
        signer: who has to have signed it.
        issuer: who it is; ``{tenantid}`` stands for the token's ``tid``.
        client_ids: it has to be for one of them (``aud``).
        audiences: it may be for nobody else than these.
        parties: it must have been issued to one of these, where it says to whom (``azp``).
        is_new: whether it has been made just now, for us.
        nonce: what it has to repeat; None where a client brings it, and nobody knows.
        access_token: the one beside it, which the token's ``at_hash``, if there is one, has to fit.
    """

    signer: Signer
    issuer: str
    client_ids: Collection[str]
    audiences: Collection[str]
    parties: Collection[str]
    is_new: bool
    nonce: str | None = attrs.field(default=None, repr=False)
    access_token: str | None = attrs.field(default=None, repr=False)

    @property
    def third_party_id(self) -> str:
        """The provider's id."""
        return self.signer.third_party_id


@attrs.frozen(eq=False)
class IDTokens:
    """Checks ID tokens."""

    services: Services = attrs.field(repr=False)
    settings: OAuthSettings
    signatures: Signatures

    async def claims(self, token: str, expected: Expected) -> JSONObject:
        """
        Check an ID token and return what it says.

        Raises:
            IDTokenError: it is not genuine, not for us, or not for now.
            ProviderError: the provider's keys cannot be fetched.
        """
        algorithm, claims = await self.signatures.claims(token, expected.signer)
        check_issuer(claims, expected)
        check_audience(claims, expected)
        check_nonce(claims, expected)
        check_subject(claims, expected)
        now_s, leeway_s = self.services.clock() // 1000, self.settings.leeway.total_seconds()
        check_times(claims, now_s, leeway_s, Refusal(expected.third_party_id), is_new=expected.is_new)
        check_access_token(claims, algorithm, expected)
        return claims


def check_issuer(claims: JSONObject, expected: Expected) -> None:
    """Check who issued a token: exactly the issuer that was discovered."""
    issuer = expected.issuer
    if TENANT_PART in issuer:
        tenant = text_of(claims, "tid") or ""
        issuer = issuer.replace(TENANT_PART, tenant) if TENANT_ID.fullmatch(tenant) else ""
    if not issuer or text_of(claims, "iss") != issuer:
        claimed, wanted = printable(claims.get("iss")), printable(issuer or expected.issuer)
        raise IDTokenError(expected.third_party_id, "issuer", f"the issuer {claimed} made it, not {wanted}.")


def check_audience(claims: JSONObject, expected: Expected) -> None:
    """Check whom a token is for, and to whom it was issued (rules 3 to 5)."""
    audience, party = claims.get("aud"), claims.get("azp")
    named = audience if isinstance(audience, list) else [audience]
    if not any(is_among(each, expected.client_ids) for each in named):
        whose = printable(named[0] if named else None)
        raise IDTokenError(expected.third_party_id, "audience", f"it is for another client than ours: {whose} (aud).")
    strangers = [each for each in named if not is_among(each, expected.audiences)]
    if strangers:
        message = f"it is also for {printable(strangers[0])} (aud), not among our clients and trusted_audiences."
        raise IDTokenError(expected.third_party_id, "audience", message)
    if party is not None and party != "" and not is_among(party, expected.parties):
        message = f"it was issued to {printable(party)} (azp), not among our clients and authorised_parties."
        raise IDTokenError(expected.third_party_id, "audience", message)


def is_among(value: JSON, known: Collection[str]) -> bool:
    """Return whether a value is one of some texts."""
    return isinstance(value, str) and value in known


def check_nonce(claims: JSONObject, expected: Expected) -> None:
    """Check that a token was made for this sign-in."""
    if expected.nonce is not None and not constant_time_equal(text_of(claims, "nonce") or "", expected.nonce):
        raise IDTokenError(expected.third_party_id, "nonce", "it belongs to another sign-in.")


def check_subject(claims: JSONObject, expected: Expected) -> None:
    """Check that a token names somebody."""
    subject = text_of(claims, "sub")
    if not subject or len(subject) > MAX_SUBJECT_CHARACTERS:
        raise IDTokenError(expected.third_party_id, "claims", "it names nobody, or with too long a name.")


def check_access_token(claims: JSONObject, algorithm: str, expected: Expected) -> None:
    """Check that a token belongs to the access token beside it, where it says so (section 3.1.3.6)."""
    claimed, access_token = claims.get("at_hash"), expected.access_token
    if not claimed or not access_token:
        return
    digest = hashlib.new(ALGORITHMS[algorithm].hash_name, access_token.encode(errors="replace")).digest()
    half = base64url(digest[: len(digest) // 2])
    if not isinstance(claimed, str) or not constant_time_equal(claimed, half):
        raise IDTokenError(expected.third_party_id, "access_token", "it does not belong to the access token beside it.")

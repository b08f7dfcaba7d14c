"""User info that a provider has signed (OpenID Connect Core, section 5.3.2)."""

from __future__ import annotations

from typing import Final

import attrs

from authweave.recipe.thirdparty.exceptions import IDTokenError, ProviderAnswerError
from authweave.recipe.thirdparty.oauth.answers import Answer, required_object
from authweave.recipe.thirdparty.oauth.discovery import text_of
from authweave.recipe.thirdparty.oauth.id_tokens import Expected, check_audience, check_issuer
from authweave.recipe.thirdparty.oauth.token_times import numeric_date
from authweave.types import JSONObject

from .tools import ProviderTools

ENCRYPTED_DOTS: Final = 4
"""Five parts: an encrypted token (RFC 7516, section 3.1)."""


async def read_user_info(
    tools: ProviderTools, answer: Answer, expected: Expected, claims: JSONObject | None
) -> JSONObject:
    """
    Return what a provider says of a user, in JSON or signed.

    Args:
        tools: what checks signatures.
        answer: of the user info endpoint.
        expected: who signs, and for whom.
        claims: of the ID token, which has been checked.

    Raises:
        ProviderError: it is no user info, or not genuine, or its signature cannot be checked.
    """
    provider, content = expected.third_party_id, answer.content
    if not isinstance(content, str):
        return required_object(answer, provider, "user info")
    if content.count(".") == ENCRYPTED_DOTS:
        message = "is encrypted, which is not read: register the client for signed user info, or for JSON."
        raise refused(provider, message)
    if not expected.signer.jwks_uri:
        message = "is signed, and its keys are not known: configure jwks_uri and issuer, or an oidc_discovery_endpoint."
        raise refused(provider, message)
    issuer = text_of(claims or {}, "iss") or expected.issuer  # of the one directory, where a provider has many
    try:
        _, found = await tools.signatures.claims(content, expected.signer)
        check_claims(found, attrs.evolve(expected, issuer=issuer), tools)
    except IDTokenError as error:
        raise refused(provider, f"is refused: {error.reason}") from None
    return found


def check_claims(found: JSONObject, expected: Expected, tools: ProviderTools) -> None:
    """
    Check whose signed user info is, for whom, and until when, as far as it says so.

    Raises:
        IDTokenError: it is another's, or too old.
    """
    if "iss" in found:
        check_issuer(found, expected)
    if "aud" in found:
        check_audience(found, expected)
    now_s, leeway_s = tools.services.clock() // 1000, tools.settings.leeway.total_seconds()
    if "exp" in found and (numeric_date(found, "exp") or 0) <= now_s - leeway_s:
        raise IDTokenError(expected.third_party_id, "expired", "it has expired.")


def refused(third_party_id: str, message: str) -> ProviderAnswerError:
    """Return the error of user info that is not taken."""
    return ProviderAnswerError(third_party_id, f"The user info of provider {third_party_id!r} {message}")

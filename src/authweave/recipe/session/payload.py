"""The payload of an access token: which claims are the library's, which the application's."""

from __future__ import annotations

from typing import Final

from authweave.types import JSON, JSONObject

from .exceptions import ProtectedClaimError

PROTECTED: Final = frozenset(
    {
        "antiCsrfToken",
        "exp",
        "iat",
        "parentRefreshTokenHash1",
        "refreshTokenHash1",
        "rsub",
        "sessionHandle",
        "stt",
        "sub",
        "tId",
    }
)
"""The claims that only the library writes (wire contract, section 5.2)."""


def custom_claims(payload: JSONObject) -> dict[str, JSON]:
    """Return the claims that are not the library's."""
    return {key: value for key, value in payload.items() if key not in PROTECTED}


def merged(claims: JSONObject, update: JSONObject) -> dict[str, JSON]:
    """
    Return claims with an update applied; None deletes a claim.

    Raises:
        ProtectedClaimError: the update has claims that belong to the library.
    """
    if strangers := sorted(PROTECTED & update.keys()):
        raise ProtectedClaimError(strangers)
    return {key: value for key, value in {**claims, **update}.items() if value is not None or key not in update}

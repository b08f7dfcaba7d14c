"""Access tokens, made of what a session is."""

from __future__ import annotations

import hmac
from uuid import UUID

import attrs

from authweave.recipe.session.store import SessionRecord
from authweave.security import RefreshToken, SigningKey, sign_access_token
from authweave.types import JSON, JSONObject

from .front_token import front_token_of
from .payload import PROTECTED, custom_claims


@attrs.frozen
class Minted:
    """A new access token, and what goes with it."""

    access_token: str = attrs.field(repr=False)
    front_token: str = attrs.field(repr=False)
    payload: JSONObject = attrs.field(repr=False)


def mint_access_token(
    session: SessionRecord,
    refresh_token: RefreshToken,
    key: SigningKey,
    *,
    parent_hash1: str | None,
    anti_csrf_token: str | None,
    now_ms: int,
    expires_at_ms: int,
) -> Minted:
    """
    Mint the access token that goes with a refresh token.

    Raises:
        authweave.security.TokenTooLongError: the claims are too many for a token.
        TypeError: the claims are not JSON.
        ValueError: as above.
    """
    claims: dict[str, JSON] = {
        "sub": session.user_id,
        "rsub": session.recipe_user_id,
        "tId": session.tenant_id,
        "exp": expires_at_ms // 1000,
        "sessionHandle": session.handle,
        "refreshTokenHash1": refresh_token.hash1,
        "parentRefreshTokenHash1": parent_hash1,
        "antiCsrfToken": anti_csrf_token,
    }
    return date_and_sign({**custom_claims(session.payload), **claims}, key, now_ms)


def mint_with_claims(payload: JSONObject, claims: JSONObject, key: SigningKey, *, now_ms: int) -> Minted:
    """
    Mint a token that differs from one with this payload in custom claims and date alone.

    Raises as `mint_access_token`.
    """
    own = {name: value for name, value in payload.items() if name in PROTECTED}
    return date_and_sign({**claims, **own}, key, now_ms)


def date_and_sign(claims: JSONObject, key: SigningKey, now_ms: int) -> Minted:
    """Date and sign claims. Frontends take their clock's skew from the date, so it is always that of now."""
    payload = {**claims, "iat": now_ms // 1000}
    access_token = sign_access_token(payload, key)
    return Minted(access_token, front_token_of(payload), payload)


def anti_csrf_token_of(refresh_token: RefreshToken) -> str:
    """Return the anti-CSRF token of a refresh token: derived, so that a child that is given again has the same."""
    digest = hmac.digest(refresh_token.text.encode(), b"anti-csrf", "sha256")
    return str(UUID(bytes=digest[:16], version=4))

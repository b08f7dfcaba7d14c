"""Access tokens as their signature's check leaves them."""

from __future__ import annotations

from authweave.security import ParsedToken


def signed(handle: str, generation: int) -> ParsedToken:
    """Return the access token of a generation of a session, made an hour after that of the one before."""
    at_s = 1_795_308_682 + 3600 * generation
    return ParsedToken(
        algorithm="RS256",
        kid="k",
        version=5,
        user_id="u1",
        recipe_user_id="r1",
        tenant_id="public",
        session_handle=handle,
        issued_at_s=at_s,
        expires_at_s=at_s + 3600,
        refresh_hash1=f"{handle}{generation}",
        parent_refresh_hash1=f"{handle}{generation - 1}" if generation else None,
        anti_csrf_token=None,
        payload={},
        text=f"{handle}.{generation}",
    )

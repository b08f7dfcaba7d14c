"""What a store keeps of sessions, as plain values."""

from __future__ import annotations

import attrs

from authweave.storage import check_text
from authweave.types import JSONObject


@attrs.frozen(kw_only=True)
class SessionRecord:
    """
    A session, as stored.

    Attributes:
        generation: the number of the refresh token that was last confirmed; the first is 0.
        refresh_hash: hex SHA-256 of the hex SHA-256 of that token.
        previous_hash: the same of the one before it, or None.
        confirmed_at_ms: when ``generation`` became the confirmed one.
        payload: the custom claims of the access token.
        data: what ``session_data_in_database`` holds; never leaves the server.
    """

    handle: str
    user_id: str
    recipe_user_id: str
    tenant_id: str
    generation: int = 0
    refresh_hash: str = attrs.field(repr=False)
    previous_hash: str | None = attrs.field(default=None, repr=False)
    confirmed_at_ms: int
    anti_csrf_token: str | None = attrs.field(default=None, repr=False)
    payload: JSONObject = attrs.field(repr=False)
    data: JSONObject = attrs.field(repr=False)
    created_at_ms: int
    expires_at_ms: int


def check_session(session: SessionRecord) -> None:
    """
    Check all texts of a session but its JSON, which `authweave.storage.json_text` checks.

    Raises:
        authweave.types.BadInputError: see `authweave.storage.check_text`.
    """
    check_text(session.handle, "handle")
    check_text(session.user_id, "user_id")
    check_text(session.recipe_user_id, "recipe_user_id")
    check_text(session.tenant_id, "tenant_id")
    check_text(session.refresh_hash, "refresh_hash")
    check_text(session.previous_hash or "", "previous_hash")
    check_text(session.anti_csrf_token or "", "anti_csrf_token")

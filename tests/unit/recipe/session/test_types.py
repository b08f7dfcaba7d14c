"""Values of the session recipe."""

from __future__ import annotations

from authweave.recipe.session.interfaces import SessionInformationResult
from authweave.types import RecipeUserId


def test_what_a_session_keeps_is_not_shown() -> None:
    """What the store knows of a session has a name for logs, without the data and the claims."""
    information = SessionInformationResult(
        session_handle="handle",
        user_id="user",
        recipe_user_id=RecipeUserId("user"),
        session_data_in_database={"note": "private"},
        expiry=2,
        custom_claims_in_access_token_payload={"role": "private"},
        time_created=1,
        tenant_id="public",
    )
    assert "handle" in repr(information)
    assert "private" not in repr(information)

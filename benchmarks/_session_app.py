"""The application of ``session.py``: sessions in an SQLite file."""

from __future__ import annotations

from pathlib import Path

from authweave import InputAppInfo, init
from authweave.app import App
from authweave.recipe import session
from authweave.recipe.session import SessionContainer, SessionRecipe
from authweave.security import Algorithm
from authweave.types import RecipeUserId

INFO = InputAppInfo("benchmark", "http://127.0.0.1", website_domain="http://127.0.0.1")


def build(folder: Path, *, algorithm: Algorithm | None = None, default: bool = False) -> App:
    """Open the application whose database is in a folder."""
    recipes = [session.init(access_token_signing_algorithm=algorithm)]
    return init(INFO, recipes, storage=f"sqlite:///{folder / 'session.db'}", default=default)


async def new_session(app: App, user_id: str = "somebody") -> SessionContainer:
    """Create a session."""
    return await app.recipe(SessionRecipe).functions.create_new_session(
        user_id=user_id,
        recipe_user_id=RecipeUserId(user_id),
        access_token_payload=None,
        session_data_in_database=None,
        disable_anti_csrf=True,
        tenant_id="public",
        user_context={},
    )


async def verify(app: App, token: str, *, check_database: bool = False) -> SessionContainer | None:
    """Verify an access token, as an application does that has no request."""
    return await app.recipe(SessionRecipe).functions.get_session(
        access_token=token,
        anti_csrf_token=None,
        anti_csrf_check=False,
        session_required=True,
        check_database=check_database,
        override_global_claim_validators=None,
        user_context={},
    )


async def refresh(app: App, token: str) -> str:
    """Refresh a session. Returns the new refresh token."""
    session = await app.recipe(SessionRecipe).functions.refresh_session(
        refresh_token=token, anti_csrf_token=None, disable_anti_csrf=True, user_context={}
    )
    return session.get_all_session_tokens_dangerously()["refreshToken"] or ""

"""Users, made of what a store keeps."""

from __future__ import annotations

from authweave.types import LoginMethod, RecipeUserId, User

from ._records import PasswordLogin


def new_user(login: PasswordLogin) -> User:
    """Return the user that a first login method makes."""
    method = LoginMethod(
        recipe_id="emailpassword",
        recipe_user_id=RecipeUserId(login.recipe_user_id),
        tenant_ids=(login.tenant_id,),
        email=login.email,
        time_joined=login.time_joined_ms,
    )
    return User(id=login.user_id, login_methods=(method,), time_joined=login.time_joined_ms)

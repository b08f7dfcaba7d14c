"""The functions of the recipe in the default application, with the overrides that it has. To be awaited."""

from __future__ import annotations

from authweave.extending import default_app
from authweave.kernel import UserContext, context_for
from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import PUBLIC_TENANT, RecipeUserId

from .setup import EmailPasswordRecipe
from .types import SignInResult, SignUpResult, UpdateEmailOrPasswordResult


def recipe_in_use() -> EmailPasswordRecipe:
    """Return the recipe of the default application."""
    return default_app().recipe(EmailPasswordRecipe)


async def sign_up(
    tenant_id: str,
    email: str,
    password: str,
    session: SessionContainer | None = None,
    user_context: UserContext | None = None,
) -> SignUpResult:
    """
    Create a user with an address and a password.

    Args:
        tenant_id: the tenant; ``"public"`` where there are no others.
        email: is trimmed and compared in lower case.
        password: in clear; the policy is not applied here.
        session: a session whose user the new login method is to be linked to.
        user_context: the current one by default.

    Raises:
        authweave.errors.BusyError: too many passwords are waiting to be hashed.
        authweave.errors.StorageError: the store failed. Nothing was written.
    """
    functions = recipe_in_use().functions
    linking = None if session is None else True
    return await functions.sign_up(email, password, tenant_id, session, linking, context_for(functions, user_context))


async def sign_in(
    tenant_id: str,
    email: str,
    password: str,
    session: SessionContainer | None = None,
    user_context: UserContext | None = None,
) -> SignInResult:
    """Check an address and a password. Parameters and errors as for `sign_up`; no session is created."""
    functions = recipe_in_use().functions
    linking = None if session is None else True
    return await functions.sign_in(email, password, tenant_id, session, linking, context_for(functions, user_context))


async def verify_credentials(
    tenant_id: str, email: str, password: str, user_context: UserContext | None = None
) -> SignInResult:
    """Check an address and a password, and nothing else. Parameters and errors as for `sign_up`."""
    functions = recipe_in_use().functions
    return await functions.verify_credentials(email, password, tenant_id, context_for(functions, user_context))


async def update_email_or_password(
    recipe_user_id: RecipeUserId,
    email: str | None = None,
    password: str | None = None,
    apply_password_policy: bool | None = None,
    tenant_id_for_password_policy: str | None = None,
    user_context: UserContext | None = None,
) -> UpdateEmailOrPasswordResult:
    """
    Change a user's address, password or both.

    Args:
        recipe_user_id: the login method.
        email: the new address; None leaves the old one.
        password: the new password, in clear; None leaves the old one.
        apply_password_policy: False skips the policy.
        tenant_id_for_password_policy: ``"public"`` by default.
        user_context: the current one by default.
    """
    functions = recipe_in_use().functions
    return await functions.update_email_or_password(
        recipe_user_id,
        email,
        password,
        apply_password_policy,
        tenant_id_for_password_policy or PUBLIC_TENANT,
        context_for(functions, user_context),
    )

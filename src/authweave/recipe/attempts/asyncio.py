"""The functions of the recipe in the default application, with the overrides that it has. To be awaited."""

from __future__ import annotations

from authweave.extending import app_in_use
from authweave.kernel import ContextArgument, context_for

from .setup import AttemptsRecipe
from .types import Action, AllowAttemptResult, AttemptAllowed


def recipe_in_use(user_context: ContextArgument | None = None) -> AttemptsRecipe:
    """Return the recipe of the application in use."""
    return app_in_use(user_context).recipe(AttemptsRecipe)


async def allow_attempt(
    action: Action, tenant_id: str, account: str, address: str | None, user_context: ContextArgument | None = None
) -> AllowAttemptResult:
    """
    Decide whether an attempt may be made.

    Args:
        action: what is attempted; each is counted by itself.
        tenant_id: the tenant; ``"public"`` where there are no others.
        account: what names it, whether there is such an account or not.
        address: what the client is counted by: ``request.client_network``.
        user_context: the current one by default.

    Raises:
        authweave.errors.StorageError: the store failed.
    """
    functions = recipe_in_use(user_context).functions
    return await functions.allow_attempt(action, tenant_id, account, address, context_for(functions, user_context))


async def record_attempt(
    action: Action,
    tenant_id: str,
    account: str,
    address: str | None,
    succeeded: bool,
    allowed: AttemptAllowed,
    user_context: ContextArgument | None = None,
) -> None:
    """
    Note what came of an attempt that was allowed.

    Args:
        action: as for `allow_attempt`, like all but the next two.
        tenant_id: likewise.
        account: likewise.
        address: likewise.
        succeeded: whether the secret was right.
        allowed: what `allow_attempt` returned.
        user_context: the current one by default.

    Raises:
        authweave.errors.StorageError: a failure could not be counted: do not tell of it.
    """
    functions = recipe_in_use(user_context).functions
    await functions.record_attempt(
        action, tenant_id, account, address, succeeded, allowed, context_for(functions, user_context)
    )

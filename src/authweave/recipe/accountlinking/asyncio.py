"""The functions of the recipe in the default application, with the overrides that it has. To be awaited."""

from __future__ import annotations

from authweave.extending import app_in_use
from authweave.kernel import ContextArgument, UserContext, context_for
from authweave.recipe.session.interfaces import SessionContainer
from authweave.types import LoginMethod, RecipeUserId, User

from .accounts import method_of, primary_of
from .exceptions import UnknownAccountError
from .recipe import AccountLinkingRecipe
from .results import (
    CanCreatePrimaryUserResult,
    CanLinkAccountsResult,
    CreatePrimaryUserResult,
    LinkAccountsResult,
    UnlinkAccountOkResult,
)
from .types import (
    AccountInfoWithRecipeId,
)


def recipe_in_use(user_context: ContextArgument | None = None) -> AccountLinkingRecipe:
    """Return the recipe of the application in use."""
    return app_in_use(user_context).recipe(AccountLinkingRecipe)


async def find_method(
    recipe: AccountLinkingRecipe, recipe_user_id: RecipeUserId, user_context: UserContext
) -> tuple[User, LoginMethod]:
    """
    Return a login method, with its user.

    Raises:
        authweave.errors.UnknownAccountError: there is no such login method.
    """
    login_id, services = recipe_user_id.get_as_string(), recipe.services
    user = await recipe.functions.get_user(login_id, user_context)
    if user is None:
        raise UnknownAccountError(login_id)
    mapping = await services.off_loop(services.storage.find_user_id_mapping, login_id)
    return user, method_of(user, login_id, mapping)


async def can_create_primary_user(
    recipe_user_id: RecipeUserId, user_context: ContextArgument | None = None
) -> CanCreatePrimaryUserResult:
    """Say what would come of `create_primary_user`. Nothing changes; parameters and errors as there."""
    functions = recipe_in_use(user_context).functions
    return await functions.can_create_primary_user(recipe_user_id, context_for(functions, user_context))


async def create_primary_user(
    recipe_user_id: RecipeUserId, user_context: ContextArgument | None = None
) -> CreatePrimaryUserResult:
    """
    Make the user of a login method a primary one: others can be linked to him.

    From then on no other primary user has the address or number, in any tenant that he is in.

    Args:
        recipe_user_id: the login method.
        user_context: the current one by default.

    Raises:
        authweave.errors.UnknownAccountError: there is no such login method.
        authweave.errors.DisabledUserError: the user is disabled.
        authweave.errors.StorageError: the store failed. Nothing was changed.
    """
    functions = recipe_in_use(user_context).functions
    return await functions.create_primary_user(recipe_user_id, context_for(functions, user_context))


async def can_link_accounts(
    recipe_user_id: RecipeUserId, primary_user_id: str, user_context: ContextArgument | None = None
) -> CanLinkAccountsResult:
    """Say what would come of `link_accounts`. Nothing changes; parameters and errors as there."""
    functions = recipe_in_use(user_context).functions
    return await functions.can_link_accounts(recipe_user_id, primary_user_id, context_for(functions, user_context))


async def link_accounts(
    recipe_user_id: RecipeUserId, primary_user_id: str, user_context: ContextArgument | None = None
) -> LinkAccountsResult:
    """
    Make a login method one of a primary user's, whatever the application's callback says.

    The sessions end that were made with it. What is kept under its own id (roles, metadata) stays there, and is not
    that of the primary user. Link nobody to an account that may not be his: who has one has the other.

    Args:
        recipe_user_id: the login method, the only one of its user.
        primary_user_id: the primary user, or one of his login methods.
        user_context: the current one by default.

    Raises:
        authweave.errors.UnknownAccountError: there is no such login method, or no such user.
        authweave.errors.DisabledUserError: one of the two is disabled.
        authweave.errors.StorageError: the store failed. Nothing was changed.
        Exception: what a hook raises; then nothing was changed. What ``on_account_linked`` raises; then they are
            linked.
    """
    functions = recipe_in_use(user_context).functions
    return await functions.link_accounts(recipe_user_id, primary_user_id, context_for(functions, user_context))


async def unlink_account(
    recipe_user_id: RecipeUserId, user_context: ContextArgument | None = None
) -> UnlinkAccountOkResult:
    """
    Take a login method from its primary user. The sessions end that were made with it.

    It is a user of its own from then on. Where its id is that of the primary user, who has others, it is deleted, and
    he goes on. The last one stays, of a user who is no primary one any more.

    Args:
        recipe_user_id: the login method.
        user_context: the current one by default.

    Raises:
        authweave.errors.UnknownAccountError: there is no such login method.
        authweave.errors.StorageError: the store failed. Nothing was changed.
    """
    functions = recipe_in_use(user_context).functions
    return await functions.unlink_account(recipe_user_id, context_for(functions, user_context))


async def create_primary_user_id_or_link_accounts(
    tenant_id: str,
    recipe_user_id: RecipeUserId,
    session: SessionContainer | None = None,
    user_context: ContextArgument | None = None,
) -> User:
    """
    Link a login method to whom it belongs, or make its user a primary one, or neither: as the callback says.

    Args:
        tenant_id: where those are looked for who have the same address, number or provider's id.
        recipe_user_id: the login method.
        session: is handed to the callback.
        user_context: the current one by default.

    Returns:
        Whose login method it is then.

    Raises:
        authweave.errors.UnknownAccountError: there is no such login method.
        authweave.types.ConfigurationError: the callback answered something that it cannot.
        Exception: what the callback raises.
    """
    recipe = recipe_in_use(user_context)
    context = context_for(recipe.functions, user_context)
    user, method = await find_method(recipe, recipe_user_id, context)
    return await recipe.linking.link_or_make_primary(
        user, method, session=session, tenant_id=tenant_id, user_context=context
    )


async def get_primary_user_that_can_be_linked_to_recipe_user_id(
    tenant_id: str, recipe_user_id: RecipeUserId, user_context: ContextArgument | None = None
) -> User | None:
    """
    Return the primary user of a tenant who has the address or number of a login method.

    Nobody is asked whether they may be linked. Parameters and errors as for `create_primary_user_id_or_link_accounts`.
    """
    recipe = recipe_in_use(user_context)
    context = context_for(recipe.functions, user_context)
    user, method = await find_method(recipe, recipe_user_id, context)
    if user.is_primary_user:
        return user
    return primary_of(await recipe.linking.users_of(method, tenant_id, context))


async def is_sign_up_allowed(
    tenant_id: str,
    new_user: AccountInfoWithRecipeId,
    is_verified: bool,
    session: SessionContainer | None = None,
    user_context: ContextArgument | None = None,
) -> bool:
    """
    Return whether an account may be made, without a way to somebody else's account.

    Args:
        tenant_id: the tenant.
        new_user: the account.
        is_verified: whether its address or number is verified.
        session: that of the user whom it is to be linked to.
        user_context: the current one by default.
    """
    recipe = recipe_in_use(user_context)
    context = context_for(recipe.functions, user_context)
    return await recipe.linking.is_sign_up_allowed(
        new_user,
        is_verified=is_verified,
        session=session,
        tenant_id=tenant_id,
        user_context=context,
        by_identity=True,
    )


async def is_sign_in_allowed(
    tenant_id: str,
    recipe_user_id: RecipeUserId,
    session: SessionContainer | None = None,
    user_context: ContextArgument | None = None,
) -> bool:
    """
    Return whether a user may sign in with a login method.

    Args:
        tenant_id: the tenant.
        recipe_user_id: the login method.
        session: that of the user whom it is to be linked to.
        user_context: the current one by default.

    Raises:
        authweave.errors.UnknownAccountError: there is no such login method.
    """
    recipe = recipe_in_use(user_context)
    context = context_for(recipe.functions, user_context)
    user, method = await find_method(recipe, recipe_user_id, context)
    return await recipe.linking.is_sign_in_allowed(
        user, method, sign_in_verifies=False, session=session, tenant_id=tenant_id, user_context=context
    )


async def is_email_change_allowed(
    recipe_user_id: RecipeUserId,
    new_email: str,
    is_verified: bool,
    session: SessionContainer | None = None,
    user_context: ContextArgument | None = None,
) -> bool:
    """
    Return whether a login method may have another address, without a way to somebody else's account.

    Args:
        recipe_user_id: the login method.
        new_email: the address.
        is_verified: whether that is verified.
        session: is handed to the callback.
        user_context: the current one by default.

    Raises:
        authweave.errors.UnknownAccountError: there is no such login method.
    """
    recipe = recipe_in_use(user_context)
    context = context_for(recipe.functions, user_context)
    user, method = await find_method(recipe, recipe_user_id, context)
    changed = await recipe.linking.email_change(
        user, method, new_email, is_verified=is_verified, session=session, user_context=context
    )
    return changed == "OK"

"""The functions of the recipe in the default application, with the overrides that it has. To be awaited."""

from __future__ import annotations

from authweave.extending import app_in_use
from authweave.kernel import ContextArgument, context_for
from authweave.recipe.session import SessionContainer
from authweave.types import BadInputError

from .of_sessions import FactorsOfSessions
from .recipe import MultiFactorAuthRecipe
from .values import MFARequirementList


def recipe_in_use(user_context: ContextArgument | None = None) -> MultiFactorAuthRecipe:
    """Return the recipe of the application in use."""
    return app_in_use(user_context).recipe(MultiFactorAuthRecipe)


async def assert_allowed_to_setup_factor_else_throw_invalid_claim_error(
    session: SessionContainer, factor_id: str, user_context: ContextArgument | None = None
) -> None:
    """
    Check that the user of a session may set up a factor now.

    Args:
        session: the user's. It gets a new access token where more or less is asked for than it says.
        factor_id: the factor.
        user_context: the current one by default.

    Raises:
        authweave.errors.InvalidClaimsError: others have to be shown first.
        authweave.errors.UnauthorisedError: the session's user or tenant is gone.
        authweave.errors.FactorConfigurationError: what is asked for cannot be understood.
        authweave.errors.StorageError: the store failed.
    """
    recipe = recipe_in_use(user_context)
    context = context_for(recipe.functions, user_context)
    await FactorsOfSessions(recipe).require_may_set_up(session, factor_id, context)


async def get_mfa_requirements_for_auth(
    session: SessionContainer, user_context: ContextArgument | None = None
) -> MFARequirementList:
    """
    Return which factors the user of a session has to show, in order; those that were shown are among them.

    Parameters and errors as for `assert_allowed_to_setup_factor_else_throw_invalid_claim_error`.
    """
    recipe = recipe_in_use(user_context)
    return (await recipe.standings.of(session, context_for(recipe.functions, user_context))).asked


async def mark_factor_as_complete_in_session(
    session: SessionContainer, factor_id: str, user_context: ContextArgument | None = None
) -> None:
    """
    Note that the user of a session has just shown a factor: one of the application's own, say.

    Args:
        session: the user's, which gets a new access token.
        factor_id: the factor.
        user_context: the current one by default.

    Raises:
        authweave.errors.BadInputError: the factor's id is none.
        authweave.errors.UnauthorisedError: the session's user or tenant is gone.
        authweave.errors.FactorConfigurationError: what is asked for cannot be understood.
        authweave.errors.StorageError: the store failed.
    """
    functions = recipe_in_use(user_context).functions
    await functions.mark_factor_as_complete_in_session(session, factor_id, context_for(functions, user_context))


async def get_factors_setup_for_user(user_id: str, user_context: ContextArgument | None = None) -> list[str]:
    """
    Return which factors a user has set up, in the order of the application's recipes.

    Args:
        user_id: the user's id, or that of one of the login methods.
        user_context: the current one by default.

    Raises:
        authweave.errors.BadInputError: there is no such user.
        authweave.errors.StorageError: the store failed.
    """
    recipe = recipe_in_use(user_context)
    user = await recipe.services.off_loop(recipe.services.storage.find_user, user_id)
    if user is None:
        raise BadInputError(f"There is no user {user_id!r}.")
    return await recipe.functions.get_factors_setup_for_user(user, context_for(recipe.functions, user_context))


async def get_required_secondary_factors_for_user(
    user_id: str, user_context: ContextArgument | None = None
) -> list[str]:
    """
    Return which factors are required of a user, of which one will do unless an override says otherwise.

    Args:
        user_id: the user's id, or that of one of the login methods.
        user_context: the current one by default.

    Raises:
        authweave.errors.StorageError: the store failed.
    """
    functions = recipe_in_use(user_context).functions
    return await functions.get_required_secondary_factors_for_user(user_id, context_for(functions, user_context))


async def add_to_required_secondary_factors_for_user(
    user_id: str, factor_id: str, user_context: ContextArgument | None = None
) -> None:
    """
    Require a factor of a user. Sessions that there are find out by ``PUT /mfa/info``, new ones at once.

    Args:
        user_id: as for `get_required_secondary_factors_for_user`.
        factor_id: the factor.
        user_context: the current one by default.

    Raises:
        authweave.errors.BadInputError: the factor's id is none.
        authweave.errors.StorageError: the store failed. Nothing was changed.
    """
    functions = recipe_in_use(user_context).functions
    add = functions.add_to_required_secondary_factors_for_user
    await add(user_id, factor_id, context_for(functions, user_context))


async def remove_from_required_secondary_factors_for_user(
    user_id: str, factor_id: str, user_context: ContextArgument | None = None
) -> None:
    """Require a factor of a user no more. As `add_to_required_secondary_factors_for_user`."""
    functions = recipe_in_use(user_context).functions
    remove = functions.remove_from_required_secondary_factors_for_user
    await remove(user_id, factor_id, context_for(functions, user_context))

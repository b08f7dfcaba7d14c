"""The functions of the recipe in the default application, with the overrides that it has. To be awaited."""

from __future__ import annotations

from authweave.extending import app_in_use
from authweave.kernel import ContextArgument, context_for
from authweave.types import JSONObject

from .setup import UserMetadataRecipe
from .types import ClearUserMetadataResult, MetadataResult


def recipe_in_use(user_context: ContextArgument | None = None) -> UserMetadataRecipe:
    """Return the recipe of the application in use."""
    return app_in_use(user_context).recipe(UserMetadataRecipe)


async def get_user_metadata(user_id: str, user_context: ContextArgument | None = None) -> MetadataResult:
    """
    Return what is kept with a user.

    Args:
        user_id: the user's id, or any other text: there need be no such user. An unknown one has ``{}``.
        user_context: the current one by default.

    Raises:
        authweave.errors.BadInputError: the id has more than 255 characters, or some that no store keeps.
        authweave.errors.StorageError: the store failed.
    """
    functions = recipe_in_use(user_context).functions
    return await functions.get_user_metadata(user_id, context_for(functions, user_context))


async def update_user_metadata(
    user_id: str, metadata_update: JSONObject, user_context: ContextArgument | None = None
) -> MetadataResult:
    """
    Merge into what is kept with a user, in one transaction, and return all of it.

    Args:
        user_id: as for `get_user_metadata`.
        metadata_update: each key at the top replaces what there was under it, whole; None there removes the key, and
            None further down is kept. Keys that are not named stay, also ``_supertokens``, which is the library's own.
        user_context: the current one by default.

    Raises:
        authweave.errors.BadInputError: the update is no JSON object (RFC 8259: texts as keys, no NaN), or all of it
            together is longer than 262,144 characters of JSON, or deeper than 32 levels. Nothing was changed.
        authweave.errors.StorageError: the store failed. Nothing was changed.
    """
    functions = recipe_in_use(user_context).functions
    return await functions.update_user_metadata(user_id, metadata_update, context_for(functions, user_context))


async def clear_user_metadata(user_id: str, user_context: ContextArgument | None = None) -> ClearUserMetadataResult:
    """
    Delete all that is kept with a user, also under ``_supertokens``.

    Parameters and errors as for `get_user_metadata`.
    """
    functions = recipe_in_use(user_context).functions
    return await functions.clear_user_metadata(user_id, context_for(functions, user_context))

"""Overrides of all functions of the recipe, as documents of the reference write them: metadata."""

from typing import Any, Dict

from authweave.recipe import usermetadata
from authweave.recipe.usermetadata.interfaces import (
    ClearUserMetadataResult,
    MetadataResult,
    RecipeInterface,
)


def override_usermetadata_functions(original_implementation: RecipeInterface) -> RecipeInterface:
    original_get_user_metadata = original_implementation.get_user_metadata
    original_update_user_metadata = original_implementation.update_user_metadata
    original_clear_user_metadata = original_implementation.clear_user_metadata

    async def get_user_metadata(
        user_id: str,
        user_context: Dict[str, Any],
    ) -> MetadataResult:
        return await original_get_user_metadata(user_id, user_context)

    async def update_user_metadata(
        user_id: str,
        metadata_update: Dict[str, Any],
        user_context: Dict[str, Any],
    ) -> MetadataResult:
        return await original_update_user_metadata(user_id, metadata_update, user_context)

    async def clear_user_metadata(
        user_id: str,
        user_context: Dict[str, Any],
    ) -> ClearUserMetadataResult:
        return await original_clear_user_metadata(user_id, user_context)

    original_implementation.get_user_metadata = get_user_metadata
    original_implementation.update_user_metadata = update_user_metadata
    original_implementation.clear_user_metadata = clear_user_metadata
    return original_implementation


usermetadata.init(override=usermetadata.InputOverrideConfig(functions=override_usermetadata_functions))

# Written by `authweave moved stubs`.
from authweave.recipe.usermetadata.asyncio import clear_user_metadata as clear_user_metadata
from authweave.recipe.usermetadata.asyncio import get_user_metadata as get_user_metadata
from authweave.recipe.usermetadata.asyncio import recipe_in_use as recipe_in_use
from authweave.recipe.usermetadata.asyncio import update_user_metadata as update_user_metadata

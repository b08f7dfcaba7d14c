# Written by `authweave moved stubs`.
from authweave.recipe.usermetadata.syncio import clear_user_metadata as clear_user_metadata
from authweave.recipe.usermetadata.syncio import get_user_metadata as get_user_metadata
from authweave.recipe.usermetadata.syncio import update_user_metadata as update_user_metadata

# Written by `authweave moved stubs`.
from authweave.recipe.thirdparty.asyncio import create_or_update_third_party_config as create_or_update_third_party_config
from authweave.recipe.thirdparty.asyncio import delete_third_party_config as delete_third_party_config
from authweave.recipe.thirdparty.asyncio import get_provider as get_provider
from authweave.recipe.thirdparty.asyncio import get_provider_token as get_provider_token
from authweave.recipe.thirdparty.asyncio import list_third_party_configs as list_third_party_configs
from authweave.recipe.thirdparty.asyncio import manually_create_or_update_user as manually_create_or_update_user
from authweave.recipe.thirdparty.asyncio import recipe_in_use as recipe_in_use

# Written by `authweave moved stubs`.
from authweave.recipe.thirdparty.syncio import create_or_update_third_party_config as create_or_update_third_party_config
from authweave.recipe.thirdparty.syncio import delete_third_party_config as delete_third_party_config
from authweave.recipe.thirdparty.syncio import get_provider as get_provider
from authweave.recipe.thirdparty.syncio import get_provider_token as get_provider_token
from authweave.recipe.thirdparty.syncio import list_third_party_configs as list_third_party_configs
from authweave.recipe.thirdparty.syncio import manually_create_or_update_user as manually_create_or_update_user

# Written by `authweave moved stubs`.
from authweave.recipe.thirdparty.syncio import create_or_update_third_party_config as create_or_update_third_party_config
from authweave.recipe.thirdparty.syncio import delete_third_party_config as delete_third_party_config

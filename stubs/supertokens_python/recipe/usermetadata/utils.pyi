# Written by `authweave moved stubs`.
from authweave.recipe.usermetadata.utils import InputOverrideConfig as InputOverrideConfig
from authweave.recipe.usermetadata.utils import UserMetadataOverrideConfig as UserMetadataOverrideConfig

# Written by `authweave moved stubs`.
from authweave.recipe.usermetadata.exceptions import SuperTokensUserMetadataError as SuperTokensUserMetadataError

# Written by `authweave moved stubs`.
from authweave.recipe.usermetadata.interfaces import APIInterface as APIInterface
from authweave.recipe.usermetadata.interfaces import ClearUserMetadataResult as ClearUserMetadataResult
from authweave.recipe.usermetadata.interfaces import JSONObject as JSONObject
from authweave.recipe.usermetadata.interfaces import MetadataResult as MetadataResult
from authweave.recipe.usermetadata.interfaces import RecipeInterface as RecipeInterface

"""Keep JSON of the application's own with each user."""

from .calls import ClearUserMetadata, GetUserMetadata, UpdateUserMetadata
from .interfaces import APIInterface, RecipeInterface
from .setup import InputOverrideConfig, UserMetadataOverrideConfig, UserMetadataRecipe, UserMetadataSetup, init
from .types import ClearUserMetadataResult, MetadataResult

__all__ = [
    "APIInterface",
    "ClearUserMetadata",
    "ClearUserMetadataResult",
    "GetUserMetadata",
    "InputOverrideConfig",
    "MetadataResult",
    "RecipeInterface",
    "UpdateUserMetadata",
    "UserMetadataOverrideConfig",
    "UserMetadataRecipe",
    "UserMetadataSetup",
    "init",
]

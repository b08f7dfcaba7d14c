"""The functions and APIs of the webauthn recipe."""

from .api import APIInterface, APIOptions
from .recipe import RecipeInterface

__all__ = ["APIInterface", "APIOptions", "RecipeInterface"]

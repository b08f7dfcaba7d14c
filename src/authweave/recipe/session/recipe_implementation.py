"""The path by which applications know `RecipeImplementation`."""

from .functions import RecipeImplementation

__all__ = ["RecipeImplementation"]

"""The base of recipes' interfaces, by the path that applications know from SuperTokens."""

from authweave.kernel import Interface as BaseAPIInterface
from authweave.kernel import Interface as BaseRecipeInterface

__all__ = ["BaseAPIInterface", "BaseRecipeInterface"]

# Written by `authweave moved stubs`.
from authweave.types.recipe import BaseAPIInterface as BaseAPIInterface
from authweave.types.recipe import BaseRecipeInterface as BaseRecipeInterface

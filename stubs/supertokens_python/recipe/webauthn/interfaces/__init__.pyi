# Written by `authweave moved stubs`.
from authweave.recipe.webauthn.interfaces import APIInterface as APIInterface
from authweave.recipe.webauthn.interfaces import APIOptions as APIOptions
from authweave.recipe.webauthn.interfaces import RecipeInterface as RecipeInterface
from . import api as api
from . import recipe as recipe

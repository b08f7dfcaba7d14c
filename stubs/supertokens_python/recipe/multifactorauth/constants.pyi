# Written by `authweave moved stubs`.
from authweave.recipe.multifactorauth.constants import KEY as KEY
from authweave.recipe.multifactorauth.constants import RECIPE_ID as RECIPE_ID

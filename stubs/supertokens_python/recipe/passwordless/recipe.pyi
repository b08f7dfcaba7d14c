# Written by `authweave moved stubs`.
from authweave.recipe.passwordless.recipe import ContextT_contra as ContextT_contra
from authweave.recipe.passwordless.recipe import PasswordlessRecipe as PasswordlessRecipe
from authweave.recipe.passwordless.recipe import RECIPE_ID as RECIPE_ID

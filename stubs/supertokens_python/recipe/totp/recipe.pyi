# Written by `authweave moved stubs`.
from authweave.recipe.totp.recipe import ContextT_contra as ContextT_contra
from authweave.recipe.totp.recipe import TOTPRecipe as TOTPRecipe

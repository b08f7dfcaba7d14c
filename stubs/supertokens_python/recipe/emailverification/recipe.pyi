# Written by `authweave moved stubs`.
from authweave.recipe.emailverification.recipe import ContextT_contra as ContextT_contra
from authweave.recipe.emailverification.recipe import EmailVerificationRecipe as EmailVerificationRecipe
from authweave.recipe.emailverification.recipe import RECIPE_ID as RECIPE_ID

# Written by `authweave moved stubs`.
from authweave.recipe.multifactorauth.recipe import ContextT_contra as ContextT_contra
from authweave.recipe.multifactorauth.recipe import MultiFactorAuthRecipe as MultiFactorAuthRecipe

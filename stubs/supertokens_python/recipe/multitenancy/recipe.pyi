# Written by `authweave moved stubs`.
from authweave.recipe.multitenancy.recipe import ContextT_contra as ContextT_contra
from authweave.recipe.multitenancy.recipe import MultitenancyRecipe as MultitenancyRecipe

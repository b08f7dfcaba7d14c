# Written by `authweave moved stubs`.
from authweave.recipe.accountlinking.recipe import AccountLinkingRecipe as AccountLinkingRecipe
from authweave.recipe.accountlinking.recipe import ContextT_contra as ContextT_contra

# Written by `authweave moved stubs`.
from authweave.recipe.webauthn.recipe_implementation import RecipeImplementation as RecipeImplementation
from authweave.recipe.webauthn.recipe_implementation import as_sign_up as as_sign_up
from authweave.recipe.webauthn.recipe_implementation import new_account as new_account

# Written by `authweave moved stubs`.
from authweave.recipe.session.recipe_implementation import RecipeImplementation as RecipeImplementation

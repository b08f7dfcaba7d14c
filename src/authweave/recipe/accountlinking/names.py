"""The id of the recipe."""

from typing import Final

RECIPE_ID: Final = "accountlinking"

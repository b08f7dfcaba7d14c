"""What the recipe is called, and its claim."""

from __future__ import annotations

from typing import Final

RECIPE_ID: Final = "multifactorauth"

KEY: Final = "st-mfa"
"""Of the claim, and of the validators that look at it."""

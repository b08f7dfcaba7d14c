"""What the tokens of links to recover an account are kept for, and of which recipe."""

from typing import Final

PURPOSE: Final = "recover_account"

RECIPE_ID: Final = "webauthn"

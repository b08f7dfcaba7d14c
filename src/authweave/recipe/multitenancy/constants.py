"""Names that applications know from SuperTokens."""

from __future__ import annotations

from typing import Final

from authweave.types import DEFAULT_TENANT_ID

__all__ = ["DEFAULT_TENANT_ID", "LOGIN_METHODS", "RECIPE_ID"]

RECIPE_ID: Final = "multitenancy"

LOGIN_METHODS: Final = "/loginmethods"

"""The error that applications know from SuperTokens. The recipe has none of its own."""

from __future__ import annotations

from typing import TypeAlias

from authweave.kernel import AuthweaveError

__all__ = ["MultitenancyError"]

MultitenancyError: TypeAlias = AuthweaveError
"""What the recipe raises: any error of the library."""

"""
Errors of the passwordless recipe.

AuthweaveError
  PasswordlessError      a function could not do what it promises
"""

from __future__ import annotations

from typing import TypeAlias

from authweave.kernel import AuthweaveError

__all__ = ["PasswordlessError", "SuperTokensPasswordlessError"]


class PasswordlessError(AuthweaveError):
    """Nobody was signed in."""

    code = "passwordless"


SuperTokensPasswordlessError: TypeAlias = PasswordlessError
"""The name that applications know from SuperTokens."""

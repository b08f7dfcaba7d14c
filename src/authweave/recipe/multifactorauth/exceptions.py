"""
What the recipe raises where an application asks for factors in a way that cannot work.

AuthweaveError
  ConfigurationError
    FactorConfigurationError    an override or a tenant asks for factors that nobody can show
"""

from __future__ import annotations

from typing import TypeAlias

from authweave.kernel import AuthweaveError
from authweave.types import ConfigurationError

__all__ = ["FactorConfigurationError", "MultiFactorAuthError"]


class FactorConfigurationError(ConfigurationError):
    """
    What an application asks for is no list of factors, or has none that the user could show or set up.

    It is the application's fault, not the client's: nobody gets past what was not understood.
    """

    code = "factor_configuration"


MultiFactorAuthError: TypeAlias = AuthweaveError
"""What the recipe raises: any error of the library."""

"""The path by which applications know these from SuperTokens."""

from .config import MultiFactorAuthConfig
from .setup import InputOverrideConfig, MultiFactorAuthOverrideConfig, OverrideConfig

__all__ = [
    "InputOverrideConfig",
    "MultiFactorAuthConfig",
    "MultiFactorAuthOverrideConfig",
    "OverrideConfig",
]

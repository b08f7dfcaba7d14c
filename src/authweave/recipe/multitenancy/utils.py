"""The path by which applications know these from SuperTokens."""

from .config import MultitenancyConfig
from .setup import InputOverrideConfig, MultitenancyOverrideConfig

__all__ = [
    "InputOverrideConfig",
    "MultitenancyConfig",
    "MultitenancyOverrideConfig",
]

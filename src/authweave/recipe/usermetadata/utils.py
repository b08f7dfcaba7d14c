"""The path by which applications know these from SuperTokens."""

from .setup import InputOverrideConfig, UserMetadataOverrideConfig

__all__ = [
    "InputOverrideConfig",
    "UserMetadataOverrideConfig",
]

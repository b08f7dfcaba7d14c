"""The path by which applications know these from SuperTokens."""

from .recipe import UserRolesConfig
from .setup import InputOverrideConfig, UserRolesOverrideConfig

__all__ = [
    "InputOverrideConfig",
    "UserRolesConfig",
    "UserRolesOverrideConfig",
]

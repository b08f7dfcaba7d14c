"""The path by which applications know these from SuperTokens."""

from .config import (
    ContactConfig,
    ContactEmailOnlyConfig,
    ContactEmailOrPhoneConfig,
    ContactPhoneOnlyConfig,
    PasswordlessConfig,
)
from .setup import InputOverrideConfig, PasswordlessOverrideConfig

__all__ = [
    "ContactConfig",
    "ContactEmailOnlyConfig",
    "ContactEmailOrPhoneConfig",
    "ContactPhoneOnlyConfig",
    "InputOverrideConfig",
    "PasswordlessConfig",
    "PasswordlessOverrideConfig",
]

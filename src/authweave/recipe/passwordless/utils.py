"""The path by which applications know these from SuperTokens."""

from .config import (
    ContactConfig,
    ContactEmailOnlyConfig,
    ContactEmailOrPhoneConfig,
    ContactPhoneOnlyConfig,
    PasswordlessConfig,
)
from .contacts import default_validate_email, default_validate_phone_number
from .setup import InputOverrideConfig, PasswordlessOverrideConfig

__all__ = [
    "ContactConfig",
    "ContactEmailOnlyConfig",
    "ContactEmailOrPhoneConfig",
    "ContactPhoneOnlyConfig",
    "InputOverrideConfig",
    "PasswordlessConfig",
    "PasswordlessOverrideConfig",
    "default_validate_email",
    "default_validate_phone_number",
]

"""The path by which applications know these from SuperTokens."""

from .config import EmailPasswordConfig, InputSignUpFeature
from .form_fields import default_email_validator, default_password_validator, default_validator
from .setup import EmailPasswordOverrideConfig, InputOverrideConfig

__all__ = [
    "EmailPasswordConfig",
    "EmailPasswordOverrideConfig",
    "InputOverrideConfig",
    "InputSignUpFeature",
    "default_email_validator",
    "default_password_validator",
    "default_validator",
]

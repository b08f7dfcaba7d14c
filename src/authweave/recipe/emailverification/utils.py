"""The path by which applications know these from SuperTokens."""

from .config import EmailVerificationConfig
from .setup import EmailVerificationOverrideConfig, InputOverrideConfig
from .types import Mode as MODE_TYPE  # noqa: N814  the name there

__all__ = [
    "MODE_TYPE",
    "EmailVerificationConfig",
    "EmailVerificationOverrideConfig",
    "InputOverrideConfig",
]

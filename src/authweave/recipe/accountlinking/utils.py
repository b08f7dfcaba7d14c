"""The path by which applications know these from SuperTokens."""

from .config import AccountLinkingConfig
from .setup import AccountLinkingOverrideConfig, InputOverrideConfig

__all__ = ["AccountLinkingConfig", "AccountLinkingOverrideConfig", "InputOverrideConfig"]

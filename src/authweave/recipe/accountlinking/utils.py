"""The path by which applications know these from SuperTokens."""

from .config import AccountLinkingConfig
from .types import AccountLinkingOverrideConfig, InputOverrideConfig

__all__ = ["AccountLinkingConfig", "AccountLinkingOverrideConfig", "InputOverrideConfig"]

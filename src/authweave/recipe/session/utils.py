"""The path by which applications know the configuration of sessions."""

from .config import InputConfig as SessionConfig
from .config import SessionConfig as NormalisedSessionConfig
from .setup import InputOverrideConfig
from .setup import InputOverrideConfig as SessionOverrideConfig
from .transport.error_handlers import InputErrorHandlers
from .transport.error_handlers import InputErrorHandlers as ErrorHandlers
from .types import TokenTransferMethod, TokenType

__all__ = [
    "ErrorHandlers",
    "InputErrorHandlers",
    "InputOverrideConfig",
    "NormalisedSessionConfig",
    "SessionConfig",
    "SessionOverrideConfig",
    "TokenTransferMethod",
    "TokenType",
]

"""Sessions: short-lived access tokens, and refresh tokens that are exchanged for new ones."""

from .claim_base import SessionClaim, SessionClaimValidator
from .container import SessionContainer
from .empty import EmptySession
from .error_handlers import InputErrorHandlers
from .setup import InputOverrideConfig, SessionRecipe, SessionSetup, init

__all__ = [
    "EmptySession",
    "InputErrorHandlers",
    "InputOverrideConfig",
    "SessionClaim",
    "SessionClaimValidator",
    "SessionContainer",
    "SessionRecipe",
    "SessionSetup",
    "init",
]

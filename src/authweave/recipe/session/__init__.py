"""Sessions: short-lived access tokens, and refresh tokens that are exchanged for new ones."""

from .claims import SessionClaim, SessionClaimValidator
from .container import SessionContainer
from .empty import EmptySession
from .setup import InputOverrideConfig, SessionRecipe, SessionSetup, init

__all__ = [
    "EmptySession",
    "InputOverrideConfig",
    "SessionClaim",
    "SessionClaimValidator",
    "SessionContainer",
    "SessionRecipe",
    "SessionSetup",
    "init",
]

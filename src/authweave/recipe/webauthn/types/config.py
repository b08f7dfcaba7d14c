"""The path by which applications know these from SuperTokens."""

from authweave.recipe.webauthn.config import WebauthnConfig, WebauthnOverrideConfig
from authweave.recipe.webauthn.settings import (
    GetOrigin,
    GetRelyingPartyId,
    GetRelyingPartyName,
    ValidateEmailAddress,
)

__all__ = [
    "GetOrigin",
    "GetRelyingPartyId",
    "GetRelyingPartyName",
    "ValidateEmailAddress",
    "WebauthnConfig",
    "WebauthnOverrideConfig",
]

"""The path by which applications know these from SuperTokens."""

from authweave.recipe.webauthn.config import (
    GetOrigin,
    GetRelyingPartyId,
    GetRelyingPartyName,
    ValidateEmailAddress,
    WebauthnConfig,
    WebauthnOverrideConfig,
)

__all__ = [
    "GetOrigin",
    "GetRelyingPartyId",
    "GetRelyingPartyName",
    "ValidateEmailAddress",
    "WebauthnConfig",
    "WebauthnOverrideConfig",
]

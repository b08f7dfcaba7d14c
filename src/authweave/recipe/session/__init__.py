"""Sessions: short-lived access tokens, and refresh tokens that are exchanged for new ones."""

from .calls import (
    CreateNewSession,
    FetchAndSetClaim,
    GetAllSessionHandlesForUser,
    GetClaimValue,
    GetGlobalClaimValidators,
    GetSession,
    GetSessionInformation,
    MergeIntoAccessTokenPayload,
    RefreshPost,
    RefreshSession,
    RegenerateAccessToken,
    RemoveClaim,
    RevokeAllSessionsForUser,
    RevokeMultipleSessions,
    RevokeSession,
    SetClaimValue,
    SignoutPost,
    UpdateSessionDataInDatabase,
    ValidateClaims,
    ValidateClaimsInJwtPayload,
    VerifySession,
)
from .claims.authentication import note_authentication
from .claims.base import SessionClaim, SessionClaimValidator
from .container import EmptySession, SessionContainer
from .ended import EndedSessions
from .exceptions import SessionRefusedError
from .factors import SessionFactors, SessionFactorsContribution, likely_emails, session_factors
from .setup import InputOverrideConfig, SessionContribution, SessionRecipe, SessionSetup, init, kept_sessions
from .transport.error_handlers import InputErrorHandlers
from .transport.sign_ins import DISABLED, SigningIn, SignIns, is_fake, signed_in_user
from .types import (
    ClaimsValidationResult,
    GetClaimValueOkResult,
    RegenerateAccessTokenOkResult,
    SessionDoesNotExistError,
    SessionInformationResult,
    SignOutOkayResponse,
    SignOutPostResult,
    TokenTransferMethod,
)

SessionOverrideConfig = InputOverrideConfig
"""The name that applications know from SuperTokens."""

__all__ = [
    "DISABLED",
    "ClaimsValidationResult",
    "CreateNewSession",
    "EmptySession",
    "EndedSessions",
    "FetchAndSetClaim",
    "GetAllSessionHandlesForUser",
    "GetClaimValue",
    "GetClaimValueOkResult",
    "GetGlobalClaimValidators",
    "GetSession",
    "GetSessionInformation",
    "InputErrorHandlers",
    "InputOverrideConfig",
    "MergeIntoAccessTokenPayload",
    "RefreshPost",
    "RefreshSession",
    "RegenerateAccessToken",
    "RegenerateAccessTokenOkResult",
    "RemoveClaim",
    "RevokeAllSessionsForUser",
    "RevokeMultipleSessions",
    "RevokeSession",
    "SessionClaim",
    "SessionClaimValidator",
    "SessionContainer",
    "SessionContribution",
    "SessionDoesNotExistError",
    "SessionFactors",
    "SessionFactorsContribution",
    "SessionInformationResult",
    "SessionOverrideConfig",
    "SessionRecipe",
    "SessionRefusedError",
    "SessionSetup",
    "SetClaimValue",
    "SignIns",
    "SignOutOkayResponse",
    "SignOutPostResult",
    "SigningIn",
    "SignoutPost",
    "TokenTransferMethod",
    "UpdateSessionDataInDatabase",
    "ValidateClaims",
    "ValidateClaimsInJwtPayload",
    "VerifySession",
    "init",
    "is_fake",
    "kept_sessions",
    "likely_emails",
    "note_authentication",
    "session_factors",
    "signed_in_user",
]

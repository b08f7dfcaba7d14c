"""Claims of a session: values in the access token, and the validators that look at them."""

from authweave.types import MaybeAwaitable

from .arrays import PrimitiveArrayClaim, PrimitiveArrayClaimValidators
from .authentication import (
    Authentication,
    AuthenticationClaim,
    AuthenticationClaimClass,
    AuthenticationClaimValidators,
    note_authentication,
)
from .base import (
    AnyClaim,
    BuildableClaim,
    ClaimValidationResult,
    FetchValue,
    SessionClaim,
    SessionClaimValidator,
)
from .of_recipes import RecipeClaim
from .primitives import BooleanClaim, BooleanClaimValidators, PrimitiveClaim, PrimitiveClaimValidators
from .timed import ClaimValue, TimedClaim

__all__ = [
    "AnyClaim",
    "Authentication",
    "AuthenticationClaim",
    "AuthenticationClaimClass",
    "AuthenticationClaimValidators",
    "BooleanClaim",
    "BooleanClaimValidators",
    "BuildableClaim",
    "ClaimValidationResult",
    "ClaimValue",
    "FetchValue",
    "MaybeAwaitable",
    "PrimitiveArrayClaim",
    "PrimitiveArrayClaimValidators",
    "PrimitiveClaim",
    "PrimitiveClaimValidators",
    "RecipeClaim",
    "SessionClaim",
    "SessionClaimValidator",
    "TimedClaim",
    "note_authentication",
]

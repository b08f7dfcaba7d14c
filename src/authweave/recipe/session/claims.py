"""Claims of a session: values in the access token, and the validators that look at them."""

from .array_claims import PrimitiveArrayClaim, PrimitiveArrayClaimValidators
from .claim_base import (
    AnyClaim,
    BuildableClaim,
    ClaimValidationResult,
    FetchValue,
    MaybeAwaitable,
    SessionClaim,
    SessionClaimValidator,
)
from .primitive_claims import BooleanClaim, BooleanClaimValidators, PrimitiveClaim, PrimitiveClaimValidators
from .timed_claims import ClaimValue, TimedClaim

__all__ = [
    "AnyClaim",
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
    "SessionClaim",
    "SessionClaimValidator",
    "TimedClaim",
]

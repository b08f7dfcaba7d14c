"""Claims of a session: values in the access token, and the validators that look at them."""

from authweave.types import MaybeAwaitable

from .arrays import PrimitiveArrayClaim, PrimitiveArrayClaimValidators
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
]

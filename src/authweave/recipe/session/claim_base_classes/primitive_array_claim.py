"""The path by which applications know `PrimitiveArrayClaim`."""

from authweave.recipe.session.claims.arrays import (
    ExcludesAllSCV,
    ExcludesSCV,
    IncludesAllSCV,
    IncludesAnySCV,
    IncludesSCV,
    PrimitiveArrayClaim,
    PrimitiveArrayClaimValidators,
    SCVMixin,
)

__all__ = [
    "ExcludesAllSCV",
    "ExcludesSCV",
    "IncludesAllSCV",
    "IncludesAnySCV",
    "IncludesSCV",
    "PrimitiveArrayClaim",
    "PrimitiveArrayClaimValidators",
    "SCVMixin",
]

"""The path by which applications know `PrimitiveClaim`."""

from authweave.recipe.session.claims.primitives import HasValueSCV, PrimitiveClaim, PrimitiveClaimValidators

__all__ = ["HasValueSCV", "PrimitiveClaim", "PrimitiveClaimValidators"]

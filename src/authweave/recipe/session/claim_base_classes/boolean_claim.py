"""The path by which applications know `BooleanClaim`."""

from authweave.recipe.session.claims.primitives import BooleanClaim, BooleanClaimValidators

__all__ = ["BooleanClaim", "BooleanClaimValidators"]

# Written by `authweave moved stubs`.
from authweave.recipe.session.claim_base_classes.primitive_claim import HasValueSCV as HasValueSCV
from authweave.recipe.session.claim_base_classes.primitive_claim import PrimitiveClaim as PrimitiveClaim
from authweave.recipe.session.claim_base_classes.primitive_claim import PrimitiveClaimValidators as PrimitiveClaimValidators

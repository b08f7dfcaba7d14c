# Written by `authweave moved stubs`.
from authweave.recipe.session.claim_base_classes.boolean_claim import BooleanClaim as BooleanClaim
from authweave.recipe.session.claim_base_classes.boolean_claim import BooleanClaimValidators as BooleanClaimValidators

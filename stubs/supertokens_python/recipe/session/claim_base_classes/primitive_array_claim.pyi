# Written by `authweave moved stubs`.
from authweave.recipe.session.claim_base_classes.primitive_array_claim import ExcludesAllSCV as ExcludesAllSCV
from authweave.recipe.session.claim_base_classes.primitive_array_claim import ExcludesSCV as ExcludesSCV
from authweave.recipe.session.claim_base_classes.primitive_array_claim import IncludesAllSCV as IncludesAllSCV
from authweave.recipe.session.claim_base_classes.primitive_array_claim import IncludesAnySCV as IncludesAnySCV
from authweave.recipe.session.claim_base_classes.primitive_array_claim import IncludesSCV as IncludesSCV
from authweave.recipe.session.claim_base_classes.primitive_array_claim import PrimitiveArrayClaim as PrimitiveArrayClaim
from authweave.recipe.session.claim_base_classes.primitive_array_claim import (
    PrimitiveArrayClaimValidators as PrimitiveArrayClaimValidators,
)
from authweave.recipe.session.claim_base_classes.primitive_array_claim import SCVMixin as SCVMixin

# Written by `authweave moved stubs`.
from . import boolean_claim as boolean_claim
from . import primitive_array_claim as primitive_array_claim
from . import primitive_claim as primitive_claim

# Written by `authweave moved stubs`.
from authweave.recipe.multitenancy.exceptions import MultitenancyError as MultitenancyError

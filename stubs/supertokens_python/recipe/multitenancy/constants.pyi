# Written by `authweave moved stubs`.
from authweave.recipe.multitenancy.constants import DEFAULT_TENANT_ID as DEFAULT_TENANT_ID
from authweave.recipe.multitenancy.constants import LOGIN_METHODS as LOGIN_METHODS
from authweave.recipe.multitenancy.constants import RECIPE_ID as RECIPE_ID

# Written by `authweave moved stubs`.
from authweave.recipe.multitenancy.utils import InputOverrideConfig as InputOverrideConfig
from authweave.recipe.multitenancy.utils import MultitenancyConfig as MultitenancyConfig
from authweave.recipe.multitenancy.utils import MultitenancyOverrideConfig as MultitenancyOverrideConfig

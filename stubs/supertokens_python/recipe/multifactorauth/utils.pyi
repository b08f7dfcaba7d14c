# Written by `authweave moved stubs`.
from authweave.recipe.multifactorauth.utils import InputOverrideConfig as InputOverrideConfig
from authweave.recipe.multifactorauth.utils import MultiFactorAuthConfig as MultiFactorAuthConfig
from authweave.recipe.multifactorauth.utils import MultiFactorAuthOverrideConfig as MultiFactorAuthOverrideConfig
from authweave.recipe.multifactorauth.utils import OverrideConfig as OverrideConfig

# Written by `authweave moved stubs`.
from authweave.recipe.userroles.utils import InputOverrideConfig as InputOverrideConfig
from authweave.recipe.userroles.utils import UserRolesConfig as UserRolesConfig
from authweave.recipe.userroles.utils import UserRolesOverrideConfig as UserRolesOverrideConfig

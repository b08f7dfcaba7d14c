# Written by `authweave moved stubs`.
from authweave.recipe.userroles.exceptions import SuperTokensUserRolesError as SuperTokensUserRolesError

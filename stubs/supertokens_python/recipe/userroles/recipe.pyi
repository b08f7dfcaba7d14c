# Written by `authweave moved stubs`.
from authweave.recipe.userroles.recipe import ContextT_contra as ContextT_contra
from authweave.recipe.userroles.recipe import UserRolesConfig as UserRolesConfig
from authweave.recipe.userroles.recipe import UserRolesRecipe as UserRolesRecipe

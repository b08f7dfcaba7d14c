"""What the sessions of users say of their roles, and of what these permit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from typing_extensions import override

from authweave.extending import Recipes, app_in_use
from authweave.kernel import UserContext
from authweave.recipe.session.claims import PrimitiveArrayClaim, RecipeClaim
from authweave.types import Clock, JSONObject, RecipeUserId, system_clock

from .interfaces import RecipeInterface
from .recipe import UserRolesRecipe
from .types import GetPermissionsForRoleOkResult


def functions_in_use() -> RecipeInterface[UserContext]:
    """Return the functions of the application in use's recipe."""
    return app_in_use().recipe(UserRolesRecipe).functions


class RolesClaim(PrimitiveArrayClaim[str], RecipeClaim):
    """
    The roles of the session's user in the session's tenant, as ``st-role``: ``{"v": ["admin"], "t": ms}``.

    Args:
        functions: finds the functions that are asked; by default those of the application in use.
        clock: tells the time.
    """

    def __init__(
        self, functions: Callable[[], RecipeInterface[UserContext]] = functions_in_use, *, clock: Clock = system_clock
    ) -> None:
        super().__init__("st-role", self.fetch, clock=clock)
        self.functions: Callable[[], RecipeInterface[UserContext]] = functions

    @override
    def in_app(self, recipes: Recipes) -> RolesClaim:
        """Return the claim as the recipe of an application fetches it. Raises as `RecipeClaim.in_app`."""
        recipe = recipes.get(UserRolesRecipe)
        return RolesClaim(lambda: recipe.functions, clock=self.clock)

    async def fetch(
        self,
        user_id: str,
        recipe_user_id: RecipeUserId,
        tenant_id: str,
        current_payload: JSONObject,
        user_context: UserContext,
    ) -> list[str]:
        """Fetch the roles."""
        del recipe_user_id, current_payload
        return (await self.functions().get_roles_for_user(user_id, tenant_id, user_context)).roles


class PermissionsClaim(PrimitiveArrayClaim[str], RecipeClaim):
    """
    What the roles of the session's user in the session's tenant permit, as ``st-perm``, in alphabetical order.

    Args:
        functions: as for `RolesClaim`.
        clock: likewise.
    """

    def __init__(
        self, functions: Callable[[], RecipeInterface[UserContext]] = functions_in_use, *, clock: Clock = system_clock
    ) -> None:
        super().__init__("st-perm", self.fetch, clock=clock)
        self.functions: Callable[[], RecipeInterface[UserContext]] = functions

    @override
    def in_app(self, recipes: Recipes) -> PermissionsClaim:
        """Return the claim as the recipe of an application fetches it. Raises as `RecipeClaim.in_app`."""
        recipe = recipes.get(UserRolesRecipe)
        return PermissionsClaim(lambda: recipe.functions, clock=self.clock)

    async def fetch(
        self,
        user_id: str,
        recipe_user_id: RecipeUserId,
        tenant_id: str,
        current_payload: JSONObject,
        user_context: UserContext,
    ) -> list[str]:
        """Fetch the roles, and what each permits: one that was deleted meanwhile permits nothing."""
        del recipe_user_id, current_payload
        functions = self.functions()
        permissions: set[str] = set()
        for role in (await functions.get_roles_for_user(user_id, tenant_id, user_context)).roles:
            of_role = await functions.get_permissions_for_role(role, user_context)
            if isinstance(of_role, GetPermissionsForRoleOkResult):
                permissions.update(of_role.permissions)
        return sorted(permissions)


UserRoleClaim: Final = RolesClaim()
"""The roles of the session's user in the session's tenant."""

PermissionClaim: Final = PermissionsClaim()
"""What the roles of the session's user in the session's tenant permit."""

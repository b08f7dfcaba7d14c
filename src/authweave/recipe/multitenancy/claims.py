"""What the sessions of a tenant say of the domains of its pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from typing_extensions import override

from authweave.extending import Recipes, app_in_use
from authweave.kernel import UserContext
from authweave.recipe.session.claims import PrimitiveArrayClaim, RecipeClaim
from authweave.types import Clock, JSONObject, RecipeUserId, system_clock

from .recipe import MultitenancyRecipe


async def domains_in_use(tenant_id: str, user_context: UserContext) -> list[str] | None:
    """Ask the application in use for the domains of a tenant."""
    return await app_in_use().recipe(MultitenancyRecipe).allowed_domains(tenant_id, user_context)


class AllowedDomainsClaimClass(PrimitiveArrayClaim[str], RecipeClaim):
    """
    The domains of the pages of the session's tenant, as ``st-t-dmns``: ``{"v": ["acme.example.com"], "t": ms}``.

    Args:
        domains: asks the application for those of a tenant; by default the application in use.
        clock: tells the time.
    """

    def __init__(
        self,
        domains: Callable[[str, UserContext], Awaitable[list[str] | None]] = domains_in_use,
        *,
        clock: Clock = system_clock,
    ) -> None:
        super().__init__("st-t-dmns", self.fetch, clock=clock)
        self.domains: Callable[[str, UserContext], Awaitable[list[str] | None]] = domains

    @override
    def in_app(self, recipes: Recipes) -> AllowedDomainsClaimClass:
        """Return the claim as the recipe of an application fetches it. Raises as `RecipeClaim.in_app`."""
        return AllowedDomainsClaimClass(recipes.get(MultitenancyRecipe).allowed_domains, clock=self.clock)

    async def fetch(
        self,
        user_id: str,
        recipe_user_id: RecipeUserId,
        tenant_id: str,
        current_payload: JSONObject,
        user_context: UserContext,
    ) -> list[str] | None:
        """Fetch the domains."""
        del user_id, recipe_user_id, current_payload
        return await self.domains(tenant_id, user_context)


AllowedDomainsClaim: Final = AllowedDomainsClaimClass()
"""The domains of the pages of the session's tenant."""

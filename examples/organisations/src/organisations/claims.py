"""What a session says of the organisation in use, and what looks at that."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Final

from typing_extensions import override

from authweave.extending import Recipes, app_in_use
from authweave.kernel import ContextParameter, UserContext
from authweave.recipe.session.claims import (
    ClaimValidationResult,
    PrimitiveClaim,
    RecipeClaim,
    SessionClaimValidator,
)
from authweave.types import Clock, JSONObject, RecipeUserId, UncheckedJSON, system_clock

from .interfaces import RecipeInterface
from .recipe import OrganisationsRecipe
from .types import Membership


def functions_in_use() -> RecipeInterface[UserContext]:
    """Return the functions of the application in use's recipe."""
    return app_in_use().recipe(OrganisationsRecipe).functions


def in_use(membership: Membership | None) -> dict[str, str]:
    """Return what the claim says; nothing where none is in use."""
    return {} if membership is None else {"id": membership.organisation_id, "role": membership.role}


class OrganisationInUse(PrimitiveClaim[dict[str, str]], RecipeClaim):
    """
    The organisation that a session is used in, and the user's role: ``{"v": {"id": ..., "role": "admin"}, "t": ms}``.

    A new session is used in the one that the user joined first. Each refresh fetches the role anew; a session whose
    user has left is used in none, ``{"v": {}}``, until it is switched: never in another one that nobody has chosen.

    Args:
        functions: finds the functions that are asked; by default those of the application in use.
        clock: tells the time.
    """

    def __init__(
        self, functions: Callable[[], RecipeInterface[UserContext]] = functions_in_use, *, clock: Clock = system_clock
    ) -> None:
        super().__init__("organisation", self.fetch, clock=clock)
        self.functions: Callable[[], RecipeInterface[UserContext]] = functions

    @override
    def in_app(self, recipes: Recipes) -> OrganisationInUse:
        """Return the claim as the recipe of an application fetches it. Raises as `RecipeClaim.in_app`."""
        recipe = recipes.get(OrganisationsRecipe)
        return OrganisationInUse(lambda: recipe.functions, clock=self.clock)

    async def fetch(
        self,
        user_id: str,
        recipe_user_id: RecipeUserId,
        tenant_id: str,
        current_payload: JSONObject,
        user_context: UserContext,
    ) -> dict[str, str]:
        """Fetch the role in the organisation that the session is used in."""
        del recipe_user_id
        found = await self.functions().list_organisations(user_id, tenant_id, user_context)
        before = self.get_value_from_payload(current_payload)
        if before is None:
            return in_use(found[0] if found else None)
        return in_use(next((each for each in found if each.organisation_id == before.get("id")), None))


OrganisationClaim: Final = OrganisationInUse()
"""The organisation that a session is used in, and the user's role there."""


class HasRoleInOrganisation(SessionClaimValidator):
    """Made by `has_role_in_organisation`."""

    awaits: ClassVar[bool] = False

    def __init__(self, roles: tuple[str, ...], max_age_in_seconds: int | None) -> None:
        super().__init__(OrganisationClaim.key, claim=OrganisationClaim)
        self.roles: tuple[str, ...] = roles
        self.max_age_in_seconds: int | None = max_age_in_seconds

    @override
    def should_refetch(self, payload: UncheckedJSON, user_context: ContextParameter) -> bool:
        if OrganisationClaim.get_value_from_payload(payload, user_context) is None:
            return True
        limit = self.max_age_in_seconds
        return limit is not None and OrganisationClaim.age_ms(payload, user_context) > 1000 * limit

    @override
    async def validate(self, payload: UncheckedJSON, user_context: ContextParameter) -> ClaimValidationResult:
        role = (OrganisationClaim.get_value_from_payload(payload, user_context) or {}).get("role")
        if role is not None and (not self.roles or role in self.roles):
            return ClaimValidationResult(is_valid=True)
        reason = {"message": "wrong value", "expectedToIncludeAtLeastOneOf": [*self.roles], "actualValue": role}
        return ClaimValidationResult(is_valid=False, reason=reason)


def has_role_in_organisation(*roles: str, max_age_in_seconds: int | None = None) -> SessionClaimValidator:
    """
    Ask for a role in the organisation that the session is used in.

    Args:
        roles: one of which it has to be; without any, to be in an organisation is enough.
        max_age_in_seconds: how old what the session says may be before it is fetched anew; None for any age, since
            each refresh fetches it.
    """
    return HasRoleInOrganisation(roles, max_age_in_seconds)

"""What a session says of the factors that were shown in it, and what looks at that."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import ClassVar, Final

from typing_extensions import override

from authweave.extending import Recipes, app_in_use
from authweave.kernel import ContextParameter, UserContext
from authweave.recipe.session.claims import (
    ClaimValidationResult,
    RecipeClaim,
    SessionClaim,
    SessionClaimValidator,
)
from authweave.types import JSONObject, RecipeUserId, UncheckedJSON

from .claim_value import value_in, written
from .constants import KEY
from .recipe import MultiFactorAuthRecipe
from .requirements import checked_requirements, next_factors
from .standing import Presented
from .values import FactorIdsAndType, MFAClaimValue, MFARequirementList

__all__ = [
    "HasCompletedMFARequirementsForAuthSCV",
    "HasCompletedRequirementListSCV",
    "MultiFactorAuthClaim",
    "MultiFactorAuthClaimClass",
    "MultiFactorAuthClaimValidators",
]


def recipe_in_use() -> MultiFactorAuthRecipe:
    """Return the recipe of the application in use."""
    return app_in_use().recipe(MultiFactorAuthRecipe)


class MultiFactorAuthClaimClass(SessionClaim[MFAClaimValue], RecipeClaim):
    """
    Which factors were shown in a session, and whether they are all that was asked for, as ``st-mfa``.

    In the payload it is ``{"c": {"emailpassword": seconds}, "v": true}``, as the frontends read it.

    Args:
        key: the key in the payload.
        recipe: finds the recipe that is asked; by default that of the application in use.
    """

    def __init__(self, key: str | None = None, *, recipe: Callable[[], MultiFactorAuthRecipe] = recipe_in_use) -> None:
        super().__init__(key or KEY, self.fetch)
        self.recipe: Callable[[], MultiFactorAuthRecipe] = recipe

    @override
    def in_app(self, recipes: Recipes) -> MultiFactorAuthClaimClass:
        """Return the claim as the recipe of an application fetches it. Raises as `RecipeClaim.in_app`."""
        recipe = recipes.get(MultiFactorAuthRecipe)
        return MultiFactorAuthClaimClass(self.key, recipe=lambda: recipe)

    async def fetch(
        self,
        user_id: str,
        recipe_user_id: RecipeUserId,
        tenant_id: str,
        current_payload: JSONObject,
        user_context: UserContext,
    ) -> MFAClaimValue:
        """
        Find out which factors were shown, and whether they are all that is asked for today.

        Raises:
            UnauthorisedError: the session's user or tenant is gone, or its login method is of no first factor there.
        """
        presented = Presented(
            user_id=user_id, recipe_user_id=recipe_user_id, tenant_id=tenant_id, payload=current_payload
        )
        standings = self.recipe().standings
        # Of a session that there is, what was shown since an older access token was made counts too.
        presented = await standings.as_stored(presented, user_context)
        return (await standings.find(presented, user_context)).value

    def get_next_set_of_unsatisfied_factors(
        self, completed_factors: Mapping[str, int], requirement_list: MFARequirementList
    ) -> FactorIdsAndType:
        """
        Return the factors of the first requirement that is not satisfied; none where all are.

        Args:
            completed_factors: those that were shown.
            requirement_list: what is asked for.

        Raises:
            FactorConfigurationError: it cannot be understood.
        """
        return next_factors(completed_factors, checked_requirements(requirement_list, "requirement_list"))

    @override
    def add_to_payload_(
        self, payload: UncheckedJSON, value: MFAClaimValue, user_context: ContextParameter | None = None
    ) -> UncheckedJSON:
        before = self.get_value_from_payload(payload, user_context)
        shown = {**({} if before is None else before.c), **value.c}
        return {**payload, self.key: written(MFAClaimValue(shown, value.v))}

    @override
    def remove_from_payload_by_merge_(
        self, payload: UncheckedJSON, user_context: ContextParameter | None = None
    ) -> UncheckedJSON:
        return {**payload, self.key: None}

    @override
    def remove_from_payload(
        self, payload: UncheckedJSON, user_context: ContextParameter | None = None
    ) -> UncheckedJSON:
        return {key: value for key, value in payload.items() if key != self.key}

    @override
    def get_value_from_payload(
        self, payload: UncheckedJSON, user_context: ContextParameter | None = None
    ) -> MFAClaimValue | None:
        return value_in(payload, self.key)

    @cached_property
    def validators(self) -> MultiFactorAuthClaimValidators:
        """What makes validators of this claim."""
        return MultiFactorAuthClaimValidators(self)


class MultiFactorAuthClaimValidators:
    """Makes validators of `MultiFactorAuthClaim`."""

    def __init__(self, claim: MultiFactorAuthClaimClass) -> None:
        self.claim: MultiFactorAuthClaimClass = claim

    def has_completed_mfa_requirements_for_auth(self, claim_key: str | None = None) -> SessionClaimValidator:
        """
        Demand that all was shown that is asked for. Every route does, unless it says otherwise.

        Args:
            claim_key: names the validator in the answer to the frontend; by default ``st-mfa``.
        """
        return HasCompletedMFARequirementsForAuthSCV(claim_key or self.claim.key, self.claim)

    def has_completed_requirement_list(
        self, requirement_list: MFARequirementList, claim_key: str | None = None
    ) -> SessionClaimValidator:
        """
        Demand certain factors, whatever is asked of the user.

        Args:
            requirement_list: which they are, in order.
            claim_key: as above.

        Raises:
            FactorConfigurationError: the list cannot be understood.
        """
        checked = checked_requirements(requirement_list, "has_completed_requirement_list")
        return HasCompletedRequirementListSCV(claim_key or self.claim.key, self.claim, checked)


class FactorValidator(SessionClaimValidator):
    """
    Looks at the factors of a session, which are found out where it says nothing of them.

    Args:
        id_: names the validator in the answer to the frontend.
        claim: the claim.
    """

    def __init__(self, id_: str, claim: MultiFactorAuthClaimClass) -> None:
        super().__init__(id_, claim=claim)
        self.factors: MultiFactorAuthClaimClass = claim

    @override
    def should_refetch(self, payload: UncheckedJSON, user_context: ContextParameter) -> bool:
        return self.factors.get_value_from_payload(payload) is None


class HasCompletedMFARequirementsForAuthSCV(FactorValidator):
    """Demands that all was shown that is asked for."""

    awaits: ClassVar[bool] = False

    @override
    async def validate(self, payload: UncheckedJSON, user_context: ContextParameter) -> ClaimValidationResult:
        value = self.factors.get_value_from_payload(payload)
        if value is not None and value.v:
            return ClaimValidationResult(is_valid=True)
        return ClaimValidationResult(is_valid=False, reason={"message": "MFA requirement for auth is not satisfied"})


class HasCompletedRequirementListSCV(FactorValidator):
    """
    Demands certain factors.

    Args:
        id_: names the validator in the answer to the frontend.
        claim: the claim.
        requirement_list: which they are.
    """

    awaits: ClassVar[bool] = False

    def __init__(self, id_: str, claim: MultiFactorAuthClaimClass, requirement_list: MFARequirementList) -> None:
        super().__init__(id_, claim)
        self.requirement_list: MFARequirementList = requirement_list

    @override
    async def validate(self, payload: UncheckedJSON, user_context: ContextParameter) -> ClaimValidationResult:
        value = self.factors.get_value_from_payload(payload)
        missing = next_factors({} if value is None else value.c, self.requirement_list)
        if not missing.factor_ids:
            return ClaimValidationResult(is_valid=True)
        return ClaimValidationResult(is_valid=False, reason=reason_of(missing))


def reason_of(missing: FactorIdsAndType) -> JSONObject:
    """Return why a session does not pass, as the frontend reads it."""
    factors, names = missing.factor_ids, ", ".join(missing.factor_ids)
    match missing.type_:
        case "string":
            return {"message": f"Factor validation failed: {names} not completed", "factorId": names}
        case "oneOf":
            return {"message": f"None of these factors are complete in the session: {names}", "oneOf": [*factors]}
        case "allOfInAnyOrder":
            message = f"Some of the factors are not complete in the session: {names}"
            return {"message": message, "allOfInAnyOrder": [*factors]}


MultiFactorAuthClaim: Final = MultiFactorAuthClaimClass()
"""Which factors were shown in a session."""

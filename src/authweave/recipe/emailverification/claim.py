"""The claim that says whether the address of a session's login method is verified."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import ClassVar, Final

from typing_extensions import override

from authweave.extending import Recipes, app_in_use
from authweave.kernel import UserContext
from authweave.recipe.session.claims import (
    BooleanClaim,
    BooleanClaimValidators,
    ClaimValidationResult,
    MaybeAwaitable,
    RecipeClaim,
    SessionClaimValidator,
)
from authweave.types import Clock, JSONObject, RecipeUserId, system_clock

from .recipe import EmailVerificationRecipe

KEY: Final = "st-ev"

REFETCH_ON_FALSE_S: Final = 10
"""How old a claim may be that says "not verified" before it is fetched anew: a link may be used on another machine."""


def recipe_in_use() -> EmailVerificationRecipe:
    """Return the recipe of the application in use."""
    return app_in_use().recipe(EmailVerificationRecipe)


class EmailVerificationClaimClass(BooleanClaim, RecipeClaim):
    """
    Whether the address of a session's login method is verified, as ``st-ev``. True for one without an address.

    In the payload it is ``{"v": true, "t": ms}``, as the frontends read it.

    Args:
        recipe: finds the recipe that is asked; by default that of the application in use.
        clock: tells the time.
    """

    def __init__(
        self, recipe: Callable[[], EmailVerificationRecipe] = recipe_in_use, *, clock: Clock = system_clock
    ) -> None:
        super().__init__(KEY, self.fetch, clock=clock)
        self.recipe: Callable[[], EmailVerificationRecipe] = recipe

    @override
    def in_app(self, recipes: Recipes) -> EmailVerificationClaimClass:
        """Return the claim as the recipe of an application fetches it. Raises as `RecipeClaim.in_app`."""
        recipe = recipes.get(EmailVerificationRecipe)
        return EmailVerificationClaimClass(lambda: recipe, clock=self.clock)

    async def fetch(
        self,
        user_id: str,
        recipe_user_id: RecipeUserId,
        tenant_id: str,
        current_payload: JSONObject,
        user_context: UserContext,
    ) -> bool:
        """
        Find out whether the address of a login method is verified.

        Raises:
            UnauthorisedError: there is no such login method.
        """
        del user_id, tenant_id, current_payload
        recipe = self.recipe()
        email = await recipe.addresses.required(recipe_user_id, user_context)
        return email is None or await recipe.for_any_context.is_email_verified(recipe_user_id, email, user_context)

    @cached_property
    @override
    def validators(self) -> EmailVerificationClaimValidators:
        """What makes validators of this claim."""
        return EmailVerificationClaimValidators(self)


class EmailVerificationClaimValidators(BooleanClaimValidators):
    """Makes validators of `EmailVerificationClaim`."""

    def __init__(self, claim: BooleanClaim, default_max_age_in_sec: int | None = None) -> None:
        super().__init__(claim, default_max_age_in_sec)
        self.verification_claim: BooleanClaim = claim

    def is_verified(
        self,
        refetch_time_on_false_in_seconds: int = REFETCH_ON_FALSE_S,
        max_age_in_seconds: int | None = None,
        id_: str | None = None,
    ) -> SessionClaimValidator:
        """
        Demand that the address is verified.

        Args:
            refetch_time_on_false_in_seconds: how old a claim may be that says "not verified" before it is fetched anew.
            max_age_in_seconds: how old one may be that says "verified", before it is fetched anew; by default as old as
                its access token, for it is fetched with each refresh.
            id_: names the validator in the answer to the frontend; by default ``st-ev``.
        """
        is_true = self.is_true(max_age_in_seconds, id_)
        return IsVerified(self.verification_claim, is_true, refetch_time_on_false_in_seconds)


class IsVerified(SessionClaimValidator):
    """
    Demands that the address is verified, and fetches again what may have become true in the meantime.

    Args:
        claim: the claim.
        is_true: demands true, as any claim that is true or false does.
        refetch_time_on_false_in_seconds: how old a claim may be that says "not verified".
    """

    awaits: ClassVar[bool] = False  # `is_true` is of `BooleanClaim`

    def __init__(
        self, claim: BooleanClaim, is_true: SessionClaimValidator, refetch_time_on_false_in_seconds: int
    ) -> None:
        super().__init__(is_true.id, claim=claim)
        self.timed: BooleanClaim = claim
        self.is_true: SessionClaimValidator = is_true
        self.refetch_time_on_false_in_ms: int = 1000 * refetch_time_on_false_in_seconds

    @override
    def should_refetch(self, payload: JSONObject, user_context: UserContext) -> MaybeAwaitable[bool]:
        if self.timed.get_value_from_payload(payload, user_context) is False:
            return self.timed.age_ms(payload, user_context) > self.refetch_time_on_false_in_ms
        return self.is_true.should_refetch(payload, user_context)

    @override
    async def validate(self, payload: JSONObject, user_context: UserContext) -> ClaimValidationResult:
        return await self.is_true.validate(payload, user_context)


EmailVerificationClaim: Final = EmailVerificationClaimClass()
"""Whether the address of a session's login method is verified."""

"""The claim that says whether the address of a session's login method is verified."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from typing_extensions import override

from authweave.extending import default_app
from authweave.kernel import UserContext
from authweave.recipe.session.claims import BooleanClaim, BooleanClaimValidators, SessionClaimValidator
from authweave.recipe.session.claims.primitives import HasValue
from authweave.types import JSONObject, RecipeUserId

if TYPE_CHECKING:
    from .setup import EmailVerificationRecipe

KEY: Final = "st-ev"

REFETCH_ON_FALSE_S: Final = 10
"""How old a claim may be that says "not verified" before it is fetched anew: a link may be used on another machine."""

MAX_AGE_S: Final = 300
"""How old one may be that says "verified": the address may have been changed since, or its verification taken back."""


class EmailVerificationClaimClass(BooleanClaim):
    """
    Whether the address of a session's login method is verified. True for one without an address.

    In the payload it is ``{"v": true, "t": ms}`` under ``st-ev``, as the frontends read it.
    """

    def __init__(self) -> None:
        super().__init__(KEY, self.fetch, clock=self.now_ms)
        self._bound: EmailVerificationRecipe | None = None

    @property
    def recipe(self) -> EmailVerificationRecipe:
        """The recipe that knows: that of the application which the claim was made for, or the default one's."""
        if self._bound is not None:
            return self._bound
        from .setup import EmailVerificationRecipe

        return default_app().recipe(EmailVerificationRecipe)

    def bind(self, recipe: EmailVerificationRecipe) -> None:
        """Ask one application's recipe from now on, whichever is the default."""
        self._bound = recipe

    def now_ms(self) -> int:
        """Tell the time as the application does."""
        return self.recipe.services.clock()

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
            authweave.recipe.emailverification.exceptions.UnknownLoginError: there is no such login method.
        """
        del user_id, tenant_id, current_payload
        recipe = self.recipe
        email = await recipe.addresses.required(recipe_user_id, user_context)
        return email is None or await recipe.for_any_context.is_email_verified(recipe_user_id, email, user_context)

    @property
    @override
    def validators(self) -> EmailVerificationClaimValidators:
        return EmailVerificationClaimValidators(self)


class EmailVerificationClaimValidators(BooleanClaimValidators):
    """Makes validators of `EmailVerificationClaim`."""

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
            max_age_in_seconds: how old one may be that says "verified"; 5 minutes by default. With a number given an
                older one does not suffice where nothing can be fetched (`validate_claims_in_jwt_payload`).
            id_: names the validator in the answer to the frontend; by default ``st-ev``.
        """
        return IsVerified(KEY if id_ is None else id_, self.claim, refetch_time_on_false_in_seconds, max_age_in_seconds)


class IsVerified(HasValue[bool]):
    """Demands that the address is verified, and fetches again what may have become true in the meantime."""

    def __init__(
        self, id_: str, claim: BooleanClaim, refetch_time_on_false_in_seconds: int, max_age_in_seconds: int | None
    ) -> None:
        super().__init__(id_, claim, val=True, max_age_in_seconds=max_age_in_seconds)
        self.refetch_ms: dict[bool, int] = {
            False: 1000 * refetch_time_on_false_in_seconds,
            True: 1000 * (MAX_AGE_S if max_age_in_seconds is None else max_age_in_seconds),
        }

    @override
    def should_refetch(self, payload: JSONObject, user_context: UserContext) -> bool:
        value = self.timed.get_value_from_payload(payload, user_context)
        return value is None or self.timed.age_ms(payload, user_context) > self.refetch_ms[value is True]


EmailVerificationClaim: Final = EmailVerificationClaimClass()
"""
The claim of the default application.

Of an application that is not the default it can be read, and looked at by validators; to fetch it, take
``app.recipe(EmailVerificationRecipe).claim``.
"""

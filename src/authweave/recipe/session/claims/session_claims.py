"""What a session does with its claims."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, TypeVar

from authweave.extending import blocking_method
from authweave.kernel import ContextParameter, UserContext, context_for
from authweave.recipe.session.config import SessionConfig
from authweave.recipe.session.exceptions import InvalidClaimsError
from authweave.recipe.session.handle_interface import HandleInterface
from authweave.types import JSONObject, RecipeUserId

from .base import SessionClaim, SessionClaimValidator
from .of_recipes import fetched_by

T = TypeVar("T")


class SessionClaims:
    """
    The part of `SessionContainer` that is about claims.

    The methods ``sync_...`` are for ``def`` routes and other callers without a loop.
    """

    # Abstract to the checkers alone: with `ABC`, to ask whether something is a session, as each request does, would run
    # Python code.

    recipe_implementation: HandleInterface[UserContext]
    config: SessionConfig

    @abstractmethod
    def get_user_id(self, user_context: ContextParameter | None = None) -> str:
        """Return the id of the user."""

    @abstractmethod
    def get_recipe_user_id(self, user_context: ContextParameter | None = None) -> RecipeUserId:
        """Return the id of the login method that was used."""

    @abstractmethod
    def get_tenant_id(self, user_context: ContextParameter | None = None) -> str:
        """Return the tenant that was signed in to."""

    @abstractmethod
    def get_access_token_payload(
        self, user_context: ContextParameter | None = None
    ) -> dict[str, Any]:  # Any: the application's
        """Return a copy of what the access token says."""

    @abstractmethod
    async def merge_into_access_token_payload(
        self, access_token_payload_update: JSONObject, user_context: ContextParameter | None = None
    ) -> None:
        """Merge claims into the payload; None deletes a claim."""

    async def assert_claims(
        self, claim_validators: Sequence[SessionClaimValidator], user_context: ContextParameter | None = None
    ) -> None:
        """
        Fetch the claims that their validators find missing or too old, then let all validators look at the payload.

        Raises:
            InvalidClaimsError: with every refusal, in order.
            UnauthorisedError: a claim was fetched and the session does not exist any more.
        """
        context = context_for(self.recipe_implementation, user_context)
        result = await self.recipe_implementation.validate_claims(
            self.get_user_id(),
            self.get_recipe_user_id(),
            self.get_access_token_payload(),
            list(claim_validators),
            context,
        )
        if result.access_token_payload_update is not None:
            await self.merge_into_access_token_payload(result.access_token_payload_update, context)
        if result.invalid_claims:
            ids = ", ".join(repr(failure.id) for failure in result.invalid_claims)
            raise InvalidClaimsError(
                f"The session does not satisfy these claim validators: {ids}.", result.invalid_claims
            )

    async def fetch_and_set_claim(self, claim: SessionClaim[T], user_context: ContextParameter | None = None) -> None:
        """Fetch the value of a claim and put it into the payload. Raises as `merge_into_access_token_payload`."""
        context = context_for(self.recipe_implementation, user_context)
        update = await fetched_by(claim, self.config.recipes).build(
            self.get_user_id(),
            self.get_recipe_user_id(),
            self.get_tenant_id(),
            self.get_access_token_payload(),
            context,
        )
        await self.merge_into_access_token_payload(update, context)

    async def set_claim_value(
        self, claim: SessionClaim[T], value: T, user_context: ContextParameter | None = None
    ) -> None:
        """Put a value of a claim into the payload. Raises as `merge_into_access_token_payload`."""
        context = context_for(self.recipe_implementation, user_context)
        await self.merge_into_access_token_payload(claim.add_to_payload_({}, value, context), context)

    async def get_claim_value(self, claim: SessionClaim[T], user_context: ContextParameter | None = None) -> T | None:
        """Return the value of a claim in the payload, or None."""
        context = context_for(None, user_context)  # the claim reads: no function of the recipe runs
        return claim.get_value_from_payload(self.get_access_token_payload(), context)

    async def remove_claim(self, claim: SessionClaim[T], user_context: ContextParameter | None = None) -> None:
        """Take a claim out of the payload. Raises as `merge_into_access_token_payload`."""
        context = context_for(self.recipe_implementation, user_context)
        await self.merge_into_access_token_payload(claim.remove_from_payload_by_merge_({}, context), context)

    @blocking_method(assert_claims)
    def sync_assert_claims(self) -> None:
        """Let validators look at the claims, as `assert_claims` does, and wait for it."""

    @blocking_method(fetch_and_set_claim)
    def sync_fetch_and_set_claim(self) -> None:
        """Fetch the value of a claim and put it into the payload, as `fetch_and_set_claim` does, and wait for it."""

    @blocking_method(set_claim_value)
    def sync_set_claim_value(self) -> None:
        """Put a value of a claim into the payload, as `set_claim_value` does, and wait for it."""

    @blocking_method(get_claim_value)
    def sync_get_claim_value(self) -> None:
        """Return the value of a claim in the payload, as `get_claim_value` does, and wait for it."""

    @blocking_method(remove_claim)
    def sync_remove_claim(self) -> None:
        """Take a claim out of the payload, as `remove_claim` does, and wait for it."""

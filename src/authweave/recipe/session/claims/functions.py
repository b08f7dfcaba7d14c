"""The functions that are about claims, as they are without overrides."""

from __future__ import annotations

from typing import Never, cast

from typing_extensions import override

from authweave.kernel import overridable
from authweave.recipe.session.config import SessionConfig
from authweave.recipe.session.container import SessionContainer
from authweave.recipe.session.interfaces import ContextT_contra, RecipeInterface
from authweave.recipe.session.tokens.payload import copy_claims
from authweave.recipe.session.types import ClaimsValidationResult, GetClaimValueOkResult, SessionDoesNotExistError
from authweave.types import JSON, PUBLIC_TENANT, JSONObject, RecipeUserId

from .base import AnyClaim, SessionClaimValidator, failures_of, resolve
from .of_recipes import answered_by, changes_at_refresh, fetched_by


class ClaimImplementation(RecipeInterface[ContextT_contra]):
    """
    What `RecipeImplementation` does with claims. All of it goes by way of its other functions.

    Attributes:
        config: of the recipe.
    """

    config: SessionConfig

    async def refresh_claims(self, session: SessionContainer, user_context: ContextT_contra) -> None:
        """Fetch the claims that are fetched with each refresh, and put into the session what has changed of them."""
        changes = await changes_at_refresh(
            tuple(fetched_by(claim, self.config.recipes) for claim in self.config.refreshed_claims),
            self.config.keys_of_new_sessions,
            session.get_access_token_payload(),
            user_id=session.get_user_id(),
            recipe_user_id=session.get_recipe_user_id(),
            tenant_id=session.get_tenant_id(),
            user_context=user_context,
        )
        if changes:
            await session.merge_into_access_token_payload(changes, user_context)

    @overridable(allow_plain=True)
    @override
    async def get_global_claim_validators(
        self,
        tenant_id: str,
        user_id: str,
        recipe_user_id: RecipeUserId,
        claim_validators_added_by_other_recipes: list[SessionClaimValidator],
        user_context: ContextT_contra,
    ) -> list[SessionClaimValidator]:
        return claim_validators_added_by_other_recipes

    @overridable
    @override
    async def validate_claims(
        self,
        user_id: str,
        recipe_user_id: RecipeUserId,
        access_token_payload: JSONObject,
        claim_validators: list[SessionClaimValidator],
        user_context: ContextT_contra,
    ) -> ClaimsValidationResult:
        payload = copy_claims(access_token_payload)
        tenant_id = str(payload.get("tId", PUBLIC_TENANT))
        fetched: dict[str, JSON] = {}
        for validator in claim_validators:
            claim = None if validator.claim is None else fetched_by(validator.claim, self.config.recipes)
            if claim is not None and await resolve(validator.should_refetch(payload, user_context)):
                built = await claim.build(user_id, recipe_user_id, tenant_id, payload, user_context)
                payload.update(built)
                fetched.update(built)
        answered = answered_by(claim_validators, self.config.recipes)
        failures = await failures_of(answered, payload, user_context)
        return ClaimsValidationResult(failures, fetched or None)

    @overridable
    @override
    async def validate_claims_in_jwt_payload(
        self,
        user_id: str,
        jwt_payload: JSONObject,
        claim_validators: list[SessionClaimValidator],
        user_context: ContextT_contra,
    ) -> ClaimsValidationResult:
        answered = answered_by(claim_validators, self.config.recipes)
        return ClaimsValidationResult(await failures_of(answered, jwt_payload, user_context))

    @overridable
    @override
    async def fetch_and_set_claim(self, session_handle: str, claim: AnyClaim, user_context: ContextT_contra) -> bool:
        session = await self.get_session_information(session_handle, user_context)
        if session is None:
            return False
        # With its handle, as a token has it: a payload without one is that of a session that is being made.
        held = {**copy_claims(session.custom_claims_in_access_token_payload), "sessionHandle": session_handle}
        fetched = fetched_by(claim, self.config.recipes)
        update = await fetched.build(session.user_id, session.recipe_user_id, session.tenant_id, held, user_context)
        return await self.merge_into_access_token_payload(session_handle, update, user_context)

    @overridable
    @override
    async def set_claim_value(
        self, session_handle: str, claim: AnyClaim, value: object, user_context: ContextT_contra
    ) -> bool:
        # Whoever called a typed form of this handed over a value of the claim's type.
        update = claim.add_to_payload_({}, cast("Never", value), user_context)  # the claim's own type
        return await self.merge_into_access_token_payload(session_handle, update, user_context)

    @overridable
    @override
    async def get_claim_value(
        self, session_handle: str, claim: AnyClaim, user_context: ContextT_contra
    ) -> SessionDoesNotExistError | GetClaimValueOkResult[object]:
        session = await self.get_session_information(session_handle, user_context)
        if session is None:
            return SessionDoesNotExistError()
        held = copy_claims(session.custom_claims_in_access_token_payload)
        return GetClaimValueOkResult(claim.get_value_from_payload(held, user_context))

    @overridable
    @override
    async def remove_claim(self, session_handle: str, claim: AnyClaim, user_context: ContextT_contra) -> bool:
        update = claim.remove_from_payload_by_merge_({}, user_context)
        return await self.merge_into_access_token_payload(session_handle, update, user_context)

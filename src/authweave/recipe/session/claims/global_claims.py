"""The claims and validators that an application gave to `init`, at work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias, TypeVar, cast

import attrs

from authweave.extending import Recipes
from authweave.kernel import UserContext, current_context, use_context
from authweave.recipe.session.container import SessionContainer
from authweave.recipe.session.interfaces import OverrideClaimValidators, RecipeInterface
from authweave.recipe.session.tokens.payload import copy_claims
from authweave.recipe.session.types import ClaimsValidationResult, SessionDoesNotExistError, SessionInformationResult
from authweave.types import JSON, JSONObject, MaybeAwaitable, RecipeUserId

from .base import AnyClaim, SessionClaimValidator, resolve
from .of_recipes import fetched_by

T = TypeVar("T")
ContextT = TypeVar("ContextT")

OverrideValidatorsOf: TypeAlias = Callable[
    [list[SessionClaimValidator], T, ContextT], MaybeAwaitable[Sequence[SessionClaimValidator]]
]
OverrideValidatorsOfHandle: TypeAlias = (
    OverrideValidatorsOf[SessionInformationResult, UserContext]
    | OverrideValidatorsOf[SessionInformationResult, dict[str, Any]]  # Any: as ContextArgument
)
"""Takes the validators that would run, the stored session and the context; returns those that are to run instead."""

OverrideValidatorsOfUser: TypeAlias = (
    OverrideValidatorsOf[str, UserContext] | OverrideValidatorsOf[str, dict[str, Any]]  # Any: as ContextArgument
)
"""Takes the validators that would run, the user's id and the context; returns those that are to run instead."""


@attrs.frozen
class GlobalClaims:
    """
    Adds claims to new sessions, and validates those of sessions that are found.

    Attributes:
        functions: the composed functions of the recipe.
        claims: what every new session gets, in this order.
        validators: what every session has to satisfy, in this order.
        recipes: those of the application, which fetch claims of theirs.
    """

    functions: RecipeInterface[UserContext]
    claims: tuple[AnyClaim, ...] = ()
    validators: tuple[SessionClaimValidator, ...] = ()
    recipes: Recipes = attrs.field(factory=Recipes, repr=False)

    async def payload_of_new_session(
        self,
        payload: JSONObject | None,
        *,
        user_id: str,
        recipe_user_id: RecipeUserId,
        tenant_id: str,
        user_context: UserContext,
    ) -> dict[str, JSON]:
        """Return the payload of a new session: what was given, and each claim; a claim sees those before it."""
        built = copy_claims(payload or {})
        with use_context(user_context):
            for claim in (fetched_by(each, self.recipes) for each in self.claims):
                built.update(await claim.build(user_id, recipe_user_id, tenant_id, built, user_context))
        return built

    async def assert_for(
        self,
        session: SessionContainer,
        override_global_claim_validators: OverrideClaimValidators | None,
        user_context: UserContext,
    ) -> None:
        """
        Validate the claims of a session: the application's validators, or those that the route has instead.

        Raises:
            InvalidClaimsError: with every refusal, in order.
            UnauthorisedError: a claim was fetched and the session does not exist any more.
        """
        # A session of the application's own need not take a context: it finds the current one. That is this one already
        # where a request is served.
        if current_context() is user_context:
            await self.assert_in_current(session, override_global_claim_validators, user_context)
        else:
            with use_context(user_context):
                await self.assert_in_current(session, override_global_claim_validators, user_context)

    async def assert_in_current(
        self,
        session: SessionContainer,
        override_global_claim_validators: OverrideClaimValidators | None,
        user_context: UserContext,
    ) -> None:
        """Do what `assert_for` does, with the context being the current one."""
        usual = await self.global_validators(
            session.get_tenant_id(), session.get_user_id(), session.get_recipe_user_id(), user_context
        )
        validators = await overridden(usual, override_global_claim_validators, session, user_context)
        if validators:
            await session.assert_claims(validators)

    async def global_validators(
        self, tenant_id: str, user_id: str, recipe_user_id: RecipeUserId, user_context: UserContext
    ) -> list[SessionClaimValidator]:
        """Return the validators that a session has by default."""
        return await self.functions.get_global_claim_validators(
            tenant_id, user_id, recipe_user_id, list(self.validators), user_context
        )

    async def validate_stored(
        self,
        session_handle: str,
        override_global_claim_validators: OverrideValidatorsOfHandle | None,
        user_context: UserContext,
    ) -> SessionDoesNotExistError | ClaimsValidationResult:
        """Validate the claims of a session as they are stored, and store those that had to be fetched."""
        with use_context(user_context):
            session = await self.functions.get_session_information(session_handle, user_context)
            if session is None:
                return SessionDoesNotExistError()
            usual = await self.global_validators(
                session.tenant_id, session.user_id, session.recipe_user_id, user_context
            )
            validators = await overridden(usual, override_global_claim_validators, session, user_context)
            held = session.custom_claims_in_access_token_payload
            payload = {**held, "tId": session.tenant_id, "sessionHandle": session_handle}  # as a token has both
            result = await self.functions.validate_claims(
                session.user_id, session.recipe_user_id, payload, validators, user_context
            )
            update, merge = result.access_token_payload_update, self.functions.merge_into_access_token_payload
            if update is not None and not await merge(session_handle, update, user_context):
                return SessionDoesNotExistError()
            return ClaimsValidationResult(result.invalid_claims)

    async def validate_payload(
        self,
        jwt_payload: JSONObject,
        override_global_claim_validators: OverrideValidatorsOfUser | None,
        *,
        tenant_id: str,
        user_id: str,
        recipe_user_id: RecipeUserId,
        user_context: UserContext,
    ) -> ClaimsValidationResult:
        """Let the validators look at the payload of a verified token. Nothing is fetched or stored."""
        with use_context(user_context):
            usual = await self.global_validators(tenant_id, user_id, recipe_user_id, user_context)
            validators = await overridden(usual, override_global_claim_validators, user_id, user_context)
            return await self.functions.validate_claims_in_jwt_payload(user_id, jwt_payload, validators, user_context)


async def overridden(
    usual: list[SessionClaimValidator],
    override: OverrideValidatorsOf[T, UserContext] | OverrideValidatorsOf[T, dict[str, Any]] | None,  # Any: as above
    subject: T,
    user_context: UserContext,
) -> list[SessionClaimValidator]:
    """Return the validators that a caller wants to run instead of the usual ones of a session or a user."""
    if override is None:
        return usual
    either = cast("Any", user_context)  # a context of either kind
    return list(await resolve(override(usual, subject, either)))

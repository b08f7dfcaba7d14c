"""The functions of ``asyncio`` that are about claims."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias, TypeVar, cast

from authweave.app import default_app, passed_on
from authweave.kernel import UserContext, use_context
from authweave.types import JSONObject, RecipeUserId

from .claim_base import MaybeAwaitable, SessionClaim, SessionClaimValidator, settled
from .session_claims import given
from .types import (
    ClaimsValidationResult,
    GetClaimValueOkResult,
    SessionDoesNotExistError,
    SessionInformationResult,
)

T = TypeVar("T")

OverrideValidatorsOfHandle: TypeAlias = Callable[
    [list[SessionClaimValidator], SessionInformationResult, UserContext],
    MaybeAwaitable[Sequence[SessionClaimValidator]],
]
"""Takes the validators that would run, the stored session and the context; returns those that are to run instead."""

OverrideValidatorsOfUser: TypeAlias = Callable[
    [list[SessionClaimValidator], str, UserContext], MaybeAwaitable[Sequence[SessionClaimValidator]]
]
"""Takes the validators that would run, the user's id and the context; returns those that are to run instead."""


async def fetch_and_set_claim(
    session_handle: str, claim: SessionClaim[T], user_context: UserContext | None = None
) -> bool:
    """Fetch the value of a claim and store it. Returns whether the session exists."""
    return await default_app().session.functions.fetch_and_set_claim(session_handle, claim, passed_on(user_context))


async def set_claim_value(
    session_handle: str, claim: SessionClaim[T], value: T, user_context: UserContext | None = None
) -> bool:
    """Store a value of a claim; clients see it with their next access token. Returns whether the session exists."""
    return await default_app().session.functions.set_claim_value(session_handle, claim, value, passed_on(user_context))


async def get_claim_value(
    session_handle: str, claim: SessionClaim[T], user_context: UserContext | None = None
) -> SessionDoesNotExistError | GetClaimValueOkResult[T]:
    """Return the value of a claim as it is stored; it is None where the session has none."""
    result = await default_app().session.functions.get_claim_value(session_handle, claim, passed_on(user_context))
    # The claim read the value, so it is of the claim's type, which a composed function cannot tell.
    return cast("SessionDoesNotExistError | GetClaimValueOkResult[T]", result)


async def remove_claim(session_handle: str, claim: SessionClaim[T], user_context: UserContext | None = None) -> bool:
    """Take a claim out of what is stored. Returns whether the session exists."""
    return await default_app().session.functions.remove_claim(session_handle, claim, passed_on(user_context))


async def validate_claims_for_session_handle(
    session_handle: str,
    override_global_claim_validators: OverrideValidatorsOfHandle | None = None,
    user_context: UserContext | None = None,
) -> SessionDoesNotExistError | ClaimsValidationResult:
    """
    Validate the claims of a session as they are stored, and store those that had to be fetched.

    Returns:
        Every refusal, in the order of the validators.
    """
    recipe = default_app().session
    with use_context(given(user_context)) as context:
        session = await recipe.functions.get_session_information(session_handle, context)
        if session is None:
            return SessionDoesNotExistError()
        validators = await recipe.claims.global_validators(
            session.tenant_id, session.user_id, session.recipe_user_id, context
        )
        if override_global_claim_validators is not None:
            validators = list(await settled(override_global_claim_validators(validators, session, context)))
        payload = {**session.custom_claims_in_access_token_payload, "tId": session.tenant_id}
        result = await recipe.functions.validate_claims(
            session.user_id, session.recipe_user_id, payload, validators, context
        )
        update, merge = result.access_token_payload_update, recipe.functions.merge_into_access_token_payload
        if update is not None and not await merge(session_handle, update, context):
            return SessionDoesNotExistError()
        return ClaimsValidationResult(result.invalid_claims)


async def validate_claims_in_jwt_payload(
    tenant_id: str,
    user_id: str,
    recipe_user_id: RecipeUserId,
    jwt_payload: JSONObject,
    override_global_claim_validators: OverrideValidatorsOfUser | None = None,
    user_context: UserContext | None = None,
) -> ClaimsValidationResult:
    """
    Let the validators look at the payload of a token, which the caller has verified. Nothing is fetched or stored.

    Returns:
        Every refusal, in the order of the validators.
    """
    recipe = default_app().session
    with use_context(given(user_context)) as context:
        validators = await recipe.claims.global_validators(tenant_id, user_id, recipe_user_id, context)
        if override_global_claim_validators is not None:
            validators = list(await settled(override_global_claim_validators(validators, user_id, context)))
        return await recipe.functions.validate_claims_in_jwt_payload(user_id, jwt_payload, validators, context)

"""The functions of the session recipe that are about claims."""

from __future__ import annotations

from typing import Protocol

from typing_extensions import TypeVar

from authweave.kernel import Interface, UserContext, overridable
from authweave.types import JSONObject, RecipeUserId

from .claim_base import AnyClaim, SessionClaimValidator
from .types import ClaimsValidationResult, GetClaimValueOkResult, SessionDoesNotExistError

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)


class ClaimInterface(Interface[ContextT_contra], Protocol[ContextT_contra]):
    """
    What `RecipeInterface` says of claims.

    Functions that take a claim take any, and values as objects: a function that may be overridden has no type
    parameters. Those of `authweave.recipe.session.asyncio` and of `SessionContainer` know the type of the value.
    """

    # Written from calls.py by `python -m authweave.kernel`, down to the closing mark.
    # fmt: off
    @overridable
    async def get_global_claim_validators(self, tenant_id: str, user_id: str, recipe_user_id: RecipeUserId, claim_validators_added_by_other_recipes: list[SessionClaimValidator], user_context: ContextT_contra) -> list[SessionClaimValidator]:
        """Return the validators that every route has unless it says otherwise."""
        ...

    @overridable
    async def validate_claims(self, user_id: str, recipe_user_id: RecipeUserId, access_token_payload: JSONObject, claim_validators: list[SessionClaimValidator], user_context: ContextT_contra) -> ClaimsValidationResult:
        """Fetch the claims that their validators find missing or too old, then let all validators look."""
        ...

    @overridable
    async def validate_claims_in_jwt_payload(self, user_id: str, jwt_payload: JSONObject, claim_validators: list[SessionClaimValidator], user_context: ContextT_contra) -> ClaimsValidationResult:
        """Let all validators look at a payload as it is; nothing is fetched."""
        ...

    @overridable
    async def fetch_and_set_claim(self, session_handle: str, claim: AnyClaim, user_context: ContextT_contra) -> bool:
        """Fetch the value of a claim and store it. Returns whether the session exists."""
        ...

    @overridable
    async def set_claim_value(self, session_handle: str, claim: AnyClaim, value: object, user_context: ContextT_contra) -> bool:
        """Store a value of a claim, which has to be of the claim's type. Returns whether the session exists."""
        ...

    @overridable
    async def get_claim_value(self, session_handle: str, claim: AnyClaim, user_context: ContextT_contra) -> SessionDoesNotExistError | GetClaimValueOkResult[object]:
        """Return the value of a claim as it is stored; it is None where the session has none."""
        ...

    @overridable
    async def remove_claim(self, session_handle: str, claim: AnyClaim, user_context: ContextT_contra) -> bool:
        """Take a claim out of what is stored. Returns whether the session exists."""
        ...
    # fmt: on

"""The functions of the session recipe that name no `SessionContainer`: those that a container itself calls, and more."""

from __future__ import annotations

from typing import Any, Protocol, TypeAlias

from typing_extensions import TypeVar

from authweave.kernel import Interface, UserContext, overridable
from authweave.types import RecipeUserId, UncheckedJSON

from .claims.base import ClaimParameter, SessionClaimValidator
from .types import (
    ClaimsValidationResult,
    GetClaimValueOkResult,
    RegenerateAccessTokenOkResult,
    SessionDoesNotExistError,
    SessionInformationResult,
)

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, contravariant=True)

HandlesParameter: TypeAlias = list[str] | Any  # Any: an override may say Sequence[str] or List[str]
"""Handles of sessions that an override is handed, and hands on, whichever way it annotates them."""


class HandleInterface(Interface[ContextT_contra], Protocol[ContextT_contra]):
    """
    The part of `RecipeInterface` whose functions know a session by its handle, its user or its payload.

    Functions that take a claim take any, and values as objects: a function that may be overridden has no type
    parameters. Those of `authweave.recipe.session.asyncio` and of `SessionContainer` know the type of the value.
    """

    # Written from calls.py by `python -m authweave.kernel`, down to the closing mark.
    # fmt: off
    @overridable
    async def revoke_session(self, session_handle: str, user_context: ContextT_contra) -> bool:
        """Revoke a session. Returns whether it existed."""
        ...

    @overridable
    async def revoke_multiple_sessions(self, session_handles: HandlesParameter, user_context: ContextT_contra) -> list[str]:
        """Revoke sessions, each by `revoke_session`. Returns the handles of those that existed."""
        ...

    @overridable
    async def revoke_all_sessions_for_user(self, user_id: str, revoke_sessions_for_linked_accounts: bool, tenant_id: str, revoke_across_all_tenants: bool, user_context: ContextT_contra) -> list[str]:
        """Revoke a user's sessions, of one tenant or of all. Returns their handles."""
        ...

    @overridable
    async def get_all_session_handles_for_user(self, user_id: str, fetch_sessions_for_linked_accounts: bool, tenant_id: str, fetch_across_all_tenants: bool, user_context: ContextT_contra) -> list[str]:
        """Return the handles of a user's sessions, of one tenant or of all, the oldest first."""
        ...

    @overridable
    async def get_session_information(self, session_handle: str, user_context: ContextT_contra) -> SessionInformationResult | None:
        """Return what the store knows of a session; None if it does not exist or has expired."""
        ...

    @overridable
    async def update_session_data_in_database(self, session_handle: str, new_session_data: UncheckedJSON, user_context: ContextT_contra) -> bool:
        """Replace what the session keeps on the server. Returns whether the session exists."""
        ...

    @overridable
    async def merge_into_access_token_payload(self, session_handle: str, access_token_payload_update: UncheckedJSON, user_context: ContextT_contra) -> bool:
        """Merge claims into the stored payload; None deletes a claim. Returns whether the session exists."""
        ...

    @overridable
    async def regenerate_access_token(self, access_token: str, new_access_token_payload: UncheckedJSON | None, user_context: ContextT_contra) -> RegenerateAccessTokenOkResult | None:
        """Mint an access token with other claims and the same expiry; None if the session does not exist."""
        ...

    @overridable(allow_plain=True)
    async def get_global_claim_validators(self, tenant_id: str, user_id: str, recipe_user_id: RecipeUserId, claim_validators_added_by_other_recipes: list[SessionClaimValidator], user_context: ContextT_contra) -> list[SessionClaimValidator]:
        """Return the validators that every route has unless it says otherwise."""
        ...

    @overridable
    async def validate_claims(self, user_id: str, recipe_user_id: RecipeUserId, access_token_payload: UncheckedJSON, claim_validators: list[SessionClaimValidator], user_context: ContextT_contra) -> ClaimsValidationResult:
        """Fetch the claims that their validators find missing or too old, then let all validators look."""
        ...

    @overridable
    async def validate_claims_in_jwt_payload(self, user_id: str, jwt_payload: UncheckedJSON, claim_validators: list[SessionClaimValidator], user_context: ContextT_contra) -> ClaimsValidationResult:
        """Let all validators look at a payload as it is; nothing is fetched."""
        ...

    @overridable
    async def fetch_and_set_claim(self, session_handle: str, claim: ClaimParameter, user_context: ContextT_contra) -> bool:
        """Fetch the value of a claim and store it. Returns whether the session exists."""
        ...

    @overridable
    async def set_claim_value(self, session_handle: str, claim: ClaimParameter, value: object, user_context: ContextT_contra) -> bool:
        """Store a value of a claim, which has to be of the claim's type. Returns whether the session exists."""
        ...

    @overridable
    async def get_claim_value(self, session_handle: str, claim: ClaimParameter, user_context: ContextT_contra) -> SessionDoesNotExistError | GetClaimValueOkResult[object]:
        """Return the value of a claim as it is stored; it is None where the session has none."""
        ...

    @overridable
    async def remove_claim(self, session_handle: str, claim: ClaimParameter, user_context: ContextT_contra) -> bool:
        """Take a claim out of what is stored. Returns whether the session exists."""
        ...
    # fmt: on

"""The functions and APIs of the session recipe."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeAlias

import attrs
from typing_extensions import TypeVar

from authweave.kernel import Interface, UserContext, overridable
from authweave.types import AppInfo, BaseRequest, GeneralErrorResponse, JSONObject, RecipeUserId

from .claims.base import AnyClaim, SessionClaim, SessionClaimValidator
from .container import SessionContainer
from .types import (
    ClaimsValidationResult,
    ClaimValidationError,
    GetClaimValueOkResult,
    GetSessionTokensDangerouslyDict,
    RegenerateAccessTokenOkResult,
    SessionDoesNotExistError,
    SessionInformationResult,
    SignOutOkayResponse,
    SignOutPostResult,
)

__all__ = [
    "APIInterface",
    "APIOptions",
    "AnyClaim",
    "ClaimValidationError",
    "ClaimsValidationResult",
    "GeneralErrorResponse",
    "GetClaimValueOkResult",
    "GetSessionTokensDangerouslyDict",
    "OverrideClaimValidators",
    "RecipeInterface",
    "RegenerateAccessTokenOkResult",
    "SessionClaim",
    "SessionClaimValidator",
    "SessionContainer",
    "SessionDoesNotExistError",
    "SessionInformationResult",
    "SessionRequests",
    "SignOutOkayResponse",
    "SignOutPostResult",
]

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)

OverrideClaimValidators: TypeAlias = Callable[
    [list[SessionClaimValidator], SessionContainer, UserContext],
    Sequence[SessionClaimValidator] | Awaitable[Sequence[SessionClaimValidator]],
]
"""Takes the validators that would run, the session and the context; returns those that are to run instead."""


class RecipeInterface(Interface[ContextT_contra], Protocol[ContextT_contra]):
    """
    The functions of the recipe. Each may be overridden.

    Functions that take a claim take any, and values as objects: a function that may be overridden has no type
    parameters. Those of `authweave.recipe.session.asyncio` and of `SessionContainer` know the type of the value.
    """

    # Written from calls.py by `python -m authweave.kernel`, down to the closing mark.
    # fmt: off
    @overridable
    async def create_new_session(self, user_id: str, recipe_user_id: RecipeUserId, access_token_payload: JSONObject | None, session_data_in_database: JSONObject | None, disable_anti_csrf: bool | None, tenant_id: str, user_context: ContextT_contra) -> SessionContainer:
        """Create a session. To create none, an override returns `authweave.recipe.session.EmptySession`."""
        ...

    @overridable
    async def get_session(self, access_token: str | None, anti_csrf_token: str | None, anti_csrf_check: bool | None, session_required: bool | None, check_database: bool | None, override_global_claim_validators: OverrideClaimValidators | None, user_context: ContextT_contra) -> SessionContainer | None:
        """Verify an access token (its signature, expiry and anti-CSRF token; claims are validated by the caller)."""
        ...

    @overridable
    async def refresh_session(self, refresh_token: str, anti_csrf_token: str | None, disable_anti_csrf: bool, user_context: ContextT_contra) -> SessionContainer:
        """Give a session new tokens. The same token always gives the same successor."""
        ...

    @overridable
    async def revoke_session(self, session_handle: str, user_context: ContextT_contra) -> bool:
        """Revoke a session. Returns whether it existed."""
        ...

    @overridable
    async def revoke_multiple_sessions(self, session_handles: Sequence[str], user_context: ContextT_contra) -> list[str]:
        """Revoke sessions, each by `revoke_session`. Returns the handles of those that existed."""
        ...

    @overridable
    async def revoke_all_sessions_for_user(self, user_id: str, revoke_across_all_tenants: bool | None, tenant_id: str, user_context: ContextT_contra) -> list[str]:
        """Revoke a user's sessions, of one tenant or of all. Returns their handles."""
        ...

    @overridable
    async def get_all_session_handles_for_user(self, user_id: str, fetch_across_all_tenants: bool | None, tenant_id: str, user_context: ContextT_contra) -> list[str]:
        """Return the handles of a user's sessions, of one tenant or of all, the oldest first."""
        ...

    @overridable
    async def get_session_information(self, session_handle: str, user_context: ContextT_contra) -> SessionInformationResult | None:
        """Return what the store knows of a session; None if it does not exist or has expired."""
        ...

    @overridable
    async def update_session_data_in_database(self, session_handle: str, new_session_data: JSONObject, user_context: ContextT_contra) -> bool:
        """Replace what the session keeps on the server. Returns whether the session exists."""
        ...

    @overridable
    async def merge_into_access_token_payload(self, session_handle: str, access_token_payload_update: JSONObject, user_context: ContextT_contra) -> bool:
        """Merge claims into the stored payload; None deletes a claim. Returns whether the session exists."""
        ...

    @overridable
    async def regenerate_access_token(self, access_token: str, new_access_token_payload: JSONObject | None, user_context: ContextT_contra) -> RegenerateAccessTokenOkResult | None:
        """Mint an access token with other claims and the same expiry; None if the session does not exist."""
        ...

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


@attrs.frozen(kw_only=True)
class APIOptions:
    """
    What an API is handed beside its input.

    Attributes:
        recipe_implementation: the composed functions of the recipe.
    """

    request: BaseRequest
    recipe_id: str = "session"
    app_info: AppInfo
    recipe_implementation: RecipeInterface


class APIInterface(Interface[ContextT_contra], Protocol[ContextT_contra]):
    """The HTTP APIs of the recipe. Each may be overridden."""

    # Written from calls.py by `python -m authweave.kernel`, down to the closing mark.
    # fmt: off
    @overridable
    async def refresh_post(self, api_options: APIOptions, user_context: ContextT_contra) -> SessionContainer:
        """Answer ``POST /session/refresh``."""
        ...

    @overridable
    async def signout_post(self, session: SessionContainer, api_options: APIOptions, user_context: ContextT_contra) -> SignOutPostResult:
        """Answer ``POST /signout``: revoke the session of the request."""
        ...

    @overridable
    async def verify_session(self, api_options: APIOptions, anti_csrf_check: bool | None, session_required: bool, check_database: bool, override_global_claim_validators: OverrideClaimValidators | None, user_context: ContextT_contra) -> SessionContainer | None:
        """Verify the session of a request, before a route of the application runs."""
        ...
    # fmt: on


class SessionRequests(Protocol):
    """What the session recipe does for other recipes' APIs: sessions of a request."""

    async def create_new_session(
        self,
        request: BaseRequest,
        *,
        user_id: str,
        recipe_user_id: RecipeUserId,
        tenant_id: str,
        access_token_payload: JSONObject | None = None,
        session_data_in_database: JSONObject | None = None,
        user_context: UserContext | None = None,
    ) -> SessionContainer:
        """Create a session by the composed function, and attach it to the answer of the request."""
        ...

    async def get_session(
        self,
        request: BaseRequest,
        *,
        session_required: bool = True,
        anti_csrf_check: bool | None = None,
        check_database: bool = False,
        override_global_claim_validators: OverrideClaimValidators | None = None,
        user_context: UserContext | None = None,
    ) -> SessionContainer | None:
        """Verify the session of a request (docs/reference/http.md, Verifying), and attach what changed to the answer."""
        ...

    async def refresh_session(
        self, request: BaseRequest, *, user_context: UserContext | None = None
    ) -> SessionContainer:
        """Refresh the session of a request (docs/reference/http.md, Refreshing), and attach the new tokens."""
        ...

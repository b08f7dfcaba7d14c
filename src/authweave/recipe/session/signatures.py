"""The type of each function, for ``original``. Written from calls.py by ``python -m authweave.kernel``."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, Protocol

from typing_extensions import TypeVar

from authweave.kernel import UserContext
from collections.abc import Sequence
from authweave.types import JSONObject, RecipeUserId
from .claims.base import AnyClaim, SessionClaimValidator
from .container import SessionContainer
from .interfaces import APIOptions, OverrideClaimValidators
from .types import ClaimsValidationResult, GetClaimValueOkResult, RegenerateAccessTokenOkResult, SessionDoesNotExistError, SessionInformationResult, SignOutPostResult

ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)

class CreateNewSession(Protocol[ContextT_contra]):
    def __call__(self, user_id: str, recipe_user_id: RecipeUserId, access_token_payload: JSONObject | None, session_data_in_database: JSONObject | None, disable_anti_csrf: bool | None, tenant_id: str, user_context: ContextT_contra) -> Coroutine[Any, Any, SessionContainer]: ...

class GetSession(Protocol[ContextT_contra]):
    def __call__(self, access_token: str | None, anti_csrf_token: str | None, anti_csrf_check: bool | None, session_required: bool | None, check_database: bool | None, override_global_claim_validators: OverrideClaimValidators | None, user_context: ContextT_contra) -> Coroutine[Any, Any, SessionContainer | None]: ...

class RefreshSession(Protocol[ContextT_contra]):
    def __call__(self, refresh_token: str, anti_csrf_token: str | None, disable_anti_csrf: bool, user_context: ContextT_contra) -> Coroutine[Any, Any, SessionContainer]: ...

class RevokeSession(Protocol[ContextT_contra]):
    def __call__(self, session_handle: str, user_context: ContextT_contra) -> Coroutine[Any, Any, bool]: ...

class RevokeMultipleSessions(Protocol[ContextT_contra]):
    def __call__(self, session_handles: Sequence[str], user_context: ContextT_contra) -> Coroutine[Any, Any, list[str]]: ...

class RevokeAllSessionsForUser(Protocol[ContextT_contra]):
    def __call__(self, user_id: str, revoke_sessions_for_linked_accounts: bool, tenant_id: str, revoke_across_all_tenants: bool, user_context: ContextT_contra) -> Coroutine[Any, Any, list[str]]: ...

class GetAllSessionHandlesForUser(Protocol[ContextT_contra]):
    def __call__(self, user_id: str, fetch_sessions_for_linked_accounts: bool, tenant_id: str, fetch_across_all_tenants: bool, user_context: ContextT_contra) -> Coroutine[Any, Any, list[str]]: ...

class GetSessionInformation(Protocol[ContextT_contra]):
    def __call__(self, session_handle: str, user_context: ContextT_contra) -> Coroutine[Any, Any, SessionInformationResult | None]: ...

class UpdateSessionDataInDatabase(Protocol[ContextT_contra]):
    def __call__(self, session_handle: str, new_session_data: JSONObject, user_context: ContextT_contra) -> Coroutine[Any, Any, bool]: ...

class MergeIntoAccessTokenPayload(Protocol[ContextT_contra]):
    def __call__(self, session_handle: str, access_token_payload_update: JSONObject, user_context: ContextT_contra) -> Coroutine[Any, Any, bool]: ...

class RegenerateAccessToken(Protocol[ContextT_contra]):
    def __call__(self, access_token: str, new_access_token_payload: JSONObject | None, user_context: ContextT_contra) -> Coroutine[Any, Any, RegenerateAccessTokenOkResult | None]: ...

class GetGlobalClaimValidators(Protocol[ContextT_contra]):
    def __call__(self, tenant_id: str, user_id: str, recipe_user_id: RecipeUserId, claim_validators_added_by_other_recipes: list[SessionClaimValidator], user_context: ContextT_contra) -> Coroutine[Any, Any, list[SessionClaimValidator]]: ...

class ValidateClaims(Protocol[ContextT_contra]):
    def __call__(self, user_id: str, recipe_user_id: RecipeUserId, access_token_payload: JSONObject, claim_validators: list[SessionClaimValidator], user_context: ContextT_contra) -> Coroutine[Any, Any, ClaimsValidationResult]: ...

class ValidateClaimsInJwtPayload(Protocol[ContextT_contra]):
    def __call__(self, user_id: str, jwt_payload: JSONObject, claim_validators: list[SessionClaimValidator], user_context: ContextT_contra) -> Coroutine[Any, Any, ClaimsValidationResult]: ...

class FetchAndSetClaim(Protocol[ContextT_contra]):
    def __call__(self, session_handle: str, claim: AnyClaim, user_context: ContextT_contra) -> Coroutine[Any, Any, bool]: ...

class SetClaimValue(Protocol[ContextT_contra]):
    def __call__(self, session_handle: str, claim: AnyClaim, value: object, user_context: ContextT_contra) -> Coroutine[Any, Any, bool]: ...

class GetClaimValue(Protocol[ContextT_contra]):
    def __call__(self, session_handle: str, claim: AnyClaim, user_context: ContextT_contra) -> Coroutine[Any, Any, SessionDoesNotExistError | GetClaimValueOkResult[object]]: ...

class RemoveClaim(Protocol[ContextT_contra]):
    def __call__(self, session_handle: str, claim: AnyClaim, user_context: ContextT_contra) -> Coroutine[Any, Any, bool]: ...

class RefreshPost(Protocol[ContextT_contra]):
    def __call__(self, api_options: APIOptions, user_context: ContextT_contra) -> Coroutine[Any, Any, SessionContainer]: ...

class SignoutPost(Protocol[ContextT_contra]):
    def __call__(self, session: SessionContainer, api_options: APIOptions, user_context: ContextT_contra) -> Coroutine[Any, Any, SignOutPostResult]: ...

class VerifySession(Protocol[ContextT_contra]):
    def __call__(self, api_options: APIOptions, anti_csrf_check: bool | None, session_required: bool, check_database: bool, override_global_claim_validators: OverrideClaimValidators | None, user_context: ContextT_contra) -> Coroutine[Any, Any, SessionContainer | None]: ...

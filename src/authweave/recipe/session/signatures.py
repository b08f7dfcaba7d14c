"""The type of each function of the session recipe, for annotating ``original``."""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from typing import Any, Protocol

from authweave.types import JSONObject, RecipeUserId

from .interfaces import (
    AnyClaim,
    APIOptions,
    ContextT_contra,
    OverrideClaimValidators,
    SessionClaimValidator,
    SessionContainer,
)
from .types import (
    ClaimsValidationResult,
    GetClaimValueOkResult,
    RegenerateAccessTokenOkResult,
    SessionDoesNotExistError,
    SessionInformationResult,
    SignOutPostResult,
)


class CreateNewSession(Protocol[ContextT_contra]):
    """The type of `RecipeInterface.create_new_session`, for annotating ``original``."""

    def __call__(
        self,
        user_id: str,
        recipe_user_id: RecipeUserId,
        access_token_payload: JSONObject | None,
        session_data_in_database: JSONObject | None,
        disable_anti_csrf: bool | None,  # noqa: FBT001  the seeds' order of parameters
        tenant_id: str,
        user_context: ContextT_contra,
    ) -> Coroutine[Any, Any, SessionContainer]:
        """Call the original."""
        ...


class GetSession(Protocol[ContextT_contra]):
    """The type of `RecipeInterface.get_session`, for annotating ``original``."""

    def __call__(
        self,
        access_token: str | None,
        anti_csrf_token: str | None,
        anti_csrf_check: bool | None,  # noqa: FBT001  the seeds' order of parameters
        session_required: bool | None,  # noqa: FBT001  the seeds' order of parameters
        check_database: bool | None,  # noqa: FBT001  the seeds' order of parameters
        override_global_claim_validators: OverrideClaimValidators | None,
        user_context: ContextT_contra,
    ) -> Coroutine[Any, Any, SessionContainer | None]:
        """Call the original."""
        ...


class RefreshSession(Protocol[ContextT_contra]):
    """The type of `RecipeInterface.refresh_session`, for annotating ``original``."""

    def __call__(
        self,
        refresh_token: str,
        anti_csrf_token: str | None,
        disable_anti_csrf: bool,  # noqa: FBT001  the seeds' order of parameters
        user_context: ContextT_contra,
    ) -> Coroutine[Any, Any, SessionContainer]:
        """Call the original."""
        ...


class RevokeSession(Protocol[ContextT_contra]):
    """The type of `RecipeInterface.revoke_session`, for annotating ``original``."""

    def __call__(self, session_handle: str, user_context: ContextT_contra) -> Coroutine[Any, Any, bool]:
        """Call the original."""
        ...


class RevokeMultipleSessions(Protocol[ContextT_contra]):
    """The type of `RecipeInterface.revoke_multiple_sessions`, for annotating ``original``."""

    def __call__(
        self,
        session_handles: Sequence[str],
        user_context: ContextT_contra,
    ) -> Coroutine[Any, Any, list[str]]:
        """Call the original."""
        ...


class RevokeAllSessionsForUser(Protocol[ContextT_contra]):
    """The type of `RecipeInterface.revoke_all_sessions_for_user`, for annotating ``original``."""

    def __call__(
        self,
        user_id: str,
        revoke_across_all_tenants: bool | None,  # noqa: FBT001  the seeds' order of parameters
        tenant_id: str,
        user_context: ContextT_contra,
    ) -> Coroutine[Any, Any, list[str]]:
        """Call the original."""
        ...


class GetAllSessionHandlesForUser(Protocol[ContextT_contra]):
    """The type of `RecipeInterface.get_all_session_handles_for_user`, for annotating ``original``."""

    def __call__(
        self,
        user_id: str,
        fetch_across_all_tenants: bool | None,  # noqa: FBT001  the seeds' order of parameters
        tenant_id: str,
        user_context: ContextT_contra,
    ) -> Coroutine[Any, Any, list[str]]:
        """Call the original."""
        ...


class GetSessionInformation(Protocol[ContextT_contra]):
    """The type of `RecipeInterface.get_session_information`, for annotating ``original``."""

    def __call__(
        self, session_handle: str, user_context: ContextT_contra
    ) -> Coroutine[Any, Any, SessionInformationResult | None]:
        """Call the original."""
        ...


class UpdateSessionDataInDatabase(Protocol[ContextT_contra]):
    """The type of `RecipeInterface.update_session_data_in_database`, for annotating ``original``."""

    def __call__(
        self, session_handle: str, new_session_data: JSONObject, user_context: ContextT_contra
    ) -> Coroutine[Any, Any, bool]:
        """Call the original."""
        ...


class MergeIntoAccessTokenPayload(Protocol[ContextT_contra]):
    """The type of `RecipeInterface.merge_into_access_token_payload`, for annotating ``original``."""

    def __call__(
        self, session_handle: str, access_token_payload_update: JSONObject, user_context: ContextT_contra
    ) -> Coroutine[Any, Any, bool]:
        """Call the original."""
        ...


class RegenerateAccessToken(Protocol[ContextT_contra]):
    """The type of `RecipeInterface.regenerate_access_token`, for annotating ``original``."""

    def __call__(
        self, access_token: str, new_access_token_payload: JSONObject | None, user_context: ContextT_contra
    ) -> Coroutine[Any, Any, RegenerateAccessTokenOkResult | None]:
        """Call the original."""
        ...


class GetGlobalClaimValidators(Protocol[ContextT_contra]):
    """The type of `RecipeInterface.get_global_claim_validators`, for annotating ``original``."""

    def __call__(
        self,
        tenant_id: str,
        user_id: str,
        recipe_user_id: RecipeUserId,
        claim_validators_added_by_other_recipes: list[SessionClaimValidator],
        user_context: ContextT_contra,
    ) -> Coroutine[Any, Any, list[SessionClaimValidator]]:
        """Call the original."""
        ...


class ValidateClaims(Protocol[ContextT_contra]):
    """The type of `RecipeInterface.validate_claims`, for annotating ``original``."""

    def __call__(
        self,
        user_id: str,
        recipe_user_id: RecipeUserId,
        access_token_payload: JSONObject,
        claim_validators: list[SessionClaimValidator],
        user_context: ContextT_contra,
    ) -> Coroutine[Any, Any, ClaimsValidationResult]:
        """Call the original."""
        ...


class ValidateClaimsInJwtPayload(Protocol[ContextT_contra]):
    """The type of `RecipeInterface.validate_claims_in_jwt_payload`, for annotating ``original``."""

    def __call__(
        self,
        user_id: str,
        jwt_payload: JSONObject,
        claim_validators: list[SessionClaimValidator],
        user_context: ContextT_contra,
    ) -> Coroutine[Any, Any, ClaimsValidationResult]:
        """Call the original."""
        ...


class FetchAndSetClaim(Protocol[ContextT_contra]):
    """The type of `RecipeInterface.fetch_and_set_claim`, for annotating ``original``."""

    def __call__(
        self,
        session_handle: str,
        claim: AnyClaim,
        user_context: ContextT_contra,
    ) -> Coroutine[Any, Any, bool]:
        """Call the original."""
        ...


class SetClaimValue(Protocol[ContextT_contra]):
    """The type of `RecipeInterface.set_claim_value`, for annotating ``original``."""

    def __call__(
        self,
        session_handle: str,
        claim: AnyClaim,
        value: object,
        user_context: ContextT_contra,
    ) -> Coroutine[Any, Any, bool]:
        """Call the original."""
        ...


class GetClaimValue(Protocol[ContextT_contra]):
    """The type of `RecipeInterface.get_claim_value`, for annotating ``original``."""

    def __call__(
        self,
        session_handle: str,
        claim: AnyClaim,
        user_context: ContextT_contra,
    ) -> Coroutine[Any, Any, SessionDoesNotExistError | GetClaimValueOkResult[object]]:
        """Call the original."""
        ...


class RemoveClaim(Protocol[ContextT_contra]):
    """The type of `RecipeInterface.remove_claim`, for annotating ``original``."""

    def __call__(
        self,
        session_handle: str,
        claim: AnyClaim,
        user_context: ContextT_contra,
    ) -> Coroutine[Any, Any, bool]:
        """Call the original."""
        ...


class RefreshPost(Protocol[ContextT_contra]):
    """The type of `APIInterface.refresh_post`, for annotating ``original``."""

    def __call__(self, api_options: APIOptions, user_context: ContextT_contra) -> Coroutine[Any, Any, SessionContainer]:
        """Call the original."""
        ...


class SignoutPost(Protocol[ContextT_contra]):
    """The type of `APIInterface.signout_post`, for annotating ``original``."""

    def __call__(
        self, session: SessionContainer, api_options: APIOptions, user_context: ContextT_contra
    ) -> Coroutine[Any, Any, SignOutPostResult]:
        """Call the original."""
        ...


class VerifySession(Protocol[ContextT_contra]):
    """The type of `APIInterface.verify_session`, for annotating ``original``."""

    def __call__(
        self,
        api_options: APIOptions,
        anti_csrf_check: bool | None,  # noqa: FBT001  the seeds' order of parameters
        session_required: bool,  # noqa: FBT001  the seeds' order of parameters
        check_database: bool,  # noqa: FBT001  the seeds' order of parameters
        override_global_claim_validators: OverrideClaimValidators | None,
        user_context: ContextT_contra,
    ) -> Coroutine[Any, Any, SessionContainer | None]:
        """Call the original."""
        ...

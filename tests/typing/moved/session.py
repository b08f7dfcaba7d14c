"""Overrides of all functions of the recipe, as documents of the reference write them: sessions."""

from typing import Any, Callable, Dict, List, Optional, TypeVar, Union

from authweave.recipe import session
from authweave.recipe.session.interfaces import (
    APIInterface,
    APIOptions,
    ClaimsValidationResult,
    GetClaimValueOkResult,
    JSONObject,
    RecipeInterface,
    RegenerateAccessTokenOkResult,
    SessionClaim,
    SessionClaimValidator,
    SessionContainer,
    SessionDoesNotExistError,
    SessionInformationResult,
    SignOutOkayResponse,
)
from authweave.types import (
    GeneralErrorResponse,
    MaybeAwaitable,
    RecipeUserId,
)

_T = TypeVar("_T")


def override_session_functions(original_implementation: RecipeInterface) -> RecipeInterface:
    original_create_new_session = original_implementation.create_new_session
    original_get_global_claim_validators = original_implementation.get_global_claim_validators
    original_get_session = original_implementation.get_session
    original_validate_claims = original_implementation.validate_claims
    original_refresh_session = original_implementation.refresh_session
    original_revoke_session = original_implementation.revoke_session
    original_revoke_all_sessions_for_user = original_implementation.revoke_all_sessions_for_user
    original_get_all_session_handles_for_user = original_implementation.get_all_session_handles_for_user
    original_revoke_multiple_sessions = original_implementation.revoke_multiple_sessions
    original_get_session_information = original_implementation.get_session_information
    original_update_session_data_in_database = original_implementation.update_session_data_in_database
    original_merge_into_access_token_payload = original_implementation.merge_into_access_token_payload
    original_fetch_and_set_claim = original_implementation.fetch_and_set_claim
    original_set_claim_value = original_implementation.set_claim_value
    original_get_claim_value = original_implementation.get_claim_value
    original_remove_claim = original_implementation.remove_claim
    original_regenerate_access_token = original_implementation.regenerate_access_token

    async def create_new_session(
        user_id: str,
        recipe_user_id: RecipeUserId,
        access_token_payload: Optional[Dict[str, Any]],
        session_data_in_database: Optional[Dict[str, Any]],
        disable_anti_csrf: Optional[bool],
        tenant_id: str,
        user_context: Dict[str, Any],
    ) -> SessionContainer:
        return await original_create_new_session(
            user_id,
            recipe_user_id,
            access_token_payload,
            session_data_in_database,
            disable_anti_csrf,
            tenant_id,
            user_context,
        )

    def get_global_claim_validators(
        tenant_id: str,
        user_id: str,
        recipe_user_id: RecipeUserId,
        claim_validators_added_by_other_recipes: List[SessionClaimValidator],
        user_context: Dict[str, Any],
    ) -> MaybeAwaitable[List[SessionClaimValidator]]:
        return original_get_global_claim_validators(
            tenant_id, user_id, recipe_user_id, claim_validators_added_by_other_recipes, user_context
        )

    async def get_session(
        access_token: Optional[str],
        anti_csrf_token: Optional[str] = None,
        anti_csrf_check: Optional[bool] = None,
        session_required: Optional[bool] = None,
        check_database: Optional[bool] = None,
        override_global_claim_validators: Optional[
            Callable[
                [List[SessionClaimValidator], SessionContainer, Dict[str, Any]],
                MaybeAwaitable[List[SessionClaimValidator]],
            ]
        ] = None,
        user_context: Optional[Dict[str, Any]] = None,
    ) -> Optional[SessionContainer]:
        return await original_get_session(
            access_token=access_token,
            anti_csrf_token=anti_csrf_token,
            anti_csrf_check=anti_csrf_check,
            session_required=session_required,
            check_database=check_database,
            override_global_claim_validators=override_global_claim_validators,
            user_context=user_context,
        )

    async def validate_claims(
        user_id: str,
        recipe_user_id: RecipeUserId,
        access_token_payload: Dict[str, Any],
        claim_validators: List[SessionClaimValidator],
        user_context: Dict[str, Any],
    ) -> ClaimsValidationResult:
        return await original_validate_claims(
            user_id, recipe_user_id, access_token_payload, claim_validators, user_context
        )

    async def refresh_session(
        refresh_token: str,
        anti_csrf_token: Optional[str],
        disable_anti_csrf: bool,
        user_context: Dict[str, Any],
    ) -> SessionContainer:
        return await original_refresh_session(refresh_token, anti_csrf_token, disable_anti_csrf, user_context)

    async def revoke_session(
        session_handle: str,
        user_context: Dict[str, Any],
    ) -> bool:
        return await original_revoke_session(session_handle, user_context)

    async def revoke_all_sessions_for_user(
        user_id: str,
        revoke_sessions_for_linked_accounts: bool,
        tenant_id: str,
        revoke_across_all_tenants: bool,
        user_context: Dict[str, Any],
    ) -> List[str]:
        return await original_revoke_all_sessions_for_user(
            user_id, revoke_sessions_for_linked_accounts, tenant_id, revoke_across_all_tenants, user_context
        )

    async def get_all_session_handles_for_user(
        user_id: str,
        fetch_sessions_for_linked_accounts: bool,
        tenant_id: str,
        fetch_across_all_tenants: bool,
        user_context: Dict[str, Any],
    ) -> List[str]:
        return await original_get_all_session_handles_for_user(
            user_id, fetch_sessions_for_linked_accounts, tenant_id, fetch_across_all_tenants, user_context
        )

    async def revoke_multiple_sessions(
        session_handles: List[str],
        user_context: Dict[str, Any],
    ) -> List[str]:
        return await original_revoke_multiple_sessions(session_handles, user_context)

    async def get_session_information(
        session_handle: str,
        user_context: Dict[str, Any],
    ) -> Union[SessionInformationResult, None]:
        return await original_get_session_information(session_handle, user_context)

    async def update_session_data_in_database(
        session_handle: str,
        new_session_data: Dict[str, Any],
        user_context: Dict[str, Any],
    ) -> bool:
        return await original_update_session_data_in_database(session_handle, new_session_data, user_context)

    async def merge_into_access_token_payload(
        session_handle: str,
        access_token_payload_update: JSONObject,
        user_context: Dict[str, Any],
    ) -> bool:
        return await original_merge_into_access_token_payload(session_handle, access_token_payload_update, user_context)

    async def fetch_and_set_claim(
        session_handle: str,
        claim: SessionClaim[Any],
        user_context: Dict[str, Any],
    ) -> bool:
        return await original_fetch_and_set_claim(session_handle, claim, user_context)

    async def set_claim_value(
        session_handle: str,
        claim: SessionClaim[_T],
        value: _T,
        user_context: Dict[str, Any],
    ) -> bool:
        return await original_set_claim_value(session_handle, claim, value, user_context)

    async def get_claim_value(
        session_handle: str,
        claim: SessionClaim[Any],
        user_context: Dict[str, Any],
    ) -> Union[SessionDoesNotExistError, GetClaimValueOkResult[Any]]:
        return await original_get_claim_value(session_handle, claim, user_context)

    async def remove_claim(
        session_handle: str,
        claim: SessionClaim[Any],
        user_context: Dict[str, Any],
    ) -> bool:
        return await original_remove_claim(session_handle, claim, user_context)

    async def regenerate_access_token(
        access_token: str,
        new_access_token_payload: Union[Dict[str, Any], None],
        user_context: Dict[str, Any],
    ) -> Union[RegenerateAccessTokenOkResult, None]:
        return await original_regenerate_access_token(access_token, new_access_token_payload, user_context)

    original_implementation.create_new_session = create_new_session
    original_implementation.get_global_claim_validators = get_global_claim_validators
    original_implementation.get_session = get_session
    original_implementation.validate_claims = validate_claims
    original_implementation.refresh_session = refresh_session
    original_implementation.revoke_session = revoke_session
    original_implementation.revoke_all_sessions_for_user = revoke_all_sessions_for_user
    original_implementation.get_all_session_handles_for_user = get_all_session_handles_for_user
    original_implementation.revoke_multiple_sessions = revoke_multiple_sessions
    original_implementation.get_session_information = get_session_information
    original_implementation.update_session_data_in_database = update_session_data_in_database
    original_implementation.merge_into_access_token_payload = merge_into_access_token_payload
    original_implementation.fetch_and_set_claim = fetch_and_set_claim
    original_implementation.set_claim_value = set_claim_value
    original_implementation.get_claim_value = get_claim_value
    original_implementation.remove_claim = remove_claim
    original_implementation.regenerate_access_token = regenerate_access_token
    return original_implementation


def override_session_apis(original_implementation: APIInterface) -> APIInterface:
    original_refresh_post = original_implementation.refresh_post
    original_signout_post = original_implementation.signout_post
    original_verify_session = original_implementation.verify_session

    async def refresh_post(
        api_options: APIOptions,
        user_context: Dict[str, Any],
    ) -> SessionContainer:
        return await original_refresh_post(api_options, user_context)

    async def signout_post(
        session: SessionContainer,
        api_options: APIOptions,
        user_context: Dict[str, Any],
    ) -> Union[SignOutOkayResponse, GeneralErrorResponse]:
        return await original_signout_post(session, api_options, user_context)

    async def verify_session(
        api_options: APIOptions,
        anti_csrf_check: Union[bool, None],
        session_required: bool,
        check_database: bool,
        override_global_claim_validators: Optional[
            Callable[
                [List[SessionClaimValidator], SessionContainer, Dict[str, Any]],
                MaybeAwaitable[List[SessionClaimValidator]],
            ]
        ],
        user_context: Dict[str, Any],
    ) -> Union[SessionContainer, None]:
        return await original_verify_session(
            api_options,
            anti_csrf_check,
            session_required,
            check_database,
            override_global_claim_validators,
            user_context,
        )

    original_implementation.refresh_post = refresh_post
    original_implementation.signout_post = signout_post
    original_implementation.verify_session = verify_session
    return original_implementation


session.init(override=session.InputOverrideConfig(functions=override_session_functions, apis=override_session_apis))

"""Overrides of all functions of the recipe, as documents of the reference write them: signing in with providers."""

from typing import Any, Dict, Optional, Union

from authweave.recipe import thirdparty
from authweave.recipe.session.interfaces import (
    SessionContainer,
)
from authweave.recipe.thirdparty.interfaces import (
    APIInterface,
    APIOptions,
    AuthorisationUrlGetOkResult,
    EmailChangeNotAllowedError,
    ManuallyCreateOrUpdateUserOkResult,
    RecipeInterface,
    SignInUpNotAllowed,
    SignInUpOkResult,
    SignInUpPostNoEmailGivenByProviderResponse,
    SignInUpPostOkResult,
)
from authweave.recipe.thirdparty.provider import (
    Provider,
    RedirectUriInfo,
)
from authweave.recipe.thirdparty.types import (
    RawUserInfoFromProvider,
)
from authweave.types import (
    GeneralErrorResponse,
)
from authweave.types.auth_utils import (
    LinkingToSessionUserFailedError,
)


def override_thirdparty_functions(original_implementation: RecipeInterface) -> RecipeInterface:
    original_manually_create_or_update_user = original_implementation.manually_create_or_update_user
    original_sign_in_up = original_implementation.sign_in_up
    original_get_provider = original_implementation.get_provider

    async def manually_create_or_update_user(
        third_party_id: str,
        third_party_user_id: str,
        email: str,
        is_verified: bool,
        session: Optional[SessionContainer],
        should_try_linking_with_session_user: Union[bool, None],
        tenant_id: str,
        user_context: Dict[str, Any],
    ) -> Union[
        ManuallyCreateOrUpdateUserOkResult,
        LinkingToSessionUserFailedError,
        SignInUpNotAllowed,
        EmailChangeNotAllowedError,
    ]:
        return await original_manually_create_or_update_user(  # wrong: mypy, pyright
            third_party_id,
            third_party_user_id,
            email,
            is_verified,
            session,
            should_try_linking_with_session_user,
            tenant_id,
            user_context,  # wrong: mypy
        )

    async def sign_in_up(
        third_party_id: str,
        third_party_user_id: str,
        email: str,
        is_verified: bool,
        oauth_tokens: Dict[str, Any],
        raw_user_info_from_provider: RawUserInfoFromProvider,
        session: Optional[SessionContainer],
        should_try_linking_with_session_user: Union[bool, None],
        tenant_id: str,
        user_context: Dict[str, Any],
    ) -> Union[SignInUpOkResult, SignInUpNotAllowed, LinkingToSessionUserFailedError]:
        return await original_sign_in_up(
            third_party_id,
            third_party_user_id,
            email,
            is_verified,
            oauth_tokens,
            raw_user_info_from_provider,
            session,
            should_try_linking_with_session_user,
            tenant_id,
            user_context,
        )

    async def get_provider(
        third_party_id: str,
        client_type: Optional[str],
        tenant_id: str,
        user_context: Dict[str, Any],
    ) -> Optional[Provider]:
        return await original_get_provider(third_party_id, client_type, tenant_id, user_context)

    original_implementation.manually_create_or_update_user = manually_create_or_update_user  # wrong: mypy, pyright
    original_implementation.sign_in_up = sign_in_up
    original_implementation.get_provider = get_provider
    return original_implementation


def override_thirdparty_apis(original_implementation: APIInterface) -> APIInterface:
    original_authorisation_url_get = original_implementation.authorisation_url_get
    original_sign_in_up_post = original_implementation.sign_in_up_post
    original_apple_redirect_handler_post = original_implementation.apple_redirect_handler_post

    async def authorisation_url_get(
        provider: Provider,
        redirect_uri_on_provider_dashboard: str,
        api_options: APIOptions,
        user_context: Dict[str, Any],
    ) -> Union[AuthorisationUrlGetOkResult, GeneralErrorResponse]:
        return await original_authorisation_url_get(
            provider, redirect_uri_on_provider_dashboard, api_options, user_context
        )

    async def sign_in_up_post(
        provider: Provider,
        redirect_uri_info: Optional[RedirectUriInfo],
        oauth_tokens: Optional[Dict[str, Any]],
        session: Optional[SessionContainer],
        should_try_linking_with_session_user: Union[bool, None],
        tenant_id: str,
        api_options: APIOptions,
        user_context: Dict[str, Any],
    ) -> Union[
        SignInUpPostOkResult, SignInUpPostNoEmailGivenByProviderResponse, SignInUpNotAllowed, GeneralErrorResponse
    ]:
        return await original_sign_in_up_post(
            provider,
            redirect_uri_info,
            oauth_tokens,
            session,
            should_try_linking_with_session_user,
            tenant_id,
            api_options,
            user_context,
        )

    async def apple_redirect_handler_post(
        form_post_info: Dict[str, Any],
        api_options: APIOptions,
        user_context: Dict[str, Any],
    ):
        return await original_apple_redirect_handler_post(form_post_info, api_options, user_context)

    original_implementation.authorisation_url_get = authorisation_url_get
    original_implementation.sign_in_up_post = sign_in_up_post
    original_implementation.apple_redirect_handler_post = apple_redirect_handler_post
    return original_implementation


thirdparty.init(
    override=thirdparty.InputOverrideConfig(functions=override_thirdparty_functions, apis=override_thirdparty_apis)
)

"""Signing in at a provider that speaks OpenID: overrides of function and APIs, and the provider's own data."""

import os
from typing import Any, Dict, Optional, Union

from fastapi import Depends, FastAPI
from supertokens_python import InputAppInfo, SupertokensConfig, init
from supertokens_python.framework.fastapi import get_middleware
from supertokens_python.recipe import session, thirdparty, usermetadata
from supertokens_python.recipe.session.framework.fastapi import verify_session
from supertokens_python.recipe.session.interfaces import SessionContainer
from supertokens_python.recipe.thirdparty import ThirdPartyOverrideConfig
from supertokens_python.recipe.thirdparty.interfaces import (
    APIInterface,
    APIOptions,
    RecipeInterface,
    SignInUpOkResult,
    SignInUpPostOkResult,
)
from supertokens_python.recipe.thirdparty.provider import Provider, RedirectUriInfo
from supertokens_python.recipe.thirdparty.types import RawUserInfoFromProvider
from supertokens_python.recipe.usermetadata.asyncio import get_user_metadata, update_user_metadata
from supertokens_python.types.response import GeneralErrorResponse


def override_thirdparty_functions(original_implementation: RecipeInterface) -> RecipeInterface:
    original_sign_in_up = original_implementation.sign_in_up

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
    ):
        result = await original_sign_in_up(
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
        if isinstance(result, SignInUpOkResult):
            token_payload = result.raw_user_info_from_provider.from_id_token_payload or {}
            await update_user_metadata(
                result.user.id,
                {
                    "subject": token_payload.get("sub"),
                    "has_access_token": "access_token" in result.oauth_tokens,
                    "new": result.created_new_recipe_user,
                },
            )
        return result

    original_implementation.sign_in_up = sign_in_up
    return original_implementation


def override_thirdparty_apis(original_implementation: APIInterface) -> APIInterface:
    original_sign_in_up_post = original_implementation.sign_in_up_post
    original_authorisation_url_get = original_implementation.authorisation_url_get

    async def authorisation_url_get(
        provider: Provider,
        redirect_uri_on_provider_dashboard: str,
        api_options: APIOptions,
        user_context: Dict[str, Any],
    ):
        if api_options.request.get_query_param("closed", "no") == "yes":
            return GeneralErrorResponse(f"{provider.id} is closed")
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
    ):
        response = await original_sign_in_up_post(
            provider,
            redirect_uri_info,
            oauth_tokens,
            session,
            should_try_linking_with_session_user,
            tenant_id,
            api_options,
            user_context,
        )
        if isinstance(response, SignInUpPostOkResult) and response.created_new_recipe_user:
            api_options.response.set_header("x-welcome", response.user.third_party[0].id)
        return response

    original_implementation.authorisation_url_get = authorisation_url_get
    original_implementation.sign_in_up_post = sign_in_up_post
    original_implementation.disable_apple_redirect_handler_post = True
    return original_implementation


init(
    app_info=InputAppInfo(
        app_name="Providers", api_domain="http://localhost:8000", website_domain="http://localhost:3000"
    ),
    supertokens_config=SupertokensConfig(connection_uri=os.environ["SUPERTOKENS_CONNECTION_URI"]),
    framework="fastapi",
    recipe_list=[
        thirdparty.init(
            sign_in_and_up_feature=thirdparty.SignInAndUpFeature(
                providers=[
                    thirdparty.ProviderInput(
                        config=thirdparty.ProviderConfig(
                            third_party_id="corp",
                            name="Corp",
                            clients=[
                                thirdparty.ProviderClientConfig(
                                    client_id="web", client_secret="web-secret", scope=["openid", "email"]
                                )
                            ],
                            oidc_discovery_endpoint=os.environ.get("OPENID_ISSUER", "http://localhost:4000"),
                        )
                    )
                ]
            ),
            override=ThirdPartyOverrideConfig(functions=override_thirdparty_functions, apis=override_thirdparty_apis),
        ),
        session.init(),
        usermetadata.init(),
    ],
    mode="asgi",
)

app = FastAPI()
app.add_middleware(get_middleware())


@app.get("/provider-data")
async def provider_data(session: SessionContainer = Depends(verify_session())):
    return (await get_user_metadata(session.get_user_id())).metadata

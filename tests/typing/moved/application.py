"""An application, as documents of the reference configure one."""

import os
import re
from typing import Any, Dict, List, Optional, Union

from fastapi import Depends, FastAPI

from authweave import InputAppInfo, SupertokensConfig, init
from authweave.framework import BaseRequest
from authweave.framework.fastapi import get_middleware
from authweave.recipe import (
    emailpassword,
    emailverification,
    session,
    thirdparty,
    usermetadata,
    userroles,
)
from authweave.recipe.emailpassword import InputFormField, InputSignUpFeature
from authweave.recipe.emailpassword.interfaces import (
    APIInterface,
    APIOptions,
    SignUpPostOkResult,
)
from authweave.recipe.emailpassword.interfaces import (
    RecipeInterface as EmailPasswordFunctions,
)
from authweave.recipe.emailpassword.types import FormField
from authweave.recipe.emailverification import EmailVerificationClaim
from authweave.recipe.session import SessionContainer
from authweave.recipe.session.framework.fastapi import verify_session
from authweave.recipe.session.interfaces import RecipeInterface as SessionFunctions
from authweave.recipe.session.interfaces import SessionClaimValidator
from authweave.recipe.thirdparty.interfaces import (
    RecipeInterface as ThirdPartyFunctions,
)
from authweave.recipe.thirdparty.interfaces import SignInUpOkResult
from authweave.recipe.thirdparty.provider import (
    Provider,
    ProviderConfigForClient,
    UserFields,
    UserInfoMap,
)
from authweave.recipe.thirdparty.types import RawUserInfoFromProvider, UserInfo
from authweave.recipe.userroles import UserRoleClaim
from authweave.types import GeneralErrorResponse, RecipeUserId


async def validate_age(value: Any, tenant_id: str) -> Optional[str]:
    if int(value) < 18:
        return "You have to be of age"
    return None


async def validate_name(value: str, tenant_id: str) -> Union[str, None]:
    return None if re.match("[a-z]+", value) else "Letters only"


def override_emailpassword_functions(original_implementation: EmailPasswordFunctions):
    original_sign_up = original_implementation.sign_up

    async def sign_up(
        email: str,
        password: str,
        tenant_id: str,
        session: Union[SessionContainer, None],
        should_try_linking_with_session_user: Union[bool, None],
        user_context: Dict[str, Any],
    ):
        result = await original_sign_up(
            email, password, tenant_id, session, should_try_linking_with_session_user, user_context
        )
        user_context["isSignUp"] = True
        return result

    original_implementation.sign_up = sign_up
    return original_implementation


def override_emailpassword_apis(original_implementation: APIInterface):
    original_sign_up_post = original_implementation.sign_up_post

    async def sign_up_post(
        form_fields: List[FormField],
        tenant_id: str,
        session: Optional[SessionContainer],
        should_try_linking_with_session_user: Optional[bool],
        api_options: APIOptions,
        user_context: Dict[str, Any],
    ):
        for field in form_fields:
            if field.id == "email" and field.value.endswith("@example.org"):
                return GeneralErrorResponse("Not from there")
        response = await original_sign_up_post(
            form_fields, tenant_id, session, should_try_linking_with_session_user, api_options, user_context
        )
        if isinstance(response, SignUpPostOkResult):
            request: BaseRequest = api_options.request
            user_context["language"] = request.get_header("accept-language")
            await api_options.recipe_implementation.sign_in(
                response.user.emails[0], "secret12", tenant_id, None, None, user_context
            )
            await response.session.merge_into_access_token_payload({"new": True}, user_context)
        return response

    original_implementation.sign_up_post = sign_up_post
    return original_implementation


def override_thirdparty_functions(original_implementation: ThirdPartyFunctions) -> ThirdPartyFunctions:
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
            access_token: str = result.oauth_tokens["access_token"]
            if result.raw_user_info_from_provider.from_user_info_api is not None:
                print(result.raw_user_info_from_provider.from_user_info_api["first_name"], access_token)
        return result

    original_implementation.sign_in_up = sign_in_up
    return original_implementation


def override_google(original_implementation: Provider) -> Provider:
    original_get_user_info = original_implementation.get_user_info
    original_get_authorisation_redirect_url = original_implementation.get_authorisation_redirect_url
    original_exchange = original_implementation.exchange_auth_code_for_oauth_tokens

    async def get_user_info(oauth_tokens: Dict[str, Any], user_context: Dict[str, Any]) -> UserInfo:
        user_context["tokens"] = oauth_tokens["access_token"]
        return await original_get_user_info(oauth_tokens, user_context)

    async def get_authorisation_redirect_url(redirect_uri_on_provider_dashboard: str, user_context: Dict[str, Any]):
        result = await original_get_authorisation_redirect_url(redirect_uri_on_provider_dashboard, user_context)
        return result

    async def exchange_auth_code_for_oauth_tokens(
        redirect_uri_info: Any, user_context: Dict[str, Any]
    ) -> Dict[str, Any]:
        return await original_exchange(redirect_uri_info, user_context)

    original_implementation.get_user_info = get_user_info
    original_implementation.get_authorisation_redirect_url = get_authorisation_redirect_url
    original_implementation.exchange_auth_code_for_oauth_tokens = exchange_auth_code_for_oauth_tokens
    return original_implementation


async def validate_id_token_payload(
    payload: Dict[str, Any], config: ProviderConfigForClient, user_context: Dict[str, Any]
) -> None:
    if payload["hd"] != "example.com":
        raise Exception("Not one of ours")


async def generate_fake_email(tenant_id: str, user_id: str, user_context: Dict[str, Any]) -> str:
    return user_id + "@example.com"


async def may_redirect(uri: str, request: BaseRequest, user_context: Dict[str, Any]) -> bool:
    return uri.startswith("https://example.com")


def get_token_transfer_method(request: BaseRequest, for_create_new_session: bool, user_context: Dict[str, Any]) -> Any:
    return "header" if request.get_header("x-client") == "app" else "any"


def override_session_functions(original_implementation: SessionFunctions) -> SessionFunctions:
    original_refresh_session = original_implementation.refresh_session

    async def refresh_session(
        refresh_token: str, anti_csrf_token: Optional[str], disable_anti_csrf: bool, user_context: Dict[str, Any]
    ) -> SessionContainer:
        refreshed = await original_refresh_session(refresh_token, anti_csrf_token, disable_anti_csrf, user_context)
        payload = refreshed.get_access_token_payload(user_context)
        await refreshed.merge_into_access_token_payload({"seen": payload.get("seen", 0)}, user_context)
        return refreshed

    original_implementation.refresh_session = refresh_session
    return original_implementation


providers: List[thirdparty.ProviderInput] = [
    thirdparty.ProviderInput(
        config=thirdparty.ProviderConfig(
            third_party_id="google",
            clients=[
                thirdparty.ProviderClientConfig(
                    client_id="id", client_secret="secret", scope=["a", "b"], additional_config={"team": "x"}
                ),
            ],
            authorization_endpoint_query_params={"response_type": "token", "grant_type": None},
            validate_id_token_payload=validate_id_token_payload,
            generate_fake_email=generate_fake_email,
            user_info_map=UserInfoMap(
                from_id_token_payload=UserFields(user_id="id", email="email", email_verified="verified"),
                from_user_info_api=UserFields(),
            ),
        ),
        override=override_google,
    ),
    thirdparty.ProviderInput(
        config=thirdparty.ProviderConfig(
            third_party_id="custom",
            oidc_discovery_endpoint="https://issuer.example.com",
            clients=[thirdparty.ProviderClientConfig(client_id="id")], require_email=False
        )
    ),
]

init(
    app_info=InputAppInfo(
        app_name="Example",
        api_domain="https://api.example.com",
        website_domain="https://example.com",
        api_base_path="/auth",
        website_base_path="/auth",
    ),
    supertokens_config=SupertokensConfig(connection_uri=os.environ.get("CONNECTION_URI", "sqlite://")),
    framework="fastapi",
    recipe_list=[
        emailpassword.init(
            sign_up_feature=InputSignUpFeature(
                form_fields=[
                    InputFormField(id="age", validate=validate_age),
                    InputFormField(id="name", validate=validate_name, optional=True),
                    InputFormField("country"),
                ]
            ),
            override=emailpassword.InputOverrideConfig(
                functions=override_emailpassword_functions, apis=override_emailpassword_apis
            ),
        ),
        emailverification.init(mode="REQUIRED"),
        thirdparty.init(
            sign_in_and_up_feature=thirdparty.SignInAndUpFeature(providers=providers),
            override=thirdparty.InputOverrideConfig(functions=override_thirdparty_functions),
            is_valid_frontend_redirect_uri=may_redirect,
        ),
        session.init(
            cookie_domain=".example.com",
            anti_csrf="VIA_TOKEN",
            get_token_transfer_method=get_token_transfer_method,
            override=session.InputOverrideConfig(functions=override_session_functions),
        ),
        usermetadata.init(),
        userroles.init(),
    ],
)

app = FastAPI()
app.add_middleware(get_middleware())


async def without_verification(
    global_validators: List[SessionClaimValidator], session: SessionContainer, user_context: Dict[str, Any]
) -> List[SessionClaimValidator]:
    return [validator for validator in global_validators if validator.id != EmailVerificationClaim.key]


def with_admin(
    global_validators: List[SessionClaimValidator], session: SessionContainer, user_context: Dict[str, Any]
) -> List[SessionClaimValidator]:
    user_context["admin"] = True
    return global_validators + [UserRoleClaim.validators.includes("admin")]


@app.post("/a")
async def a(session: SessionContainer = Depends(verify_session(override_global_claim_validators=with_admin))):
    return {"userId": session.get_user_id()}


@app.post("/b")
async def b(
    session: SessionContainer = Depends(
        verify_session(override_global_claim_validators=lambda global_validators, session, user_context: [])
    ),
):
    return session.get_access_token_payload()


@app.post("/c")
async def c(
    session: Optional[SessionContainer] = Depends(
        verify_session(
            session_required=False,
            check_database=True,
            override_global_claim_validators=lambda global_validators, session, user_context: (
                global_validators + [UserRoleClaim.validators.includes("admin")]
            ),
        )
    ),
):
    if session is None:
        return {}
    recipe_user_id: RecipeUserId = session.get_recipe_user_id()
    return {"id": recipe_user_id.get_as_string()}


@app.post("/d")
async def d(
    session: SessionContainer = Depends(verify_session(override_global_claim_validators=without_verification)),
):
    await session.revoke_session({"reason": "asked"})

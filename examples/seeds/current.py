"""
The current document's Python program: its two listings, in one application.

Changed are the import lines (two classes are called RecipeInterface); restored is the indentation that the document
lost, with the lines that went with it; filled in is what it elides ("...", the provider and, below it, the application
that FastAPI serves); mended is one line: the document reads user_context["isSignUp"] by index, which is a KeyError on
every sign-in.

The provider is any OpenID issuer, AUTHWEAVE_ISSUER, that knows the client "web".

    uvicorn --app-dir examples/seeds current:app
"""

from authweave import init, InputAppInfo
from authweave.recipe import thirdparty, emailpassword
from authweave.recipe.thirdparty.interfaces import (
    RecipeInterface as ThirdPartyInterface,
    SignInUpOkResult,
)
from authweave.recipe.emailpassword.interfaces import APIOptions, APIInterface
from authweave.recipe.emailpassword.types import FormField
from authweave.recipe.thirdparty.types import RawUserInfoFromProvider
from authweave.recipe.session.interfaces import (
    GetSessionTokensDangerouslyDict,
    RecipeInterface,
    SessionClaim,
    SessionClaimValidator,
    SessionContainer,
)
from authweave.recipe.session.recipe_implementation import RecipeImplementation
from typing import Dict, Any, Union, List, TypeVar, Optional
from authweave.recipe import session
from authweave.framework import BaseRequest
from authweave.recipe.session.utils import TokenTransferMethod
from authweave.types import RecipeUserId

from fastapi import Depends, FastAPI
from authweave.framework.fastapi import get_middleware
from authweave.recipe.session.framework.fastapi import verify_session
import os

_T = TypeVar("_T")


def override_emailpassword_apis(original_implementation: APIInterface):
    original_sign_up_post = original_implementation.sign_up_post

    async def sign_up_post(
        form_fields: List[FormField],
        tenant_id: str,
        session: Union[SessionContainer, None],
        should_try_linking_with_session_user: Union[bool, None],
        api_options: APIOptions,
        user_context: Dict[str, Any],
    ):
        # by default, the userContext Dict is {},
        # we change it to {isSignUp: true}, since this is one of the
        # sign up API, and this will tell the create_new_session function
        # (being called inside original_emailpassword_sign_up_post)
        # to not create a new session in case userContext["isSignUp"] is True
        user_context["isSignUp"] = True
        return await original_sign_up_post(
            form_fields,
            tenant_id,
            session,
            should_try_linking_with_session_user,
            api_options,
            user_context,
        )

    original_implementation.sign_up_post = sign_up_post
    return original_implementation


def override_thirdparty_functions(original_implementation: ThirdPartyInterface):
    original_thirdparty_sign_in_up = original_implementation.sign_in_up

    async def thirdparty_sign_in_up(
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
        response = await original_thirdparty_sign_in_up(
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
        # This is called during the sign_in_up API for third party login,
        # but before calling the create_new_session function.
        # At the start of the API, we do not know if it will result in a
        # sign in or a sign up, so we cannot override the API function.
        # Instead, we override the recipe function as shown here,
        # and then set the relevant context only if it's a new user.
        if (
            isinstance(response, SignInUpOkResult)
            and response.created_new_recipe_user
            and len(response.user.login_methods) == 1
            and session is None
        ):
            user_context["isSignUp"] = True
        return response

    original_implementation.sign_in_up = thirdparty_sign_in_up
    return original_implementation


def override_session_functions(original_implementation: RecipeInterface):
    original_create_new_session = original_implementation.create_new_session

    async def create_new_session(
        user_id: str,
        recipe_user_id: RecipeUserId,
        access_token_payload: Optional[Dict[str, Any]],
        session_data_in_database: Optional[Dict[str, Any]],
        disable_anti_csrf: Optional[bool],
        tenant_id: str,
        user_context: Dict[str, Any],
    ):
        if user_context.get("isSignUp") is True:
            # The execution will come here only in case
            # a sign up API is calling this function. This is because
            # only then will the user_context["isSignUp"] === true
            # (see above code).
            return EmptySession(original_implementation)
        return await original_create_new_session(
            user_id,
            recipe_user_id,
            access_token_payload,
            session_data_in_database,
            disable_anti_csrf,
            tenant_id,
            user_context,
        )

    original_implementation.create_new_session = create_new_session
    return original_implementation


init(
    app_info=InputAppInfo(
        api_domain="http://localhost:8000", app_name="Current", website_domain="http://localhost:3000"
    ),
    framework="fastapi",
    recipe_list=[
        emailpassword.init(
            override=emailpassword.InputOverrideConfig(apis=override_emailpassword_apis),
        ),
        thirdparty.init(
            sign_in_and_up_feature=thirdparty.SignInAndUpFeature(
                providers=[
                    thirdparty.ProviderInput(
                        config=thirdparty.ProviderConfig(
                            third_party_id="local",
                            oidc_discovery_endpoint=os.environ.get("AUTHWEAVE_ISSUER", "http://localhost:4000"),
                            clients=[thirdparty.ProviderClientConfig(client_id="web", client_secret="web-secret")],
                        ),
                    ),
                ],
            ),
            override=thirdparty.InputOverrideConfig(functions=override_thirdparty_functions),
        ),
        session.init(
            override=session.InputOverrideConfig(functions=override_session_functions),
        ),
    ],
    storage=os.environ.get("AUTHWEAVE_STORAGE", "sqlite:///current.db"),
)


class EmptySession(session.SessionContainer):
    def __init__(self, recipe_implementation: RecipeInterface):
        assert isinstance(recipe_implementation, RecipeImplementation)
        super().__init__(
            recipe_implementation,
            recipe_implementation.config,
            "",
            "",
            None,
            "",
            "",
            "",
            RecipeUserId(""),
            {},
            None,
            False,
            "",
        )

    async def revoke_session(self, user_context: Union[Any, None] = None) -> None:
        pass

    async def get_session_data_from_database(
        self, user_context: Union[Dict[str, Any], None] = None
    ) -> Dict[str, Any]:
        return {}

    async def update_session_data_in_database(
        self,
        new_session_data: Dict[str, Any],
        user_context: Union[Dict[str, Any], None] = None,
    ) -> None:
        pass

    def get_user_id(self, user_context: Union[Dict[str, Any], None] = None) -> str:
        return ""

    def get_recipe_user_id(
        self, user_context: Union[Dict[str, Any], None] = None
    ) -> RecipeUserId:
        return RecipeUserId("")

    def get_access_token_payload(
        self, user_context: Union[Dict[str, Any], None] = None
    ) -> Dict[str, Any]:
        return {}

    def get_handle(self, user_context: Union[Dict[str, Any], None] = None) -> str:
        return ""

    def get_access_token(self, user_context: Union[Dict[str, Any], None] = None) -> str:
        return ""

    async def get_time_created(
        self, user_context: Union[Dict[str, Any], None] = None
    ) -> int:
        return -1

    async def get_expiry(self, user_context: Union[Dict[str, Any], None] = None) -> int:
        return -1

    async def attach_to_request_response(
        self,
        request: BaseRequest,
        transfer_method: TokenTransferMethod,
        user_context: Union[Dict[str, Any], None] = None,
    ):
        pass

    async def assert_claims(
        self,
        claim_validators: List[SessionClaimValidator],
        user_context: Union[Dict[str, Any], None] = None,
    ) -> None:
        pass

    async def fetch_and_set_claim(
        self, claim: SessionClaim[Any], user_context: Union[Dict[str, Any], None] = None
    ) -> None:
        pass

    async def set_claim_value(
        self,
        claim: SessionClaim[_T],
        value: _T,
        user_context: Union[Dict[str, Any], None] = None,
    ) -> None:
        pass

    async def get_claim_value(
        self, claim: SessionClaim[_T], user_context: Union[Dict[str, Any], None] = None
    ) -> Union[_T, None]:
        pass

    async def remove_claim(
        self,
        claim: SessionClaim[Any],
        user_context: Union[Dict[str, Any], None] = None,
    ) -> None:
        pass

    async def merge_into_access_token_payload(
        self,
        access_token_payload_update: Dict[str, Any],
        user_context: Union[Dict[str, Any], None] = None,
    ) -> None:
        pass

    def get_all_session_tokens_dangerously(self) -> GetSessionTokensDangerouslyDict:
        return {
            "accessAndFrontTokenUpdated": False,
            "accessToken": "",
            "antiCsrfToken": None,
            "frontToken": "",
            "refreshToken": None,
        }

    def get_tenant_id(self, user_context: Union[Dict[str, Any], None] = None) -> str:
        return ""


# What the document leaves to the reader: the application.

app = FastAPI()
app.add_middleware(get_middleware())


@app.get("/health")
async def health():
    return {"status": "OK"}


@app.get("/me")
async def me(session: SessionContainer = Depends(verify_session())):
    return {"userId": session.get_user_id()}


@app.get("/me/now")
async def me_now(session: SessionContainer = Depends(verify_session(check_database=True))):
    return {"userId": session.get_user_id()}

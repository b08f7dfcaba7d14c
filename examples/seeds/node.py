"""
The current document's Node program, in Python.

It overrides the functions instead of the API: the result tells whether this was the user's first login method, and the
session whether somebody was signed in already. In Node an object of nineteen lambdas stands for "no session"; here it
is the ready-made one. (current.py shows the document's own class.) The provider is any OpenID issuer, AUTHWEAVE_ISSUER,
that knows the client "web".

    uvicorn --app-dir examples/seeds node:app
"""

import os
from typing import Any, Dict, Optional

from fastapi import Depends, FastAPI

from authweave import InputAppInfo, init
from authweave.framework.fastapi import get_middleware
from authweave.recipe import emailpassword, session, thirdparty
from authweave.recipe.emailpassword.interfaces import RecipeInterface as EmailPasswordInterface
from authweave.recipe.emailpassword.interfaces import SignUpOkResult
from authweave.recipe.session.framework.fastapi import verify_session
from authweave.recipe.session.interfaces import RecipeInterface, SessionContainer
from authweave.recipe.thirdparty.interfaces import RecipeInterface as ThirdPartyInterface
from authweave.recipe.thirdparty.interfaces import SignInUpOkResult
from authweave.recipe.thirdparty.types import RawUserInfoFromProvider
from authweave.types import RecipeUserId


def override_emailpassword_functions(original_implementation: EmailPasswordInterface):
    original_sign_up = original_implementation.sign_up

    async def sign_up(
        email: str,
        password: str,
        tenant_id: str,
        session: Optional[SessionContainer],
        should_try_linking_with_session_user: Optional[bool],
        user_context: Dict[str, Any],
    ):
        response = await original_sign_up(
            email,
            password,
            tenant_id,
            session,
            should_try_linking_with_session_user,
            user_context,
        )
        if isinstance(response, SignUpOkResult) and len(response.user.login_methods) == 1 and session is None:
            # This is called during the sign up API for email password login,
            # but before calling the create_new_session function.
            # We override the recipe function as shown here,
            # and then set the relevant context only if it's a new user.
            user_context["isSignUp"] = True
        return response

    original_implementation.sign_up = sign_up
    return original_implementation


def override_thirdparty_functions(original_implementation: ThirdPartyInterface):
    original_sign_in_up = original_implementation.sign_in_up

    async def sign_in_up(
        third_party_id: str,
        third_party_user_id: str,
        email: str,
        is_verified: bool,
        oauth_tokens: Dict[str, Any],
        raw_user_info_from_provider: RawUserInfoFromProvider,
        session: Optional[SessionContainer],
        should_try_linking_with_session_user: Optional[bool],
        tenant_id: str,
        user_context: Dict[str, Any],
    ):
        response = await original_sign_in_up(
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
        if (
            isinstance(response, SignInUpOkResult)
            and response.created_new_recipe_user
            and len(response.user.login_methods) == 1
            and session is None
        ):
            # This is called during the signInUp API for third party login,
            # but before calling the create_new_session function.
            # At the start of the API, we do not know if it will result in a
            # sign in or a sign up, so we cannot override the API function.
            # Instead, we override the recipe function as shown here,
            # and then set the relevant context only if it's a new user.
            user_context["isSignUp"] = True
        return response

    original_implementation.sign_in_up = sign_in_up
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
        if user_context.get("isSignUp"):
            # The execution will come here only in case
            # a sign up API is calling this function. This is because
            # only then will the user_context["isSignUp"] is True
            # (see above code).
            return session.EmptySession()
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
    app_info=InputAppInfo(api_domain="http://localhost:8000", app_name="Node", website_domain="http://localhost:3000"),
    framework="fastapi",
    recipe_list=[
        emailpassword.init(
            override=emailpassword.InputOverrideConfig(functions=override_emailpassword_functions),
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
    storage=os.environ.get("AUTHWEAVE_STORAGE", "sqlite:///node.db"),
)

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

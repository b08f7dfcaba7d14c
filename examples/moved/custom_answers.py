"""Answers of one's own: another status and JSON after a sign-up, a header and a cookie after a sign-in."""

import os
from typing import Any, Dict, List, Union

from fastapi import FastAPI
from supertokens_python import InputAppInfo, SupertokensConfig, init
from supertokens_python.framework.fastapi import get_middleware
from supertokens_python.recipe import emailpassword, session
from supertokens_python.recipe.emailpassword import EmailPasswordOverrideConfig
from supertokens_python.recipe.emailpassword.interfaces import (
    APIInterface,
    APIOptions,
    EmailAlreadyExistsError,
    SignInPostOkResult,
    SignUpPostOkResult,
)
from supertokens_python.recipe.emailpassword.types import FormField
from supertokens_python.recipe.session.interfaces import SessionContainer


def override_emailpassword_apis(original_implementation: APIInterface):
    original_sign_up_post = original_implementation.sign_up_post
    original_sign_in_post = original_implementation.sign_in_post

    async def sign_up_post(
        form_fields: List[FormField],
        tenant_id: str,
        session: Union[SessionContainer, None],
        should_try_linking_with_session_user: Union[bool, None],
        api_options: APIOptions,
        user_context: Dict[str, Any],
    ):
        result = await original_sign_up_post(
            form_fields, tenant_id, session, should_try_linking_with_session_user, api_options, user_context
        )
        if isinstance(result, SignUpPostOkResult):
            api_options.response.set_status_code(201)
            api_options.response.set_json_content(
                {"status": "OK", "user": result.user.to_json(), "handle": result.session.get_handle()}
            )
        elif isinstance(result, EmailAlreadyExistsError):
            api_options.response.set_status_code(409)
            api_options.response.set_json_content({"message": "You are here already", "was": result.status})
        return result

    async def sign_in_post(
        form_fields: List[FormField],
        tenant_id: str,
        session: Union[SessionContainer, None],
        should_try_linking_with_session_user: Union[bool, None],
        api_options: APIOptions,
        user_context: Dict[str, Any],
    ):
        result = await original_sign_in_post(
            form_fields, tenant_id, session, should_try_linking_with_session_user, api_options, user_context
        )
        if isinstance(result, SignInPostOkResult):
            api_options.response.set_header("x-shard", "eu-1")
            api_options.response.set_cookie("seen", "yes", expires=4102444800000, httponly=True)
        return result

    original_implementation.sign_up_post = sign_up_post
    original_implementation.sign_in_post = sign_in_post
    return original_implementation


init(
    app_info=InputAppInfo(
        app_name="Answers", api_domain="http://localhost:8000", website_domain="http://localhost:3000"
    ),
    supertokens_config=SupertokensConfig(connection_uri=os.environ["SUPERTOKENS_CONNECTION_URI"]),
    framework="fastapi",
    recipe_list=[
        emailpassword.init(override=EmailPasswordOverrideConfig(apis=override_emailpassword_apis)),
        session.init(),
    ],
    mode="asgi",
)

app = FastAPI()
app.add_middleware(get_middleware())

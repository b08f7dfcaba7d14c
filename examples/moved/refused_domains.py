"""GeneralErrorResponse: addresses of other companies are turned away before the sign-up, and one user by name."""

import os
from typing import Any, Dict, List, Union

from fastapi import FastAPI
from supertokens_python import InputAppInfo, SupertokensConfig, init
from supertokens_python.framework.fastapi import get_middleware
from supertokens_python.recipe import emailpassword, session
from supertokens_python.recipe.emailpassword.interfaces import APIInterface, APIOptions
from supertokens_python.recipe.emailpassword.types import FormField
from supertokens_python.recipe.session.interfaces import SessionContainer
from supertokens_python.types import GeneralErrorResponse


def value_of(form_fields: List[FormField], name: str) -> str:
    for field in form_fields:
        if field.id == name:
            return field.value
    raise Exception(f"the form has no {name}")


def override_apis(original_implementation: APIInterface) -> APIInterface:
    original_sign_up_post = original_implementation.sign_up_post
    original_email_exists_get = original_implementation.email_exists_get

    async def sign_up_post(
        form_fields: List[FormField],
        tenant_id: str,
        session: Union[SessionContainer, None],
        should_try_linking_with_session_user: Union[bool, None],
        api_options: APIOptions,
        user_context: Dict[str, Any],
    ):
        if not value_of(form_fields, "email").endswith("@example.com"):
            return GeneralErrorResponse("Use the address of your company")
        return await original_sign_up_post(
            form_fields, tenant_id, session, should_try_linking_with_session_user, api_options, user_context
        )

    async def email_exists_get(email: str, tenant_id: str, api_options: APIOptions, user_context: Dict[str, Any]):
        if api_options.request.get_header("x-captcha") != "solved":
            return GeneralErrorResponse(message=f"Solve the captcha of {api_options.recipe_id} first")
        return await original_email_exists_get(email, tenant_id, api_options, user_context)

    original_implementation.sign_up_post = sign_up_post
    original_implementation.email_exists_get = email_exists_get
    return original_implementation


init(
    app_info=InputAppInfo(
        app_name="Company", api_domain="http://localhost:8000", website_domain="http://localhost:3000"
    ),
    supertokens_config=SupertokensConfig(connection_uri=os.environ["SUPERTOKENS_CONNECTION_URI"]),
    framework="fastapi",
    recipe_list=[
        emailpassword.init(override=emailpassword.InputOverrideConfig(apis=override_apis)),
        session.init(),
    ],
    mode="asgi",
)

app = FastAPI()
app.add_middleware(get_middleware())

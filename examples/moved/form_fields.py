"""Fields of one's own in the sign-up form, with validators; what they say is kept as metadata."""

import os
from typing import Any, Dict, List, Union

from fastapi import Depends, FastAPI
from supertokens_python import InputAppInfo, SupertokensConfig, init
from supertokens_python.framework.fastapi import get_middleware
from supertokens_python.recipe import emailpassword, session, usermetadata
from supertokens_python.recipe.emailpassword import InputFormField
from supertokens_python.recipe.emailpassword.interfaces import APIInterface, APIOptions, SignUpPostOkResult
from supertokens_python.recipe.emailpassword.types import FormField
from supertokens_python.recipe.session.framework.fastapi import verify_session
from supertokens_python.recipe.session.interfaces import SessionContainer
from supertokens_python.recipe.usermetadata.asyncio import get_user_metadata, update_user_metadata


async def validate_age(value: str, tenant_id: str) -> Union[str, None]:
    if not value.isdigit() or int(value) < 18:
        return "Come back when you are 18"
    return None


async def validate_password(value: str, tenant_id: str) -> Union[str, None]:
    return None if len(value) >= 12 else "Twelve characters at least"


def override_apis(original_implementation: APIInterface):
    original_sign_up_post = original_implementation.sign_up_post

    async def sign_up_post(
        form_fields: List[FormField],
        tenant_id: str,
        session: Union[SessionContainer, None],
        should_try_linking_with_session_user: Union[bool, None],
        api_options: APIOptions,
        user_context: Dict[str, Any],
    ):
        response = await original_sign_up_post(
            form_fields, tenant_id, session, should_try_linking_with_session_user, api_options, user_context
        )
        if isinstance(response, SignUpPostOkResult):
            own = {field.id: field.value for field in form_fields if field.id not in ("email", "password")}
            await update_user_metadata(response.user.id, own, user_context)
        return response

    original_implementation.sign_up_post = sign_up_post
    return original_implementation


init(
    app_info=InputAppInfo(app_name="Form", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
    supertokens_config=SupertokensConfig(connection_uri=os.environ["SUPERTOKENS_CONNECTION_URI"]),
    framework="fastapi",
    recipe_list=[
        emailpassword.init(
            sign_up_feature=emailpassword.InputSignUpFeature(
                form_fields=[
                    InputFormField(id="name"),
                    InputFormField(id="age", validate=validate_age),
                    InputFormField(id="country", optional=True),
                    InputFormField(id="password", validate=validate_password),
                ]
            ),
            override=emailpassword.InputOverrideConfig(apis=override_apis),
        ),
        session.init(),
        usermetadata.init(),
    ],
    mode="asgi",
)

app = FastAPI()
app.add_middleware(get_middleware())


@app.get("/profile")
async def profile(session: SessionContainer = Depends(verify_session())):
    return (await get_user_metadata(session.get_user_id())).metadata

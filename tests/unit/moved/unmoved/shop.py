"""A program in the manner of SuperTokens' documents, of which nothing is left to a person."""

import os
from typing import Any, Dict, Union

import supertokens_python
from fastapi import Depends, FastAPI
from supertokens_python import InputAppInfo, SupertokensConfig
from supertokens_python.framework.fastapi import get_middleware
from supertokens_python.recipe import emailpassword, session
from supertokens_python.recipe.emailpassword.interfaces import RecipeInterface, SignInOkResult
from supertokens_python.recipe.session import SessionContainer
from supertokens_python.recipe.session.framework.fastapi import verify_session


def override_emailpassword_functions(original_implementation: RecipeInterface) -> RecipeInterface:
    original_sign_in = original_implementation.sign_in

    async def sign_in(
        email: str,
        password: str,
        tenant_id: str,
        session: Union[SessionContainer, None],
        should_try_linking_with_session_user: Union[bool, None],
        user_context: Dict[str, Any],
    ):
        result = await original_sign_in(
            email, password, tenant_id, session, should_try_linking_with_session_user, user_context
        )
        if isinstance(result, SignInOkResult):
            print(result.user.id, result.recipe_user_id.get_as_string())
        return result

    original_implementation.sign_in = sign_in
    return original_implementation


supertokens_python.init(
    app_info=InputAppInfo(
        app_name="Shop", api_domain="http://localhost:8000", website_domain="http://localhost:3000"
    ),
    supertokens_config=SupertokensConfig(connection_uri=os.environ["CONNECTION_URI"]),
    framework="fastapi",
    recipe_list=[
        session.init(),
        emailpassword.init(override=emailpassword.InputOverrideConfig(functions=override_emailpassword_functions)),
    ],
    mode="asgi",
)

app = FastAPI()
app.add_middleware(get_middleware())


@app.get("/me")
async def me(session: SessionContainer = Depends(verify_session())):
    return {"userId": session.get_user_id(), "handle": session.get_handle()}

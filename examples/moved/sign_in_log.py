"""Overrides of functions: every sign-up and sign-in by password is written down, with how it ended."""

import os
from typing import Any, Dict, List, Union

from fastapi import FastAPI
from supertokens_python import InputAppInfo, SupertokensConfig, init
from supertokens_python.framework.fastapi import get_middleware
from supertokens_python.recipe import emailpassword, session
from supertokens_python.recipe.emailpassword.interfaces import (
    EmailAlreadyExistsError,
    RecipeInterface,
    SignInOkResult,
    SignUpOkResult,
    WrongCredentialsError,
)
from supertokens_python.recipe.session.interfaces import SessionContainer

log: List[str] = []


def override_emailpassword_functions(original_implementation: RecipeInterface) -> RecipeInterface:
    original_sign_up = original_implementation.sign_up
    original_sign_in = original_implementation.sign_in

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
        if isinstance(result, SignUpOkResult):
            log.append(f"new: {result.user.emails[0]} in {tenant_id}")
        elif isinstance(result, EmailAlreadyExistsError):
            log.append(f"taken: {email}")
        return result

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
            log.append(f"in: {result.user.id == result.recipe_user_id.get_as_string()}")
        elif isinstance(result, WrongCredentialsError):
            log.append(f"{result.status}: {email}")
        return result

    original_implementation.sign_up = sign_up
    original_implementation.sign_in = sign_in
    return original_implementation


init(
    app_info=InputAppInfo(
        app_name="Log",
        api_domain="http://localhost:8000",
        website_domain="http://localhost:3000",
        api_base_path="/auth",
        website_base_path="/auth",
    ),
    supertokens_config=SupertokensConfig(
        connection_uri=os.environ["SUPERTOKENS_CONNECTION_URI"],
        api_key=os.environ.get("SUPERTOKENS_API_KEY"),
    ),
    framework="fastapi",
    recipe_list=[
        emailpassword.init(
            override=emailpassword.InputOverrideConfig(functions=override_emailpassword_functions),
        ),
        session.init(),
    ],
    mode="asgi",
)

app = FastAPI()
app.add_middleware(get_middleware())


@app.get("/log")
async def get_log():
    return {"log": log}

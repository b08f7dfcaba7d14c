"""Functions that reset passwords: links for the support desk, a route of one's own, and sessions that end."""

import os
from typing import Any, Dict, List

from fastapi import FastAPI
from supertokens_python import InputAppInfo, SupertokensConfig, init
from supertokens_python.asyncio import list_users_by_account_info
from supertokens_python.framework.fastapi import get_middleware
from supertokens_python.recipe import emailpassword, session
from supertokens_python.recipe.emailpassword.asyncio import (
    consume_password_reset_token,
    create_reset_password_link,
    create_reset_password_token,
    reset_password_using_token,
    update_email_or_password,
)
from supertokens_python.recipe.emailpassword.interfaces import (
    APIInterface,
    APIOptions,
    ConsumePasswordResetTokenOkResult,
    CreateResetPasswordOkResult,
    PasswordPolicyViolationError,
    PasswordResetPostOkResult,
    PasswordResetTokenInvalidError,
    UpdateEmailOrPasswordOkResult,
)
from supertokens_python.recipe.emailpassword.types import FormField
from supertokens_python.recipe.session.asyncio import revoke_all_sessions_for_user
from supertokens_python.types import AccountInfo, RecipeUserId
from supertokens_python.types.base import AccountInfoInput

ended: List[str] = []


def override_apis(original_implementation: APIInterface):
    original_password_reset_post = original_implementation.password_reset_post

    async def password_reset_post(
        form_fields: List[FormField],
        token: str,
        tenant_id: str,
        api_options: APIOptions,
        user_context: Dict[str, Any],
    ):
        response = await original_password_reset_post(form_fields, token, tenant_id, api_options, user_context)
        if isinstance(response, PasswordResetPostOkResult):
            await revoke_all_sessions_for_user(response.user.id)
            ended.append(response.email)
        return response

    original_implementation.password_reset_post = password_reset_post
    return original_implementation


init(
    app_info=InputAppInfo(app_name="Reset", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
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


async def id_of(email: str) -> str:
    users = await list_users_by_account_info("public", AccountInfoInput(email=email))
    return users[0].id


@app.post("/support/link")
async def link(email: str):
    return {"link": await create_reset_password_link("public", await id_of(email), email)}


@app.post("/support/token")
async def token(email: str):
    result = await create_reset_password_token("public", await id_of(email), email)
    if not isinstance(result, CreateResetPasswordOkResult):
        return {"status": "UNKNOWN_USER"}
    return {"token": result.token}


@app.post("/own-reset")
async def own_reset(token: str, password: str):
    result = await reset_password_using_token("public", token, password)
    if isinstance(result, UpdateEmailOrPasswordOkResult):
        return {"status": "OK"}
    if isinstance(result, PasswordPolicyViolationError):
        return {"status": "WEAK", "reason": result.failure_reason}
    if isinstance(result, PasswordResetTokenInvalidError):
        return {"status": result.status}
    return {"status": "UNKNOWN_USER"}


@app.post("/in-two-steps")
async def in_two_steps(token: str, password: str):
    consumed = await consume_password_reset_token("public", token)
    if not isinstance(consumed, ConsumePasswordResetTokenOkResult):
        return {"status": consumed.status}
    await update_email_or_password(RecipeUserId(consumed.user_id), password=password, apply_password_policy=False)
    return {"status": "OK", "email": consumed.email}


@app.get("/ended")
async def get_ended():
    return {"ended": ended, "same": AccountInfo(email="a@example.com").email}

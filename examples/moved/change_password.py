"""A user who is signed in changes the password, and then the address."""

import os

from fastapi import Depends, FastAPI
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from supertokens_python import InputAppInfo, SupertokensConfig, init
from supertokens_python.asyncio import get_user
from supertokens_python.framework.fastapi import get_middleware
from supertokens_python.recipe import emailpassword, session
from supertokens_python.recipe.emailpassword.asyncio import update_email_or_password, verify_credentials
from supertokens_python.recipe.emailpassword.interfaces import (
    EmailAlreadyExistsError,
    PasswordPolicyViolationError,
    UpdateEmailOrPasswordEmailChangeNotAllowedError,
    UpdateEmailOrPasswordOkResult,
    WrongCredentialsError,
)
from supertokens_python.recipe.session import SessionContainer
from supertokens_python.recipe.session.asyncio import revoke_all_sessions_for_user
from supertokens_python.recipe.session.framework.fastapi import verify_session

init(
    app_info=InputAppInfo(
        app_name="Change", api_domain="http://localhost:8000", website_domain="http://localhost:3000"
    ),
    supertokens_config=SupertokensConfig(connection_uri=os.environ["SUPERTOKENS_CONNECTION_URI"]),
    framework="fastapi",
    recipe_list=[emailpassword.init(), session.init()],
    mode="asgi",
)

app = FastAPI()
app.add_middleware(get_middleware())


class ChangePasswordBody(BaseModel):
    old_password: str
    new_password: str


@app.post("/change-password")
async def change_password(body: ChangePasswordBody, session: SessionContainer = Depends(verify_session())):
    user = await get_user(session.get_user_id())
    if user is None:
        raise Exception("should never come here")
    login_method = next(
        method
        for method in user.login_methods
        if method.recipe_user_id.get_as_string() == session.get_recipe_user_id().get_as_string()
        and method.recipe_id == "emailpassword"
    )
    assert login_method.email is not None
    checked = await verify_credentials("public", login_method.email, body.old_password)
    if isinstance(checked, WrongCredentialsError):
        return JSONResponse({"message": "That is not your password"}, status_code=403)
    response = await update_email_or_password(
        session.get_recipe_user_id(),
        password=body.new_password,
        tenant_id_for_password_policy=session.get_tenant_id(),
    )
    if isinstance(response, PasswordPolicyViolationError):
        return JSONResponse({"message": response.failure_reason}, status_code=400)
    await revoke_all_sessions_for_user(session.get_user_id())
    await session.revoke_session()
    return {"status": "OK"}


class ChangeEmailBody(BaseModel):
    email: str


@app.post("/change-email")
async def change_email(body: ChangeEmailBody, session: SessionContainer = Depends(verify_session())):
    response = await update_email_or_password(session.get_recipe_user_id(), email=body.email)
    if isinstance(response, UpdateEmailOrPasswordOkResult):
        user = await get_user(session.get_user_id())
        return {"emails": [] if user is None else user.emails}
    if isinstance(response, EmailAlreadyExistsError):
        return JSONResponse({"message": "taken"}, status_code=409)
    if isinstance(response, UpdateEmailOrPasswordEmailChangeNotAllowedError):
        return JSONResponse({"message": response.reason}, status_code=409)
    raise Exception("should never come here")

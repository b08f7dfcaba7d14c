"""APIs switched off: who is not invited does not sign up, and the application has its own route of that path."""

import os

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from supertokens_python import InputAppInfo, SupertokensConfig, init
from supertokens_python.framework.fastapi import get_middleware
from supertokens_python.recipe import emailpassword, session
from supertokens_python.recipe.emailpassword.asyncio import sign_up
from supertokens_python.recipe.emailpassword.interfaces import APIInterface, SignUpOkResult
from supertokens_python.recipe.session.interfaces import APIInterface as SessionAPIInterface


def without_sign_up(original_implementation: APIInterface):
    original_implementation.disable_sign_up_post = True
    original_implementation.disable_email_exists_get = True
    original_implementation.disable_generate_password_reset_token_post = True
    original_implementation.disable_password_reset_post = True
    return original_implementation


def without_sign_out(original_implementation: SessionAPIInterface):
    original_implementation.disable_signout_post = True
    return original_implementation


init(
    app_info=InputAppInfo(
        app_name="Invited", api_domain="http://localhost:8000", website_domain="http://localhost:3000"
    ),
    supertokens_config=SupertokensConfig(connection_uri=os.environ["SUPERTOKENS_CONNECTION_URI"]),
    framework="fastapi",
    recipe_list=[
        emailpassword.init(override=emailpassword.InputOverrideConfig(apis=without_sign_up)),
        session.init(override=session.InputOverrideConfig(apis=without_sign_out)),
    ],
    mode="asgi",
)

app = FastAPI()
app.add_middleware(get_middleware())


@app.post("/auth/signup")
async def by_letter():
    return JSONResponse({"message": "write us a letter"}, status_code=403)


@app.post("/invite")
async def invite(email: str):
    result = await sign_up("public", email, "correct horse 1")
    if not isinstance(result, SignUpOkResult):
        return {"status": "TAKEN"}
    return {"status": result.status, "id": result.user.id}

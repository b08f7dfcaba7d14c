"""How tokens travel: in headers to the mobile application, in cookies to browsers."""

import os
from typing import Any, Dict

from fastapi import Depends, FastAPI, Request
from starlette.middleware.cors import CORSMiddleware
from supertokens_python import InputAppInfo, SupertokensConfig, get_all_cors_headers, init
from supertokens_python.framework import BaseRequest
from supertokens_python.framework.fastapi import get_middleware
from supertokens_python.recipe import emailpassword, session
from supertokens_python.recipe.session.framework.fastapi import verify_session
from supertokens_python.recipe.session.interfaces import SessionContainer


def get_token_transfer_method(request: BaseRequest, for_create_new_session: bool, user_context: Dict[str, Any]):
    if not for_create_new_session:
        return "any"
    if request.get_header("x-client") == "mobile":
        return "header"
    return "cookie"


init(
    app_info=InputAppInfo(
        app_name="Tokens", api_domain="http://localhost:8000", website_domain="http://localhost:3000"
    ),
    supertokens_config=SupertokensConfig(connection_uri=os.environ["SUPERTOKENS_CONNECTION_URI"]),
    framework="fastapi",
    recipe_list=[
        emailpassword.init(),
        session.init(
            get_token_transfer_method=get_token_transfer_method,
            anti_csrf="VIA_TOKEN",
            cookie_same_site="lax",
            expose_access_token_to_frontend_in_cookie_based_auth=True,
        ),
    ],
    mode="asgi",
)

app = FastAPI()
app.add_middleware(get_middleware())


@app.get("/me")
async def me(request: Request, session: SessionContainer = Depends(verify_session())):
    return {"user": session.get_user_id(), "by_header": "authorization" in request.headers}


app = CORSMiddleware(  # type: ignore  # around the application, as documented
    app=app,
    allow_origins=["http://localhost:3000"],
    allow_credentials=True,
    allow_methods=["GET", "PUT", "POST", "DELETE", "OPTIONS", "PATCH"],
    allow_headers=["Content-Type"] + get_all_cors_headers(),
)

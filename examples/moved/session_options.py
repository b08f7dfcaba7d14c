"""What ``verify_session`` can be told: no session is fine too, no proof against forged requests, ask the database."""

import os
from typing import Optional

from fastapi import Depends, FastAPI
from supertokens_python import InputAppInfo, SupertokensConfig, init
from supertokens_python.framework.fastapi import get_middleware
from supertokens_python.recipe import emailpassword, session
from supertokens_python.recipe.session import SessionContainer
from supertokens_python.recipe.session.framework.fastapi import verify_session

init(
    app_info=InputAppInfo(
        app_name="Options", api_domain="http://localhost:8000", website_domain="http://localhost:3000"
    ),
    supertokens_config=SupertokensConfig(connection_uri=os.environ["SUPERTOKENS_CONNECTION_URI"]),
    framework="fastapi",
    recipe_list=[
        emailpassword.init(),
        session.init(
            cookie_secure=False,
            cookie_same_site="lax",
            session_expired_status_code=440,
            anti_csrf="VIA_TOKEN",
            cookie_domain=None,
            use_dynamic_access_token_signing_key=None,
            invalid_claim_status_code=None,
            jwks_refresh_interval_sec=None,
        ),
    ],
    mode="asgi",
)

app = FastAPI()
app.add_middleware(get_middleware())


@app.get("/maybe")
async def maybe(session: Optional[SessionContainer] = Depends(verify_session(session_required=False))):
    return {"user": None if session is None else session.get_user_id()}


@app.post("/forgeable")
async def forgeable(session: SessionContainer = Depends(verify_session(False))):
    return {"user": session.get_user_id()}


@app.post("/checked")
async def checked(session: SessionContainer = Depends(verify_session(anti_csrf_check=True))):
    return {"user": session.get_user_id()}


@app.get("/now")
async def now(session: SessionContainer = Depends(verify_session(None, True, True, None, {"why": "now"}))):
    return {"user": session.get_user_id(), "since": await session.get_time_created() < await session.get_expiry()}


@app.post("/end")
async def end(session: SessionContainer = Depends(verify_session(False))):
    await session.revoke_session()
    return {"status": "OK"}

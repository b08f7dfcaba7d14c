"""Login routes of one's own: sessions without any recipe that signs in."""

import os
from typing import Any, Dict

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from supertokens_python import InputAppInfo, RecipeUserId, SupertokensConfig, init
from supertokens_python.framework.fastapi import get_middleware
from supertokens_python.recipe import session
from supertokens_python.recipe.session.asyncio import create_new_session, get_session, refresh_session
from supertokens_python.recipe.session.exceptions import UnauthorisedError
from supertokens_python.recipe.session.interfaces import APIInterface

people = {"ada": "lovelace", "grace": "hopper"}


def without_refresh(original_implementation: APIInterface):
    original_implementation.disable_refresh_post = True
    return original_implementation


init(
    app_info=InputAppInfo(app_name="Own", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
    supertokens_config=SupertokensConfig(connection_uri=os.environ["SUPERTOKENS_CONNECTION_URI"]),
    framework="fastapi",
    recipe_list=[session.init(override=session.SessionOverrideConfig(apis=without_refresh))],
    mode="asgi",
)

app = FastAPI()
app.add_middleware(get_middleware())


@app.post("/login")
async def login(request: Request):
    body: Dict[str, Any] = await request.json()
    if people.get(body["name"]) != body["secret"]:
        return JSONResponse({"message": "no"}, status_code=403)
    session = await create_new_session(
        request, "public", RecipeUserId(body["name"]), {"door": "front"}, {"ip": "127.0.0.1"}
    )
    return {"user": session.get_user_id(), "tenant": session.get_tenant_id()}


@app.get("/who")
async def who(request: Request):
    session = await get_session(request, session_required=False)
    if session is None:
        return {"user": None}
    return {
        "user": session.get_user_id(),
        "door": session.get_access_token_payload()["door"],
        "data": await session.get_session_data_from_database(),
    }


@app.get("/strict")
async def strict(request: Request):
    session = await get_session(request)
    if session is None:
        raise Exception("should never come here")
    return {"user": session.get_user_id()}


@app.post("/auth/session/refresh")
async def refresh(request: Request):
    try:
        session = await refresh_session(request)
    except UnauthorisedError:
        return JSONResponse({"message": "nothing to refresh"}, status_code=401)
    return {"refreshed": session.get_user_id()}


@app.post("/logout")
async def logout(request: Request):
    session = await get_session(request)
    if session is not None:
        await session.revoke_session()
    return {"status": "OK"}

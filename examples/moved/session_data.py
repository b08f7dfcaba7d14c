"""What a session carries: the payload of its access token, which the frontend reads, and data that stays here."""

import os
from typing import Any, Dict, Optional

from fastapi import Depends, FastAPI
from supertokens_python import InputAppInfo, SupertokensConfig, get_request_from_user_context, init
from supertokens_python.framework.fastapi import get_middleware
from supertokens_python.recipe import emailpassword, session
from supertokens_python.recipe.session.framework.fastapi import verify_session
from supertokens_python.recipe.session.interfaces import RecipeInterface, SessionContainer
from supertokens_python.types import RecipeUserId


def override_session_functions(original_implementation: RecipeInterface):
    original_create_new_session = original_implementation.create_new_session

    async def create_new_session(
        user_id: str,
        recipe_user_id: RecipeUserId,
        access_token_payload: Optional[Dict[str, Any]],
        session_data_in_database: Optional[Dict[str, Any]],
        disable_anti_csrf: Optional[bool],
        tenant_id: str,
        user_context: Dict[str, Any],
    ):
        if session_data_in_database is None:
            session_data_in_database = {}
        if access_token_payload is None:
            access_token_payload = {}
        request = get_request_from_user_context(user_context)
        if request is not None:
            session_data_in_database["agent"] = request.get_header("user-agent")
            session_data_in_database["path"] = request.get_path()
            session_data_in_database["method"] = request.method()
        access_token_payload["hello"] = "world"
        return await original_create_new_session(
            user_id,
            recipe_user_id,
            access_token_payload,
            session_data_in_database,
            disable_anti_csrf,
            tenant_id,
            user_context,
        )

    original_implementation.create_new_session = create_new_session
    return original_implementation


init(
    app_info=InputAppInfo(app_name="Data", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
    supertokens_config=SupertokensConfig(connection_uri=os.environ["SUPERTOKENS_CONNECTION_URI"]),
    framework="fastapi",
    recipe_list=[
        emailpassword.init(),
        session.init(override=session.InputOverrideConfig(functions=override_session_functions)),
    ],
    mode="asgi",
)

app = FastAPI()
app.add_middleware(get_middleware())


@app.get("/payload")
async def payload(session: SessionContainer = Depends(verify_session())):
    found = session.get_access_token_payload()
    return {"hello": found.get("hello"), "own": sorted(key for key in found if key in ("hello", "lang"))}


@app.post("/payload")
async def change_payload(lang: Optional[str] = None, session: SessionContainer = Depends(verify_session())):
    await session.merge_into_access_token_payload({"lang": lang, "sub": None})
    return session.get_access_token_payload().get("lang", "none")


@app.get("/data")
async def data(session: SessionContainer = Depends(verify_session())):
    return await session.get_session_data_from_database()


@app.post("/data")
async def change_data(agent: str, session: SessionContainer = Depends(verify_session())):
    current = await session.get_session_data_from_database()
    await session.update_session_data_in_database({**current, "agent": agent})
    return await session.get_session_data_from_database()

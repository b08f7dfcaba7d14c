"""Overrides of the session's own APIs and functions: a sign-out that says goodbye, a refresh that counts."""

import os
from typing import Any, Dict, Optional, Set

from fastapi import Depends, FastAPI
from supertokens_python import InputAppInfo, SupertokensConfig, init
from supertokens_python.framework.fastapi import get_middleware
from supertokens_python.recipe import emailpassword, session
from supertokens_python.recipe.session.exceptions import raise_unauthorised_exception
from supertokens_python.recipe.session.framework.fastapi import verify_session
from supertokens_python.recipe.session.interfaces import (
    APIInterface,
    APIOptions,
    RecipeInterface,
    SessionContainer,
)

banned: Set[str] = set()


def override_session_apis(original_implementation: APIInterface) -> APIInterface:
    original_refresh_post = original_implementation.refresh_post
    original_signout_post = original_implementation.signout_post

    async def refresh_post(api_options: APIOptions, user_context: Dict[str, Any]):
        session = await original_refresh_post(api_options, user_context)
        count = session.get_access_token_payload().get("refreshes", 0) + 1
        await session.merge_into_access_token_payload({"refreshes": count})
        if session.get_user_id() in banned:
            await session.revoke_session()
            raise_unauthorised_exception("banned")
        return session

    async def signout_post(session: SessionContainer, api_options: APIOptions, user_context: Dict[str, Any]):
        response = await original_signout_post(session, api_options, user_context)
        assert api_options.response is not None
        api_options.response.set_header("x-goodbye", session.get_handle())
        return response

    original_implementation.refresh_post = refresh_post
    original_implementation.signout_post = signout_post
    return original_implementation


def override_session_functions(original_implementation: RecipeInterface) -> RecipeInterface:
    original_refresh_session = original_implementation.refresh_session
    original_revoke_session = original_implementation.revoke_session

    async def refresh_session(
        refresh_token: str, anti_csrf_token: Optional[str], disable_anti_csrf: bool, user_context: Dict[str, Any]
    ):
        session = await original_refresh_session(refresh_token, anti_csrf_token, disable_anti_csrf, user_context)
        user_context["refreshed"] = session.get_handle()
        return session

    async def revoke_session(session_handle: str, user_context: Dict[str, Any]):
        return await original_revoke_session(session_handle, user_context)

    original_implementation.refresh_session = refresh_session
    original_implementation.revoke_session = revoke_session
    return original_implementation


init(
    app_info=InputAppInfo(app_name="APIs", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
    supertokens_config=SupertokensConfig(connection_uri=os.environ["SUPERTOKENS_CONNECTION_URI"]),
    framework="fastapi",
    recipe_list=[
        emailpassword.init(),
        session.init(
            override=session.InputOverrideConfig(apis=override_session_apis, functions=override_session_functions)
        ),
    ],
    mode="asgi",
)

app = FastAPI()
app.add_middleware(get_middleware())


@app.get("/refreshes")
async def refreshes(session: SessionContainer = Depends(verify_session())):
    return {"refreshes": session.get_access_token_payload().get("refreshes", 0)}


@app.post("/ban")
async def ban(session: SessionContainer = Depends(verify_session())):
    banned.add(session.get_user_id())
    return {"status": "OK"}

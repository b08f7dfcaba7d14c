"""Metadata: kept with each user, with an override that adds when it was changed and how often."""

import os
from typing import Any, Dict

from fastapi import Depends, FastAPI, Request
from supertokens_python import InputAppInfo, SupertokensConfig, init
from supertokens_python.framework.fastapi import get_middleware
from supertokens_python.recipe import emailpassword, session, usermetadata
from supertokens_python.recipe.session import SessionContainer
from supertokens_python.recipe.session.framework.fastapi import verify_session
from supertokens_python.recipe.usermetadata.asyncio import (
    clear_user_metadata,
    get_user_metadata,
    update_user_metadata,
)
from supertokens_python.recipe.usermetadata.interfaces import RecipeInterface
from supertokens_python.recipe.usermetadata.utils import InputOverrideConfig


def override_functions(original_implementation: RecipeInterface):
    original_update_user_metadata = original_implementation.update_user_metadata

    async def update(user_id: str, metadata_update: Dict[str, Any], user_context: Dict[str, Any]):
        before = await original_implementation.get_user_metadata(user_id, user_context)
        changes = before.metadata.get("changes", 0) + 1
        return await original_update_user_metadata(user_id, {**metadata_update, "changes": changes}, user_context)

    original_implementation.update_user_metadata = update
    return original_implementation


init(
    app_info=InputAppInfo(
        app_name="Metadata", api_domain="http://localhost:8000", website_domain="http://localhost:3000"
    ),
    supertokens_config=SupertokensConfig(connection_uri=os.environ["SUPERTOKENS_CONNECTION_URI"]),
    framework="fastapi",
    recipe_list=[
        emailpassword.init(),
        session.init(),
        usermetadata.init(override=InputOverrideConfig(functions=override_functions)),
    ],
    mode="asgi",
)

app = FastAPI()
app.add_middleware(get_middleware())


@app.get("/profile")
async def profile(session: SessionContainer = Depends(verify_session())):
    return (await get_user_metadata(session.get_user_id())).metadata


@app.patch("/profile")
async def change_profile(request: Request, session: SessionContainer = Depends(verify_session())):
    result = await update_user_metadata(session.get_user_id(), await request.json(), {"why": "profile"})
    return result.metadata


@app.delete("/profile")
async def forget_profile(session: SessionContainer = Depends(verify_session())):
    await clear_user_metadata(session.get_user_id())
    return (await get_user_metadata(session.get_user_id())).metadata

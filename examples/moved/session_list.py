"""A page of one's own sessions: all of them, what they hold, and the ends of one, of some, of all."""

import os
from typing import List

from fastapi import Depends, FastAPI
from supertokens_python import InputAppInfo, SupertokensConfig, init
from supertokens_python.framework.fastapi import get_middleware
from supertokens_python.recipe import emailpassword, session
from supertokens_python.recipe.session import SessionContainer
from supertokens_python.recipe.session.asyncio import (
    get_all_session_handles_for_user,
    get_session_information,
    merge_into_access_token_payload,
    revoke_all_sessions_for_user,
    revoke_multiple_sessions,
    revoke_session,
    update_session_data_in_database,
)
from supertokens_python.recipe.session.framework.fastapi import verify_session

init(
    app_info=InputAppInfo(
        app_name="Sessions", api_domain="http://localhost:8000", website_domain="http://localhost:3000"
    ),
    supertokens_config=SupertokensConfig(connection_uri=os.environ["SUPERTOKENS_CONNECTION_URI"]),
    framework="fastapi",
    recipe_list=[emailpassword.init(), session.init()],
    mode="asgi",
)

app = FastAPI()
app.add_middleware(get_middleware())


@app.get("/sessions")
async def sessions(session: SessionContainer = Depends(verify_session())):
    found = []
    for handle in await get_all_session_handles_for_user(session.get_user_id()):
        information = await get_session_information(handle)
        if information is not None:
            found.append(
                {
                    "handle": information.session_handle,
                    "current": handle == session.get_handle(),
                    "mine": information.user_id == session.get_user_id()
                    and information.recipe_user_id.get_as_string() == session.get_user_id(),
                    "label": information.session_data_in_database.get("label"),
                    "colour": information.custom_claims_in_access_token_payload.get("colour"),
                    "tenant": information.tenant_id,
                    "lives": information.expiry > information.time_created,
                }
            )
    return found


@app.post("/sessions/{handle}")
async def label(handle: str, text: str, session: SessionContainer = Depends(verify_session())):
    kept = await update_session_data_in_database(handle, {"label": text})
    merged = await merge_into_access_token_payload(handle, new_access_token_payload={"colour": text})
    return {"kept": kept, "merged": merged}


@app.delete("/sessions/{handle}")
async def end(handle: str, session: SessionContainer = Depends(verify_session())):
    return {"revoked": await revoke_session(handle)}


@app.post("/revoke-some")
async def end_some(handles: List[str], session: SessionContainer = Depends(verify_session())):
    return {"revoked": await revoke_multiple_sessions(handles)}


@app.post("/revoke-all")
async def end_all(session: SessionContainer = Depends(verify_session(check_database=True))):
    revoked = await revoke_all_sessions_for_user(session.get_user_id(), False)
    return {"revoked": len(revoked), "left": await get_all_session_handles_for_user(session.get_user_id(), True)}

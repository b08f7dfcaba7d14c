"""Routes that are plain functions: the methods of a session that wait by themselves, and ``syncio``."""

import os

from fastapi import Depends, FastAPI
from supertokens_python import InputAppInfo, SupertokensConfig, init
from supertokens_python.framework.fastapi import get_middleware
from supertokens_python.recipe import emailpassword, session, usermetadata
from supertokens_python.recipe.session import SessionContainer
from supertokens_python.recipe.session.claims import BooleanClaim, PrimitiveClaim
from supertokens_python.recipe.session.framework.fastapi import verify_session
from supertokens_python.recipe.session.syncio import get_all_session_handles_for_user, get_session_information
from supertokens_python.recipe.usermetadata.syncio import get_user_metadata, update_user_metadata
from supertokens_python.syncio import get_user, get_user_count

ColourClaim = PrimitiveClaim[str]("colour", lambda *_: "red")
NewsClaim = BooleanClaim("news", lambda *_: True)

init(
    app_info=InputAppInfo(app_name="Sync", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
    supertokens_config=SupertokensConfig(connection_uri=os.environ["SUPERTOKENS_CONNECTION_URI"]),
    framework="fastapi",
    recipe_list=[emailpassword.init(), session.init(), usermetadata.init()],
    mode="asgi",
)

app = FastAPI()
app.add_middleware(get_middleware())


@app.get("/data")
def data(session: SessionContainer = Depends(verify_session())):
    return session.sync_get_session_data_from_database()


@app.post("/data")
def keep(word: str, session: SessionContainer = Depends(verify_session())):
    session.sync_update_session_data_in_database({"word": word})
    session.sync_merge_into_access_token_payload({"said": word})
    return {
        "lives": session.sync_get_expiry() - session.sync_get_time_created() > 0,
        "said": session.get_access_token_payload()["said"],
    }


@app.post("/claims")
def claims(colour: str, session: SessionContainer = Depends(verify_session())):
    session.sync_fetch_and_set_claim(NewsClaim)
    session.sync_set_claim_value(ColourClaim, colour)
    found = {"colour": session.sync_get_claim_value(ColourClaim), "news": session.sync_get_claim_value(NewsClaim)}
    session.sync_remove_claim(NewsClaim)
    session.sync_assert_claims([ColourClaim.validators.has_value("blue", 300)])
    return {**found, "left": session.sync_get_claim_value(NewsClaim)}


@app.get("/self")
def self(session: SessionContainer = Depends(verify_session())):
    user = get_user(session.get_user_id())
    assert user is not None
    update_user_metadata(user.id, {"seen": True})
    handles = get_all_session_handles_for_user(user.id)
    information = get_session_information(handles[0])
    assert information is not None
    return {
        "emails": user.emails,
        "users": get_user_count(),
        "metadata": get_user_metadata(user.id).metadata,
        "session": information.session_data_in_database,
        "own": handles == [session.get_handle()],
    }


@app.post("/end")
def end(session: SessionContainer = Depends(verify_session())):
    session.sync_revoke_session()
    return {"status": "OK"}

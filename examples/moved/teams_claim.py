"""A claim with a list, and its validators: a person's teams open doors, and are asserted inside of a route."""

import os
from typing import Any, Dict, List

from fastapi import Depends, FastAPI
from supertokens_python import InputAppInfo, SupertokensConfig, init
from supertokens_python.framework.fastapi import get_middleware
from supertokens_python.recipe import emailpassword, session
from supertokens_python.recipe.session import SessionContainer
from supertokens_python.recipe.session.claim_base_classes.primitive_array_claim import PrimitiveArrayClaim
from supertokens_python.recipe.session.framework.fastapi import verify_session
from supertokens_python.types import RecipeUserId

teams: Dict[str, List[str]] = {}


def fetch_teams(
    user_id: str,
    recipe_user_id: RecipeUserId,
    tenant_id: str,
    current_payload: Dict[str, Any],
    user_context: Dict[str, Any],
) -> List[str]:
    return teams.get(user_id, [])


TeamsClaim = PrimitiveArrayClaim("teams", fetch_teams, 3600)

init(
    app_info=InputAppInfo(app_name="Teams", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
    supertokens_config=SupertokensConfig(connection_uri=os.environ["SUPERTOKENS_CONNECTION_URI"]),
    framework="fastapi",
    recipe_list=[emailpassword.init(), session.init(invalid_claim_status_code=418)],
    mode="asgi",
)

app = FastAPI()
app.add_middleware(get_middleware())


@app.post("/join")
async def join(team: str, session: SessionContainer = Depends(verify_session())):
    teams.setdefault(session.get_user_id(), []).append(team)
    await session.fetch_and_set_claim(TeamsClaim)
    return {"teams": await session.get_claim_value(TeamsClaim)}


@app.get("/kitchen")
async def kitchen(
    session: SessionContainer = Depends(
        verify_session(
            override_global_claim_validators=lambda validators, session, user_context: [
                *validators,
                TeamsClaim.validators.includes("cooks", 300, "may-cook"),
                TeamsClaim.validators.excludes("guests", 300),
            ]
        )
    ),
):
    return {"open": True}


@app.get("/cellar")
async def cellar(session: SessionContainer = Depends(verify_session())):
    await session.assert_claims(
        [
            TeamsClaim.validators.includes_all(["cooks", "cellar"], max_age_in_seconds=300, id_="both"),
            TeamsClaim.validators.excludes_all(["guests", "strangers"]),
        ]
    )
    return {"open": True}

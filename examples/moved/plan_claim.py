"""A claim with a text: which plan a user pays for, in each session from its start, asked for again after 300 s."""

import os
from typing import Any, Dict, Optional

from fastapi import Depends, FastAPI
from supertokens_python import InputAppInfo, SupertokensConfig, init
from supertokens_python.framework.fastapi import get_middleware
from supertokens_python.recipe import emailpassword, session
from supertokens_python.recipe.session import SessionContainer
from supertokens_python.recipe.session.claims import PrimitiveClaim
from supertokens_python.recipe.session.framework.fastapi import verify_session
from supertokens_python.recipe.session.interfaces import RecipeInterface
from supertokens_python.types import RecipeUserId

plans: Dict[str, str] = {}


async def fetch_plan(
    user_id: str,
    recipe_user_id: RecipeUserId,
    tenant_id: str,
    current_payload: Dict[str, Any],
    user_context: Dict[str, Any],
) -> str:
    return plans.get(user_id, "free")


PlanClaim = PrimitiveClaim[str]("plan", fetch_plan)


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
        if access_token_payload is None:
            access_token_payload = {}
        access_token_payload = {
            **access_token_payload,
            **(await PlanClaim.build(user_id, recipe_user_id, tenant_id, access_token_payload, user_context)),
        }
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
    app_info=InputAppInfo(app_name="Plan", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
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


@app.get("/plan")
async def plan(session: SessionContainer = Depends(verify_session())):
    payload = session.get_access_token_payload()
    return {
        "plan": await session.get_claim_value(PlanClaim),
        "in_payload": PlanClaim.get_value_from_payload(payload),
        "fetched": PlanClaim.get_last_refetch_time(payload) is not None,
    }


@app.get("/reports")
async def reports(
    session: SessionContainer = Depends(
        verify_session(
            override_global_claim_validators=lambda global_validators, session, user_context: (
                global_validators + [PlanClaim.validators.has_value("pro", 300)]
            )
        )
    ),
):
    return {"reports": [session.get_user_id()]}


@app.post("/pay")
async def pay(session: SessionContainer = Depends(verify_session())):
    plans[session.get_user_id()] = "pro"
    await session.fetch_and_set_claim(PlanClaim)
    return {"plan": await session.get_claim_value(PlanClaim)}

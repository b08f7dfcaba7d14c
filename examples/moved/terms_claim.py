"""A boolean claim that every route asks for, except the one where a user agrees to the terms."""

import os
from typing import Any, Dict, List

from fastapi import Depends, FastAPI
from supertokens_python import InputAppInfo, SupertokensConfig, init
from supertokens_python.framework.fastapi import get_middleware
from supertokens_python.recipe import emailpassword, session
from supertokens_python.recipe.session import SessionContainer
from supertokens_python.recipe.session.claims import BooleanClaim
from supertokens_python.recipe.session.framework.fastapi import verify_session
from supertokens_python.recipe.session.interfaces import RecipeInterface, SessionClaimValidator
from supertokens_python.types import RecipeUserId

TermsClaim = BooleanClaim(
    key="terms",
    fetch_value=lambda user_id, recipe_user_id, tenant_id, current_payload, user_context: False,
)


def override_session_functions(original_implementation: RecipeInterface):
    def get_global_claim_validators(
        tenant_id: str,
        user_id: str,
        recipe_user_id: RecipeUserId,
        claim_validators_added_by_other_recipes: List[SessionClaimValidator],
        user_context: Dict[str, Any],
    ):
        return claim_validators_added_by_other_recipes + [TermsClaim.validators.is_true(300)]

    original_implementation.get_global_claim_validators = get_global_claim_validators
    return original_implementation


def without_terms(
    global_validators: List[SessionClaimValidator], session: SessionContainer, user_context: Dict[str, Any]
):
    return [validator for validator in global_validators if validator.id != TermsClaim.key]


init(
    app_info=InputAppInfo(app_name="Terms", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
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


@app.get("/inside")
async def inside(session: SessionContainer = Depends(verify_session())):
    return {"agreed": await session.get_claim_value(TermsClaim)}


@app.post("/agree")
async def agree(session: SessionContainer = Depends(verify_session(override_global_claim_validators=without_terms))):
    await session.set_claim_value(TermsClaim, True)
    return {"agreed": await session.get_claim_value(TermsClaim)}


@app.post("/withdraw")
async def withdraw(session: SessionContainer = Depends(verify_session())):
    await session.remove_claim(TermsClaim)
    return {"agreed": await session.get_claim_value(TermsClaim)}

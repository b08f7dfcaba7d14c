"""Validators of one's own: on a claim of one's own, and one that looks at the payload alone."""

import os
from typing import Any, Dict, Optional

from fastapi import Depends, FastAPI
from supertokens_python import InputAppInfo, SupertokensConfig, init
from supertokens_python.framework.fastapi import get_middleware
from supertokens_python.recipe import emailpassword, session
from supertokens_python.recipe.session import SessionContainer
from supertokens_python.recipe.session.claim_base_classes.primitive_claim import (
    PrimitiveClaim,
    PrimitiveClaimValidators,
)
from supertokens_python.recipe.session.framework.fastapi import verify_session
from supertokens_python.recipe.session.interfaces import (
    ClaimValidationResult,
    JSONObject,
    SessionClaimValidator,
)
from supertokens_python.types import RecipeUserId

ages: Dict[str, int] = {}


class MinimumAge(SessionClaimValidator):
    def __init__(self, claim: PrimitiveClaim[int], age: int):
        super().__init__("age-at-least")
        self.claim: PrimitiveClaim[int] = claim
        self.age = age

    def should_refetch(self, payload: JSONObject, user_context: Dict[str, Any]) -> bool:
        return self.claim.get_value_from_payload(payload, user_context) is None

    async def validate(self, payload: JSONObject, user_context: Dict[str, Any]) -> ClaimValidationResult:
        age = self.claim.get_value_from_payload(payload, user_context)
        if age is None or age < self.age:
            return ClaimValidationResult(is_valid=False, reason={"message": "too young", "actual": age})
        return ClaimValidationResult(is_valid=True)


class AgeValidators(PrimitiveClaimValidators[int]):
    def at_least(self, age: int) -> SessionClaimValidator:
        return MinimumAge(AgeClaim, age)


class AgeClaimClass(PrimitiveClaim[int]):
    def __init__(self) -> None:
        async def fetch_value(
            user_id: str,
            recipe_user_id: RecipeUserId,
            tenant_id: str,
            current_payload: Dict[str, Any],
            user_context: Dict[str, Any],
        ) -> Optional[int]:
            return ages.get(user_id)

        super().__init__("age", fetch_value, 60)
        self.validators: AgeValidators = AgeValidators(self, 60)


AgeClaim = AgeClaimClass()


class NotTooMuch(SessionClaimValidator):
    def __init__(self) -> None:
        super().__init__("drinks")

    def should_refetch(self, payload: JSONObject, user_context: Dict[str, Any]) -> bool:
        return False

    async def validate(self, payload: JSONObject, user_context: Dict[str, Any]) -> ClaimValidationResult:
        drinks = payload.get("drinks", 0)
        return ClaimValidationResult(drinks < 2, {"message": "go home", "drinks": drinks})


init(
    app_info=InputAppInfo(app_name="Bar", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
    supertokens_config=SupertokensConfig(connection_uri=os.environ["SUPERTOKENS_CONNECTION_URI"]),
    framework="fastapi",
    recipe_list=[emailpassword.init(), session.init()],
    mode="asgi",
)

app = FastAPI()
app.add_middleware(get_middleware())


@app.post("/birthday")
async def birthday(age: int, session: SessionContainer = Depends(verify_session())):
    ages[session.get_user_id()] = age
    await session.fetch_and_set_claim(AgeClaim)
    return {"age": await session.get_claim_value(AgeClaim)}


@app.post("/drink")
async def drink(
    session: SessionContainer = Depends(
        verify_session(
            override_global_claim_validators=lambda validators, session, user_context: (
                validators + [AgeClaim.validators.at_least(18), NotTooMuch()]
            )
        )
    ),
):
    drinks = session.get_access_token_payload().get("drinks", 0) + 1
    await session.merge_into_access_token_payload({"drinks": drinks})
    return {"drinks": drinks}

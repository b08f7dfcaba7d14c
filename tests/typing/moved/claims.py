"""Claims and validators of an application's own, as documents of the reference write them."""

import time
from typing import Any, Dict, List, Optional, Union

from authweave.recipe import session
from authweave.recipe.session.claims import (
    BooleanClaim,
    PrimitiveArrayClaim,
    PrimitiveClaim,
)
from authweave.recipe.session.interfaces import (
    ClaimValidationResult,
    JSONObject,
    RecipeInterface,
    SessionClaim,
    SessionClaimValidator,
    SessionContainer,
)
from authweave.types import RecipeUserId


async def fetch_plan(
    user_id: str,
    recipe_user_id: RecipeUserId,
    tenant_id: str,
    current_payload: Dict[str, Any],
    user_context: Dict[str, Any],
) -> str:
    if current_payload.get("trial"):
        return "trial"
    return str(user_context.get("plan", "free"))


def fetch_groups(
    user_id: str,
    _recipe_user_id: RecipeUserId,
    _tenant_id: str,
    _current_payload: Dict[str, Any],
    _user_context: Dict[str, Any],
) -> List[str]:
    return ["staff"] if user_id.startswith("s") else []


async def fetch_second_factor(
    _user_id: str,
    _recipe_user_id: RecipeUserId,
    _tenant_id: str,
    _payload: Dict[str, Any],
    _user_context: Dict[str, Any],
) -> Optional[bool]:
    return None


PlanClaim = PrimitiveClaim[str]("plan", fetch_plan)
LevelClaim = PrimitiveClaim[int]("level", lambda _, __, ___, ____, _____: 1)
GroupsClaim = PrimitiveArrayClaim("groups", fetch_groups)
SecondFactorClaim = BooleanClaim(key="2fa-completed", fetch_value=fetch_second_factor)
AgedClaim = BooleanClaim("aged", lambda _, __, ___, ____, _____: False, 600)


class SinceClaim(PrimitiveClaim[int]):
    def __init__(self) -> None:
        async def fetch_value(
            user_id: str,
            recipe_user_id: RecipeUserId,
            tenant_id: str,
            current_payload: Dict[str, Any],
            user_context: Dict[str, Any],
        ) -> int:
            return int(time.time())

        super().__init__("since", fetch_value, default_max_age_in_sec=300)


class RegionClaim(SessionClaim[str]):
    def __init__(self, key: str) -> None:
        def fetch_value(
            _user_id: str,
            _recipe_user_id: RecipeUserId,
            _tenant_id: str,
            _current_payload: Dict[str, Any],
            _user_context: Dict[str, Any],
        ) -> Optional[str]:
            return "eu"

        super().__init__(key, fetch_value)

    def add_to_payload_(
        self, payload: JSONObject, value: str, user_context: Union[Dict[str, Any], None] = None
    ) -> JSONObject:
        payload[self.key] = value
        return payload

    def remove_from_payload_by_merge_(
        self, payload: JSONObject, user_context: Union[Dict[str, Any], None] = None
    ) -> JSONObject:
        payload[self.key] = None
        return payload

    def remove_from_payload(self, payload: JSONObject, user_context: Union[Dict[str, Any], None] = None) -> JSONObject:
        payload.pop(self.key, None)
        return payload

    def get_value_from_payload(
        self, payload: JSONObject, user_context: Union[Dict[str, Any], None] = None
    ) -> Union[str, None]:
        return payload.get(self.key)


class MaxAgeValidator(SessionClaimValidator):
    def __init__(self, max_age_ms: int) -> None:
        super().__init__("max-age")
        self.max_age_ms = max_age_ms

    async def validate(self, payload: JSONObject, user_context: Dict[str, Any]) -> ClaimValidationResult:
        if payload["iat"] * 1000 < user_context.get("now", time.time() * 1000) - self.max_age_ms:
            return ClaimValidationResult(is_valid=False, reason={"message": "too old", "maxAge": self.max_age_ms})
        return ClaimValidationResult(is_valid=True)

    def should_refetch(self, payload: JSONObject, user_context: Dict[str, Any]) -> bool:
        return False


class RegionValidator(SessionClaimValidator):
    def __init__(self, claim: RegionClaim, wanted: str) -> None:
        super().__init__("region")
        self.region = claim
        self.wanted = wanted

    async def validate(self, payload: Dict[str, Any], user_context: Dict[str, Any]) -> ClaimValidationResult:
        value = self.region.get_value_from_payload(payload, user_context)
        if value == self.wanted:
            return ClaimValidationResult(True)
        return ClaimValidationResult(False, {"message": "wrong region", "actual": value})

    async def should_refetch(self, payload: Dict[str, Any], user_context: Dict[str, Any]) -> bool:
        return self.region.get_value_from_payload(payload, user_context) is None


def override_session_functions(original_implementation: RecipeInterface) -> RecipeInterface:
    original_create_new_session = original_implementation.create_new_session

    async def create_new_session(
        user_id: str,
        recipe_user_id: RecipeUserId,
        access_token_payload: Union[None, Dict[str, Any]],
        session_data_in_database: Union[None, Dict[str, Any]],
        disable_anti_csrf: Union[bool, None],
        tenant_id: str,
        user_context: Dict[str, Any],
    ) -> SessionContainer:
        if access_token_payload is None:
            access_token_payload = {}
        access_token_payload["key"] = "value"
        access_token_payload = {
            **access_token_payload,
            **(await PlanClaim.build(user_id, recipe_user_id, tenant_id, access_token_payload, user_context)),
            **(await SinceClaim().build(user_id, recipe_user_id, tenant_id, access_token_payload, user_context)),
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

    def get_global_claim_validators(
        tenant_id: str,
        user_id: str,
        recipe_user_id: RecipeUserId,
        claim_validators_added_by_other_recipes: List[SessionClaimValidator],
        user_context: Dict[str, Any],
    ) -> List[SessionClaimValidator]:
        return claim_validators_added_by_other_recipes + [
            PlanClaim.validators.has_value("free"),
            SecondFactorClaim.validators.has_value(True),
            MaxAgeValidator(1000),
        ]

    original_implementation.create_new_session = create_new_session
    original_implementation.get_global_claim_validators = get_global_claim_validators
    return original_implementation


session.init(override=session.InputOverrideConfig(functions=override_session_functions))


async def use(of_request: SessionContainer, user_context: Dict[str, Any]) -> None:
    plan = await of_request.get_claim_value(PlanClaim)
    if plan is not None and plan.startswith("trial"):
        await of_request.set_claim_value(PlanClaim, "free", user_context)
    await of_request.fetch_and_set_claim(GroupsClaim, {"reason": "changed"})
    await of_request.remove_claim(SecondFactorClaim, user_context)
    await of_request.assert_claims([PlanClaim.validators.has_value("free"), RegionValidator(RegionClaim("r"), "eu")])
    groups: Optional[List[str]] = await of_request.get_claim_value(GroupsClaim, user_context)
    print(groups)

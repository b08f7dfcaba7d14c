"""Claims and validators of an application's own, in the manner of SuperTokens, over real HTTP."""

from collections.abc import Iterator
from typing import Annotated, Any

import httpx2
import pytest
from fastapi import Depends, FastAPI
from typing_extensions import override

from authweave.app import init
from authweave.framework.fastapi import get_middleware, verify_session
from authweave.kernel import UserContext
from authweave.recipe import emailpassword, session
from authweave.recipe.session import SessionContainer
from authweave.recipe.session.claim_base_classes.boolean_claim import BooleanClaim, BooleanClaimValidators
from authweave.recipe.session.claim_base_classes.primitive_array_claim import (
    PrimitiveArrayClaim,
    PrimitiveArrayClaimValidators,
)
from authweave.recipe.session.claim_base_classes.primitive_claim import HasValueSCV, PrimitiveClaim
from authweave.recipe.session.claims import SessionClaim
from authweave.recipe.session.interfaces import ClaimValidationResult, OverrideClaimValidators, SessionClaimValidator
from authweave.security import PasswordHasher
from authweave.types import JSON, InputAppInfo, JSONObject, RecipeUserId
from tests.patience import PATIENCE_S

from .serving import bearer, serving, sign_up

FETCHED: list[str] = []


class TeamValidators(PrimitiveArrayClaimValidators[str]):
    """Has a validator of its own."""

    def in_staff(self, max_age_in_seconds: int | None = None, id_: str | None = None) -> SessionClaimValidator:
        """Demand one of the teams that are staff."""
        return self.includes_any(["support", "sales"], max_age_in_seconds, id_ or "staff")


class TeamClaim(PrimitiveArrayClaim[str]):
    """Sets validators of its own in its constructor."""

    def __init__(self) -> None:
        super().__init__("teams", self.fetch)
        self.validators = self.own = TeamValidators(self, 60)

    async def fetch(
        self, user_id: str, recipe_user_id: RecipeUserId, tenant_id: str, payload: JSONObject, user_context: UserContext
    ) -> list[str]:
        """Note whose teams were asked for."""
        FETCHED.append(user_id)
        return ["support"]


class Adult(SessionClaimValidator):
    """Looks at a claim that it is given after it was made."""

    def __init__(self, age: int) -> None:
        super().__init__("adult")
        self.claim = AGE
        self.age = age

    @override
    async def validate(self, payload: JSONObject, user_context: UserContext) -> ClaimValidationResult:
        found = AGE.get_value_from_payload(payload)
        if found is not None and found >= self.age and AGE.get_last_refetch_time(payload) is not None:
            return ClaimValidationResult(is_valid=True)
        return ClaimValidationResult(is_valid=False, reason={"message": "too young", "age": found})

    @override
    def should_refetch(self, payload: JSONObject, user_context: UserContext) -> bool:
        return AGE.get_value_from_payload(payload, user_context) is None


class PlanClaim(SessionClaim[str]):
    """Changes payloads where they stand, as classes in the documents of SuperTokens do."""

    @override
    def add_to_payload_(self, payload: Any, value: str, user_context: UserContext | None = None) -> JSONObject:
        payload[self.key] = value
        return {**payload}

    @override
    def remove_from_payload_by_merge_(self, payload: Any, user_context: UserContext | None = None) -> JSONObject:
        payload[self.key] = None
        return {**payload}

    @override
    def remove_from_payload(self, payload: Any, user_context: UserContext | None = None) -> JSONObject:
        del payload[self.key]
        return {**payload}

    @override
    def get_value_from_payload(self, payload: JSONObject, user_context: UserContext | None = None) -> str | None:
        plan = payload.get(self.key)
        return plan if isinstance(plan, str) else None


TEAMS = TeamClaim()
AGE = PrimitiveClaim[int]("age", lambda _user, _recipe_user, _tenant, _payload, _context: 17)
BANNED = BooleanClaim("banned", lambda _user, _recipe_user, _tenant, _payload, _context: False, 300)
PLAN = PlanClaim("plan", lambda _user, _recipe_user, _tenant, _payload, _context: "gold")

ROUTES: dict[str, SessionClaimValidator] = {
    "staff": TEAMS.own.in_staff(),
    "17": Adult(17),
    "18": Adult(18),
    "age": AGE.validators.has_value(17, 300),
    "age-by-name": AGE.validators.has_value(18, max_age_in_sec=300, id_="by-name"),
    "age-scv": HasValueSCV("scv", AGE, 18),
    "banned": BANNED.validators.is_true(300),
    "not-banned": BANNED.validators.is_false(300, "not-banned"),
    "team": TEAMS.validators.includes("sales", 300, "sales"),
    "teams": TEAMS.validators.includes_all(["support"], 300, "both"),
}
REFUSED: dict[str, JSONObject] = {
    "18": {"id": "adult", "reason": {"message": "too young", "age": 17}},
    "age-by-name": {"id": "by-name", "reason": {"message": "wrong value", "expectedValue": 18, "actualValue": 17}},
    "age-scv": {"id": "scv", "reason": {"message": "wrong value", "expectedValue": 18, "actualValue": 17}},
    "banned": {"id": "banned", "reason": {"message": "wrong value", "expectedValue": True, "actualValue": False}},
    "team": {
        "id": "sales",
        "reason": {"message": "wrong value", "expectedToInclude": "sales", "actualValue": ["support"]},
    },
}


def only(validator: SessionClaimValidator) -> OverrideClaimValidators:
    """Return what has one validator run."""
    return lambda _validators, _session, _context: [validator]


def app() -> FastAPI:
    """Return an application with a route for each validator, and one that returns the plan."""
    made = FastAPI()
    for name, validator in ROUTES.items():
        asked = verify_session(override_global_claim_validators=only(validator))

        @made.get(f"/{name}")
        async def route(held: Annotated[SessionContainer, Depends(asked)]) -> str:
            return held.get_user_id()

    @made.get("/plan")
    async def plan(held: Annotated[SessionContainer, Depends(verify_session())]) -> list[JSON]:
        before = await held.get_claim_value(PLAN)
        await held.set_claim_value(PLAN, "silver")
        between = await held.get_claim_value(PLAN)
        await held.remove_claim(PLAN)
        after = await held.get_claim_value(PLAN)
        return [before, between, after]

    return made


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    """Serve it. New sessions have a plan only, so that the rest is fetched when it is asked for."""
    auth = init(
        InputAppInfo("Claims", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
        [emailpassword.init(), session.init(claims=[PLAN])],
        storage=f"sqlite:///{tmp_path_factory.mktemp('claims') / 'auth.db'}",
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        default=False,
    )
    made = app()
    made.add_middleware(get_middleware(), app=auth)
    with serving(made) as address, httpx2.Client(base_url=address, verify=False, timeout=PATIENCE_S) as client:
        yield client
    auth.close()


@pytest.mark.parametrize("name", ROUTES)
def test_validators(client: httpx2.Client, name: str) -> None:
    """Each lets a session pass, or says why not, under the id that it was given; what is missing is fetched."""
    FETCHED.clear()
    signed_up = sign_up(client, f"{name}@example.com")
    answer = client.get(f"/{name}", headers=bearer(signed_up))
    if name in REFUSED:
        assert answer.status_code == 403
        assert answer.json()["claimValidationErrors"] == [REFUSED[name]]
    else:
        assert (answer.status_code, answer.json()) == (200, signed_up.json()["user"]["id"])
    assert len(FETCHED) == ("team" in name or name == "staff")


def test_a_claim_that_changes_payloads_in_place(client: httpx2.Client) -> None:
    """It is set, read and removed, and nothing but it is changed."""
    assert client.get("/plan", headers=bearer(sign_up(client, "plan@example.com"))).json() == ["gold", "silver", None]


@pytest.mark.parametrize("name", ["includes_all", "includes_any", "excludes_all"])
def test_a_text_for_a_list(name: str) -> None:
    """It is refused, and not split into its letters."""
    with pytest.raises(TypeError, match=r"'teams'.*write \['admin'\]"):
        getattr(TEAMS.validators, name)("admin")


def test_payloads_without_a_context() -> None:
    """A claim reads, adds to and removes from a payload without one."""
    payload = AGE.add_to_payload_({}, 17)
    assert AGE.get_value_from_payload(payload) == 17
    assert AGE.get_last_refetch_time(payload) is not None
    assert AGE.remove_from_payload(payload) == {}
    assert AGE.remove_from_payload_by_merge_({}) == {"age": None}


def test_validators_that_are_set() -> None:
    """An instance can be given others, and knows no more of the former."""
    claim = BooleanClaim("banned", lambda _user, _recipe_user, _tenant, _payload, _context: False)
    claim.validators = others = BooleanClaimValidators(claim, 60)
    assert claim.validators is others
    assert others.is_true().should_refetch({"banned": {"v": True, "t": 0}}, {}) is True

"""Plain functions, parameters with other names, and arguments in another order, in SuperTokens style over real HTTP."""

from collections.abc import Iterator
from typing import Annotated

import httpx2
import pytest
from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse

from authweave.app import init
from authweave.errors import SwappedArgumentsError
from authweave.framework.fastapi import get_middleware, verify_session
from authweave.kernel import UserContext
from authweave.recipe import emailpassword, session
from authweave.recipe.emailpassword.interfaces import RecipeInterface as PasswordFunctions
from authweave.recipe.session import SessionContainer
from authweave.recipe.session.claims import BooleanClaim
from authweave.recipe.session.interfaces import RecipeInterface, SessionClaimValidator
from authweave.security import PasswordHasher
from authweave.types import InputAppInfo, RecipeUserId
from tests.patience import PATIENCE_S
from tests.unit.kernel.greeter import untyped

from .serving import bearer, form, serving, sign_up

PAID = BooleanClaim("paid", lambda _user, _recipe_user, _tenant, _payload, _context: False)
TRIED = BooleanClaim("tried", lambda _user, _recipe_user, _tenant, _payload, _context: False)


def ask_for_payment(original_implementation: RecipeInterface[UserContext]) -> RecipeInterface[UserContext]:
    """Concatenate lists, as the documents do."""
    original_get_global_claim_validators = untyped(original_implementation.get_global_claim_validators)

    def get_global_claim_validators(
        tenant_id: str,
        user_id: str,
        recipe_user_id: RecipeUserId,
        claim_validators_added_by_other_recipes: list[SessionClaimValidator],
        user_context: UserContext,
    ) -> list[SessionClaimValidator]:
        others: list[SessionClaimValidator] = original_get_global_claim_validators(
            tenant_id, user_id, recipe_user_id, claim_validators_added_by_other_recipes, user_context
        )
        return others + [PAID.validators.is_true()]  # noqa: RUF005  as the documents do

    untyped(setattr)(original_implementation, "get_global_claim_validators", get_global_claim_validators)
    return original_implementation


def ask_for_trial(original_implementation: RecipeInterface[UserContext]) -> RecipeInterface[UserContext]:
    """Use none of the parameters but one, in an older signature."""

    async def get_global_claim_validators(
        _tenant_id: str,
        _user_id: str,
        claim_validators_added_by_other_recipes: list[SessionClaimValidator],
        _user_context: UserContext,
    ) -> list[SessionClaimValidator]:
        return [*claim_validators_added_by_other_recipes, TRIED.validators.is_true()]

    untyped(setattr)(original_implementation, "get_global_claim_validators", get_global_claim_validators)
    return original_implementation


def swap(original_implementation: PasswordFunctions[UserContext]) -> PasswordFunctions[UserContext]:
    """Hand over arguments in the order of a call from outside."""
    original_verify_credentials = untyped(original_implementation.verify_credentials)

    async def verify_credentials(email: str, password: str, tenant_id: str, _ctx: UserContext) -> object:
        return await original_verify_credentials(tenant_id, email, password, _ctx)

    untyped(setattr)(original_implementation, "verify_credentials", verify_credentials)
    return original_implementation


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    """Serve an application in debug mode."""
    auth = init(
        InputAppInfo(app_name="Plain", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
        [
            emailpassword.init(override=emailpassword.InputOverrideConfig(functions=swap)),
            session.init(override=session.InputOverrideConfig(functions=[ask_for_payment, ask_for_trial])),
        ],
        storage=f"sqlite:///{tmp_path_factory.mktemp('plain') / 'auth.db'}",
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        default=False,
        debug=True,
    )
    made = FastAPI()

    @made.get("/me")
    async def me(held: Annotated[SessionContainer, Depends(verify_session())]) -> str:
        return held.get_user_id()

    @made.exception_handler(SwappedArgumentsError)
    async def tell(request: Request, error: Exception) -> JSONResponse:
        return JSONResponse({"told": str(error)}, 500)

    made.add_middleware(get_middleware(), app=auth)
    with serving(made) as address, httpx2.Client(base_url=address, verify=False, timeout=PATIENCE_S) as client:
        yield client
    auth.close()


def test_validators_of_a_plain_override_and_of_one_with_other_names(client: httpx2.Client) -> None:
    """Both have a say in whether a session may pass."""
    answer = client.get("/me", headers=bearer(sign_up(client, "ada@example.com")))
    assert answer.status_code == 403
    assert [each["id"] for each in answer.json()["claimValidationErrors"]] == ["tried", "paid"]


def test_swapped_arguments_are_told_of_in_debug_mode(client: httpx2.Client) -> None:
    """The error names the override, its line and the row, and no value; an application may answer it."""
    sign_up(client, "grace@example.com")
    answer = client.post("/auth/signin", json=form("grace@example.com"))
    assert answer.status_code == 500
    told = answer.json()["told"]
    assert "verify_credentials was called by swap (" in told
    assert "with a tenant as its email" in told
    assert "See row M22 of" in told
    assert "grace@example.com" not in told

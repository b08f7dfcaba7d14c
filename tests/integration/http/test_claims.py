"""Claims over HTTP: what a refused session is told, and what routes ask for by ``verify_session``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx2
import pytest

from authweave.app import init
from authweave.kernel import UserContext
from authweave.recipe import emailpassword, session
from authweave.recipe.session import InputErrorHandlers
from authweave.recipe.session.claims import BooleanClaim, PrimitiveArrayClaim, SessionClaimValidator
from authweave.recipe.session.interfaces import SessionContainer
from authweave.recipe.session.types import ClaimValidationError
from authweave.security import PasswordHasher
from authweave.types import JSON, BaseRequest, BaseResponse, InputAppInfo, JSONObject, RecipeUserId
from tests.integration.frameworks.routes import Route, user_of
from tests.integration.frameworks.serving import Framework
from tests.patience import PATIENCE_S

from .serving import bearer, front_token, sign_up

pytestmark = pytest.mark.everywhere

Validators = Sequence[SessionClaimValidator]
CLOCK_MS = 1_795_308_682_123


def is_verified(
    _user: str, _recipe_user: RecipeUserId, _tenant: str, _payload: JSONObject, _context: UserContext
) -> bool:
    """Say that no address is verified."""
    return False


VERIFIED = BooleanClaim("st-ev", is_verified, clock=lambda: CLOCK_MS)
ROLES = PrimitiveArrayClaim[str](
    "st-role", lambda _user, _recipe_user, _tenant, _payload, _context: ["user"], clock=lambda: CLOCK_MS
)


def nobody_asked(_validators: Validators, _session: SessionContainer, _context: UserContext) -> Validators:
    """Ask for nothing."""
    return ()


def users(_validators: Validators, _session: SessionContainer, _context: UserContext) -> Validators:
    """Ask for a role that everybody has."""
    return [ROLES.validators.includes("user")]


async def admins_too(validators: Validators, _session: SessionContainer, _context: UserContext) -> Validators:
    """Ask for a role that nobody has, beside what is asked of all."""
    return [*validators, ROLES.validators.includes("admin"), ROLES.validators.includes_any(["a", "b"], id_="any")]


async def free(session: SessionContainer) -> JSON:
    """Return the claim."""
    return {"verified": await session.get_claim_value(VERIFIED)}


async def roles(session: SessionContainer) -> JSON:
    """Return the roles."""
    return {"roles": [*(await session.get_claim_value(ROLES) or ())]}


ROUTES = (
    Route("/me", user_of),
    Route("/free", free, asked={"override_global_claim_validators": nobody_asked}),
    Route("/user", roles, asked={"override_global_claim_validators": users}),
    Route("/admin", user_of, asked={"override_global_claim_validators": admins_too}),
)


def teapot(_request: BaseRequest, failures: Sequence[ClaimValidationError], response: BaseResponse) -> BaseResponse:
    """Answer with the ids alone, under the usual status."""
    response.set_json_content({"refused": [failure.id for failure in failures]})
    return response


@pytest.fixture(params=[None, teapot], ids=["usual", "handler"])
def client(request: pytest.FixtureRequest, tmp_path: Path, framework: Framework) -> Iterator[httpx2.Client]:
    """Serve an application where an address has to be verified; its client keeps no cookies."""
    handlers = None if request.param is None else InputErrorHandlers(on_invalid_claim=teapot)
    auth = init(
        InputAppInfo(app_name="Test", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
        [
            emailpassword.init(),
            session.init(claims=[VERIFIED], claim_validators=[VERIFIED.validators.is_true()], error_handlers=handlers),
        ],
        storage=f"sqlite:///{tmp_path / 'auth.db'}",
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        default=False,
    )
    address = framework.serving(auth, ROUTES)
    with address as base_url, httpx2.Client(base_url=base_url, verify=False, timeout=PATIENCE_S) as client:
        yield client
    auth.close()


NOT_VERIFIED = {
    "id": "st-ev",
    "reason": {"message": "wrong value", "expectedValue": True, "actualValue": False},
}
NO_ADMIN = {
    "id": "st-role",
    "reason": {"message": "wrong value", "expectedToInclude": "admin", "actualValue": ["user"]},
}
NONE_OF_TWO = {
    "id": "any",
    "reason": {"message": "wrong value", "expectedToIncludeAtLeastOneOf": ["a", "b"], "actualValue": ["user"]},
}


@pytest.mark.parametrize(
    ("route", "failures"), [("/me", [NOT_VERIFIED]), ("/admin", [NOT_VERIFIED, NO_ADMIN, NONE_OF_TWO])]
)
def test_what_a_refused_session_is_told(client: httpx2.Client, route: str, failures: list[JSONObject]) -> None:
    """The answer is a 403 with every refusal in order, or what the application's handler makes of them."""
    signed_up = sign_up(client, "ada@example.com")
    answer = client.get(route, headers=bearer(signed_up))
    assert answer.status_code == 403
    usual = {"message": "invalid claim", "claimValidationErrors": failures}
    handled = {"refused": [failure["id"] for failure in failures]}
    assert answer.json() in (usual, handled)
    assert "front-token" not in answer.headers
    assert "st-access-token" not in answer.headers


def test_a_route_with_its_own_validators(client: httpx2.Client) -> None:
    """What a route asks for is what counts there; a claim that it fetches reaches the frontend with its answer."""
    signed_up = sign_up(client, "ada@example.com")
    assert client.get("/free", headers=bearer(signed_up)).json() == {"verified": False}
    answer = client.get("/user", headers=bearer(signed_up))
    assert answer.json() == {"roles": ["user"]}
    up = front_token(answer)["up"]
    assert isinstance(up, dict)
    assert up["st-role"] == {"v": ["user"], "t": CLOCK_MS}
    again = client.get("/user", headers=bearer(answer))
    assert again.json() == {"roles": ["user"]}
    assert "front-token" not in again.headers


def test_signing_out_takes_no_claims(client: httpx2.Client) -> None:
    """A session that no route lets pass may sign out, and in again."""
    signed_up = sign_up(client, "ada@example.com")
    assert front_token(signed_up)["uid"] == signed_up.json()["user"]["id"]
    answer = client.post("/auth/signout", headers=bearer(signed_up))
    assert (answer.status_code, answer.json()) == (200, {"status": "OK"})
    assert answer.headers["front-token"] == "remove"


def test_refreshing_takes_no_claims(client: httpx2.Client) -> None:
    """A session that no route lets pass may be refreshed."""
    signed_up = sign_up(client, "ada@example.com")
    answer = client.post("/auth/session/refresh", headers=bearer(signed_up, "st-refresh-token"))
    assert answer.status_code == 200
    assert client.get("/me", headers=bearer(answer)).status_code == 403

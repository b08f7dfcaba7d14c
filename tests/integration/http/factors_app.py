"""An application that asks for several factors: passwords, a factor on paper, and one of its own."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Annotated, ClassVar, Final, cast

import attrs
import httpx2
from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse
from typing_extensions import override

from authweave.app import App, init
from authweave.extending import FactorContacts, FactorOwner, FactorsContribution, Recipe, RecipeEntry, Services
from authweave.framework.fastapi import get_middleware, verify_session
from authweave.kernel import UserContext
from authweave.recipe import accountlinking, emailpassword, multifactorauth, session
from authweave.recipe.accountlinking import (
    AccountInfoWithRecipeIdAndUserId,
    ShouldAutomaticallyLink,
    ShouldNotAutomaticallyLink,
)
from authweave.recipe.multifactorauth import GetMfaRequirementsForAuth, MFARequirementList, MultiFactorAuthRecipe
from authweave.recipe.multifactorauth.asyncio import mark_factor_as_complete_in_session
from authweave.recipe.multifactorauth.multi_factor_auth_claim import MultiFactorAuthClaim
from authweave.recipe.multitenancy import MultitenancyRecipe, TenantConfigCreateOrUpdate
from authweave.recipe.session import SessionClaimValidator, SessionContainer
from authweave.recipe.session.asyncio import create_new_session
from authweave.recipe.session.interfaces import no_claim_validators
from authweave.security import PasswordHasher
from authweave.types import JSON, InputAppInfo, RecipeUserId, User
from tests.patience import PATIENCE_S, PATIENT

from .serving import HEADERS, PASSWORD, bearer, form, front_token, serving

numbers: Final = count(1)
CONTEXT: Final[UserContext] = {}


@attrs.frozen
class Paper(FactorOwner):
    """A factor on paper: those have it who are written down."""

    holders: set[str]

    @override
    def second_factors(self, services: Services) -> Sequence[str]:
        return ("paper",)

    @override
    async def set_up_for(self, services: Services, user: User, user_context: UserContext) -> Sequence[str]:
        return ("paper",) if user.id in self.holders else ()

    @override
    def contacts(self, services: Services, user: User, made_with: RecipeUserId) -> FactorContacts:
        return FactorContacts(phone_numbers={"paper": ()})


@attrs.frozen
class PaperRecipe(Recipe):
    """The recipe of it, which does nothing else."""

    recipe_id: ClassVar[str] = "paper"

    @override
    def composed(self) -> Mapping[str, object]:
        return {}


@attrs.frozen
class PaperSetup(RecipeEntry):
    """The same, as an application lists it."""

    owner: Paper
    recipe_id: ClassVar[str] = "paper"

    @override
    def contributions(self) -> Sequence[object]:
        return (FactorsContribution(owner=self.owner),)

    @override
    def build(self, services: Services) -> PaperRecipe:
        return PaperRecipe()


@attrs.frozen
class Answer:
    """What somebody was answered, with the session that he has by then."""

    response: httpx2.Response
    before: dict[str, str]

    @property
    def json(self) -> dict[str, JSON]:
        """The body."""
        body: dict[str, JSON] = self.response.json()
        return body

    @property
    def session(self) -> dict[str, str]:
        """The header that sends the access token."""
        return bearer(self.response) if "st-access-token" in self.response.headers else self.before

    @property
    def is_changed(self) -> bool:
        """Whether there is a new access token."""
        return "front-token" in self.response.headers

    @property
    def claim(self) -> dict[str, JSON]:
        """What the new token says of factors."""
        payload = cast("dict[str, JSON]", front_token(self.response)["up"])  # ours
        return cast("dict[str, JSON]", payload["st-mfa"])  # JSON of a token

    @property
    def shown(self) -> list[str]:
        """The factors that it says were shown."""
        return sorted(cast("dict[str, JSON]", self.claim["c"]))  # JSON of a token

    @property
    def payload(self) -> dict[str, JSON]:
        """What it says."""
        return cast("dict[str, JSON]", front_token(self.response)["up"])  # JSON of a token


@attrs.frozen
class World:
    """
    The application at work.

    Attributes:
        holders: the ids of users who have the factor on paper.
        asked: what is asked of users instead of what is required, by their ids.
    """

    auth: App
    client: httpx2.Client
    holders: set[str]
    asked: dict[str, object]

    def call(self, method: str, path: str, headers: dict[str, str], **more: JSON) -> Answer:
        """Call something, with a session or without."""
        return Answer(self.client.request(method, path, headers={**HEADERS, **headers}, json=more), headers)

    def sign_up(self, email: str | None = None, *, tenant: str = "", **more: JSON) -> tuple[Answer, str, str]:
        """Sign somebody up. Returns what was answered, the user's id, and the address."""
        address = email or f"user-{next(numbers)}@example.com"
        answer = self.call("POST", f"/auth{tenant}/signup", {}, **form(address, **more))
        user = cast("dict[str, JSON]", answer.json["user"])  # the user, as the wire contract has it
        return answer, str(user["id"]), address

    def sign_in(self, email: str, headers: dict[str, str] | None = None, **more: JSON) -> Answer:
        """Sign somebody in."""
        return self.call("POST", "/auth/signin", headers or {}, **form(email, PASSWORD, **more))

    def info(self, headers: dict[str, str]) -> Answer:
        """Ask how somebody goes on."""
        return self.call("PUT", "/auth/mfa/info", headers)

    def me(self, headers: dict[str, str]) -> Answer:
        """Ask for what is protected."""
        return self.call("GET", "/me", headers)

    def mark(self, factor_id: str, headers: dict[str, str]) -> Answer:
        """Show a factor of the application's own."""
        return self.call("POST", f"/show/{factor_id}", headers)

    def require(self, user_id: str, factor_id: str) -> None:
        """Require a factor of a user."""
        functions = self.auth.recipe(MultiFactorAuthRecipe).functions
        self.auth.run_blocking(functions.add_to_required_secondary_factors_for_user(user_id, factor_id, CONTEXT))

    def tenant(
        self,
        tenant_id: str,
        *,
        first_factors: Sequence[str] | None = ("NO_CHANGE",),
        required_secondary_factors: Sequence[str] | None = ("NO_CHANGE",),
    ) -> None:
        """Configure a tenant."""
        functions = self.auth.recipe(MultitenancyRecipe).functions
        change = TenantConfigCreateOrUpdate({}, first_factors, required_secondary_factors)
        self.auth.run_blocking(functions.create_or_update_tenant(tenant_id, change, CONTEXT))

    def refreshed(self, answer: Answer) -> Answer:
        """Refresh the session of an answer."""
        return self.call("POST", "/auth/session/refresh", bearer(answer.response, "st-refresh-token"))


def refusal(answer: Answer) -> JSON:
    """Return why a session was refused; the validator has to be that of the claim."""
    assert answer.response.status_code == 403, answer.response.text
    assert answer.json["message"] == "invalid claim"
    (only,) = cast("list[dict[str, JSON]]", answer.json["claimValidationErrors"])  # as the wire contract has it
    assert only["id"] == "st-mfa"
    return only["reason"]


LISTS: Final[dict[str, MFARequirementList]] = {}
"""What ``GET /listed`` asks of the sessions of a tenant."""


def listed(
    _usual: Sequence[SessionClaimValidator], container: SessionContainer, _context: UserContext
) -> Sequence[SessionClaimValidator]:
    """Ask for a list of factors instead."""
    return [MultiFactorAuthClaim.validators.has_completed_requirement_list(LISTS[container.get_tenant_id()])]


def web_app(auth: App) -> FastAPI:
    """Return the application's own routes."""
    app = FastAPI()
    app.add_middleware(get_middleware(), app=auth)

    @app.get("/me")
    async def me(session: Annotated[SessionContainer, Depends(verify_session())]) -> dict[str, str]:
        return {"user": session.get_user_id()}

    @app.get("/listed")
    async def has_listed(
        session: Annotated[SessionContainer, Depends(verify_session(override_global_claim_validators=listed))],
    ) -> dict[str, str]:
        return {"user": session.get_user_id()}

    @app.post("/show/{factor_id}")
    async def show(
        factor_id: str,
        session: Annotated[
            SessionContainer, Depends(verify_session(override_global_claim_validators=no_claim_validators))
        ],
    ) -> dict[str, str]:
        await mark_factor_as_complete_in_session(session, factor_id)
        return {"user": session.get_user_id()}

    @app.post("/own/{recipe_user_id}")
    async def own(recipe_user_id: str, request: Request, tenant: str = "public") -> JSONResponse:
        made = await create_new_session(request, tenant, RecipeUserId(recipe_user_id))
        return JSONResponse({"user": made.get_user_id()})

    return app


@contextmanager
def factors(
    storage: str,
    *,
    more: Sequence[RecipeEntry] = (),
    first_factors: Sequence[str] | None = None,
    with_factors: bool = True,
    has_callback: bool = True,
) -> Generator[World]:
    """
    Serve the application for a block.

    Args:
        storage: where it keeps what it keeps.
        more: further recipes.
        first_factors: as of `multifactorauth.init`.
        with_factors: whether it asks for several factors at all.
        has_callback: whether it says whom to link.
    """
    holders, asked = set[str](), dict[str, object]()

    @GetMfaRequirementsForAuth.override
    async def ask(call: GetMfaRequirementsForAuth) -> MFARequirementList:
        user = await call.user()
        if user.id in asked:
            return cast("MFARequirementList", asked[user.id])  # or what is none: that is tried
        return await call.original()

    async def should_link(
        account: AccountInfoWithRecipeIdAndUserId,
        user: User | None,
        _session: SessionContainer | None,
        _tenant_id: str,
        _context: UserContext,
    ) -> ShouldNotAutomaticallyLink | ShouldAutomaticallyLink:
        if (account.email or "").endswith("@no.example"):
            return ShouldNotAutomaticallyLink()
        return ShouldAutomaticallyLink(should_require_verification=False)

    several: list[RecipeEntry] = [
        PaperSetup(Paper(holders)),
        multifactorauth.init(first_factors, multifactorauth.InputOverrideConfig(functions=ask)),
    ]
    auth = init(
        InputAppInfo(app_name="Test", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
        [
            emailpassword.init(),
            session.init(),
            accountlinking.init(should_do_automatic_account_linking=should_link if has_callback else None),
            *(several if with_factors else []),
            *more,
        ],
        storage=storage,
        storage_options=PATIENT,
        storage_wait_s=PATIENCE_S,
        secret="0123456789abcdef0123456789abcdef",
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        default=False,
    )
    try:
        with (
            serving(web_app(auth)) as address,
            httpx2.Client(base_url=address, verify=False, timeout=PATIENCE_S) as client,
        ):
            yield World(auth, client, holders, asked)
    finally:
        auth.close()

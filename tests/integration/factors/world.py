"""Applications that ask for several factors, in memory, and what comes of a combination there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from itertools import product
from typing import ClassVar, Final

import attrs
from typing_extensions import override

from authweave.app import App, init
from authweave.extending import FactorOwner, FactorsContribution, Recipe, RecipeEntry, Services
from authweave.kernel import UserContext
from authweave.recipe import (
    accountlinking,
    emailpassword,
    multifactorauth,
    passwordless,
    session,
    thirdparty,
    totp,
    webauthn,
)
from authweave.recipe.accountlinking import AccountLinkingRecipe
from authweave.recipe.accountlinking.signing_in import FirstFactor
from authweave.recipe.multifactorauth import (
    FactorConfigurationError,
    GetMfaRequirementsForAuth,
    MFARequirementList,
    MultiFactorAuthRecipe,
)
from authweave.recipe.multifactorauth.multi_factor_auth_claim import MultiFactorAuthClaim
from authweave.recipe.multitenancy import MultitenancyRecipe, TenantConfigCreateOrUpdate
from authweave.recipe.passwordless import ContactEmailOrPhoneConfig
from authweave.recipe.session import SessionContainer, SessionFactors, SessionRecipe, session_factors
from authweave.recipe.session.claims import SessionClaimValidator
from authweave.recipe.session.exceptions import InvalidClaimsError, UnauthorisedError
from authweave.recipe.session.interfaces import SessionContent, SessionOptions, no_claim_validators
from authweave.security import PasswordHasher
from authweave.storage import LoginRecord
from authweave.storage.memory import MemoryStorage
from authweave.types import JSON, BaseRequest, InputAppInfo, RecipeUserId, User

from .cases import ASKED_OF_ROUTE, METHODS, NAMED, REQUIRED, TRIED, Case, Step
from .expected import Outcome

CONTEXT: Final[UserContext] = {}
FREE: Final = SessionOptions(override_global_claim_validators=no_claim_validators)
NONSENSE: Final[JSON] = {"c": ["totp", "card"], "v": "true"}


class Store(MemoryStorage):
    """
    A store to which login methods of any recipe can be added.

    Attributes:
        reads_at_once: whether reads by key are made on the loop: they are.
    """

    reads_at_once: ClassVar[bool] = True

    def add(self, login: LoginRecord) -> None:
        """Add one, in all tenants."""
        with self._core.transaction():
            self._core.add_user(login)
            self._core.memberships[login.recipe_user_id] = frozenset(self._core.tenants)


@attrs.frozen
class Devices(FactorOwner):
    """
    Says of users that they have set up what a combination wants, beside what their login methods are.

    Attributes:
        set_up: which factors that are.
    """

    set_up: set[str]

    @override
    def second_factors(self, services: Services) -> Sequence[str]:
        return ()

    @override
    async def set_up_for(self, services: Services, user: User, user_context: UserContext) -> Sequence[str]:
        return [*self.set_up]


@attrs.frozen
class DevicesRecipe(Recipe):
    """The recipe of them."""

    recipe_id: ClassVar[str] = "devices"

    @override
    def composed(self) -> Mapping[str, object]:
        return {}


@attrs.frozen
class DevicesSetup(RecipeEntry):
    """The same, as an application lists it."""

    owner: Devices
    recipe_id: ClassVar[str] = "devices"

    @override
    def contributions(self) -> Sequence[object]:
        return (FactorsContribution(owner=self.owner),)

    @override
    def build(self, services: Services) -> DevicesRecipe:
        return DevicesRecipe()


def listed(
    _usual: Sequence[SessionClaimValidator], _session: SessionContainer, _context: UserContext
) -> Sequence[SessionClaimValidator]:
    """Ask for a list in the place of what is asked."""
    return [MultiFactorAuthClaim.validators.has_completed_requirement_list(ASKED_OF_ROUTE)]


@attrs.define
class Tokens:
    """The tokens that a client has."""

    access: str = ""
    refresh: str = ""

    def copy(self) -> Tokens:
        """Return others like them."""
        return Tokens(self.access, self.refresh)

    def take(self, request: BaseRequest) -> None:
        """Keep those of an answer."""
        self.access = next(iter(request.changes.get_all("st-access-token")), self.access)
        self.refresh = next(iter(request.changes.get_all("st-refresh-token")), self.refresh)


class World:
    """
    An application.

    Args:
        of_application: the first factors that it names, by the key in `NAMED`.
    """

    def __init__(self, of_application: str) -> None:
        self.of_application: str = of_application
        self.asked: MFARequirementList | None = None
        self.set_up = set[str]()
        self.runner = asyncio.Runner()

        @GetMfaRequirementsForAuth.override
        async def ask(call: GetMfaRequirementsForAuth) -> MFARequirementList:
            return await call.original() if self.asked is None else self.asked

        store = Store()
        self.app: App = init(
            InputAppInfo(app_name="Test", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
            [
                emailpassword.init(),
                thirdparty.init(),
                passwordless.init(ContactEmailOrPhoneConfig(), "USER_INPUT_CODE_AND_MAGIC_LINK"),
                webauthn.init(),
                totp.init(),
                DevicesSetup(Devices(self.set_up)),
                accountlinking.init(),
                session.init(),
                multifactorauth.init(NAMED[of_application], multifactorauth.InputOverrideConfig(functions=ask)),
            ],
            storage=store,
            secret=b"s" * 32,
            passwords=PasswordHasher(memory_kib=8, time_cost=1),
            storage_threads=1,
            purge_interval_s=None,
            event_retention_s=None,
            default=False,
        )
        self.runner.run(self.make_tenants())
        for method, required in product(METHODS, REQUIRED):
            self.make_user(store, method, required)

    async def make_tenants(self) -> None:
        """Make one of each kind."""
        functions = self.app.recipe(MultitenancyRecipe).functions
        for named, required in product(NAMED, REQUIRED):
            change = TenantConfigCreateOrUpdate({}, NAMED[named], required)
            await functions.create_or_update_tenant(tenant_of(named, required), change, CONTEXT)

    def make_user(self, store: Store, method: str, required: Sequence[str]) -> None:
        """Make a user of whom something is required, with a login method."""
        recipe_id, _, means = method.partition(" by ")
        login_id, is_provider = user_of(method, required), recipe_id == "thirdparty"
        store.add(
            LoginRecord(
                user_id=login_id,
                recipe_user_id=login_id,
                recipe_id=recipe_id,
                tenant_id="public",
                email=None if means == "phone" else f"{login_id}@example.com",
                phone_number=f"+493012345{REQUIRED.index(tuple(required))}" if means == "phone" else None,
                provider_id="corp" if is_provider else None,
                subject=login_id if is_provider else None,
                time_joined_ms=1,
            )
        )
        add = self.app.recipe(MultiFactorAuthRecipe).functions.add_to_required_secondary_factors_for_user
        for each in required:
            self.runner.run(add(login_id, each, CONTEXT))

    def close(self) -> None:
        """End it."""
        self.app.close()
        self.runner.close()

    def outcome(self, case: Case) -> Outcome:
        """Try a combination, and forget the session."""
        return self.runner.run(self.tried(case))

    async def tried(self, case: Case) -> Outcome:
        """Do so."""
        user_id = user_of(case.method, case.asking.of_user)
        tenant_id = tenant_of(case.of_tenant, case.asking.of_tenant)
        self.set_up.clear()
        self.set_up.update(case.set_up)
        self.asked = [] if case.kind == "former" else case.asking.instead
        tokens = Tokens()
        try:
            request = self.request("post", "/auth/signin", tokens)
            with self.app.serve_context(request) as context:
                made = await self.make_session(case, request, user_id, tenant_id, context)
        except UnauthorisedError:
            return Outcome(signed_in=False)
        tokens.take(request)
        self.asked = case.asking.instead
        steps = [await self.show(factor, tokens) for factor in case.shown]
        steps += [await self.take(step, tokens) for step in case.steps]
        outcome = Outcome(
            signed_in=True,
            steps=tuple(steps),
            routes=(
                await self.route(tokens, SessionOptions()),
                await self.route(tokens, SessionOptions(override_global_claim_validators=listed)),
                await self.route(tokens, FREE),
            ),
            set_up=tuple([await self.may_set_up(factor, tokens) for factor in TRIED]),
        )
        await self.app.recipe(SessionRecipe).functions.revoke_session(made.get_handle(), CONTEXT)
        return outcome

    async def make_session(
        self, case: Case, request: BaseRequest, user_id: str, tenant_id: str, context: UserContext
    ) -> SessionContainer:
        """Sign in as recipes do, or have the application make a session by itself."""
        login_id = RecipeUserId(user_id)
        if case.kind in {"own", "spoilt"}:
            payload: dict[str, JSON] = {} if case.kind == "own" else {"st-mfa": NONSENSE}
            return await self.app.recipe(SessionRecipe).requests.create_new_session(
                request,
                user_id=user_id,
                recipe_user_id=login_id,
                tenant_id=tenant_id,
                content=SessionContent(access_token_payload=payload),
                user_context=context,
            )
        machine = self.app.recipe(AccountLinkingRecipe).signing_in
        await machine.check_factors(
            FirstFactor(), [case.first], tenant_id=tenant_id, session=None, user_context=context
        )
        user = self.app.services.storage.find_user(user_id)
        assert user is not None
        _, made = await machine.session_for(
            request,
            user,
            login_id,
            tenant_id=tenant_id,
            session=None,
            user_context=context,
            factor_id=case.first,
        )
        return made

    async def take(self, step: Step, tokens: Tokens) -> int:
        """Take a step; return the status."""
        return await (self.ask("put", "/auth/mfa/info", tokens) if step == "info" else self.refresh(tokens))

    async def show(self, factor: str, tokens: Tokens) -> int:
        """Show a factor, as recipes do that have looked at it."""

        async def mark(container: SessionContainer, context: UserContext) -> None:
            await self.factors.mark_complete(container, factor, context)

        return await self.with_session(tokens, mark)

    async def may_set_up(self, factor: str, tokens: Tokens) -> str:
        """Return whether a factor may be set up, or why not."""
        said: list[str] = []

        async def check(container: SessionContainer, context: UserContext) -> None:
            try:
                await self.factors.require_may_set_up(container, factor, context)
            except InvalidClaimsError as error:
                (only,) = error.payload
                assert isinstance(only.reason, Mapping)
                said.append(str(only.reason["message"]))
            else:
                said.append("allowed")

        status = await self.with_session(tokens.copy(), check)
        return said[0] if status == 200 else "unauthorised"

    async def with_session(
        self, tokens: Tokens, work: Callable[[SessionContainer, UserContext], Awaitable[None]]
    ) -> int:
        """Do something with the session of a request; return the status, and keep the tokens of an answer."""
        request = self.request("post", "/own", tokens)
        with self.app.serve_context(request) as context:
            try:
                found = await self.app.recipe(SessionRecipe).requests.get_session(request, FREE, user_context=context)
                assert found is not None
                await work(found, context)
            except UnauthorisedError:
                return 401
        tokens.take(request)
        return 200

    async def route(self, tokens: Tokens, options: SessionOptions) -> int:
        """Ask for a route of the application's; return the status."""
        request = self.request("get", "/me", tokens)
        with self.app.serve_context(request) as context:
            try:
                await self.app.recipe(SessionRecipe).requests.get_session(request, options, user_context=context)
            except InvalidClaimsError:
                return 403
            except UnauthorisedError:
                return 401
        return 200

    async def ask(self, method: str, path: str, tokens: Tokens) -> int:
        """Ask for a route of the library's; return the status, and keep the tokens of an answer."""
        request = self.request(method, path, tokens)
        matched = self.app.endpoints.match(request)
        assert matched is not None
        with self.app.serve_context(request) as context:
            try:
                response = await self.app.endpoints.answer(request, matched, context)
            except FactorConfigurationError:
                return 500
        if response.status == 200:
            tokens.take(request)
        return response.status

    async def refresh(self, tokens: Tokens) -> int:
        """Refresh the session; return the status, and keep the new tokens."""
        with_refresh = Tokens(access=tokens.refresh)
        status = await self.ask("post", "/auth/session/refresh", with_refresh)
        tokens.access, tokens.refresh = with_refresh.access, with_refresh.refresh
        return status

    def request(self, method: str, path: str, tokens: Tokens) -> BaseRequest:
        """Return a request with the access token that a client has."""
        return BaseRequest(method, path, [*SENT, ("authorization", f"Bearer {tokens.access}")], "", no_body)

    @property
    def factors(self) -> SessionFactors:
        """The recipe, as those that sign people in meet it."""
        found = session_factors(self.app.services)
        assert found is not None
        return found


SENT: Final = (("content-type", "application/json"), ("st-auth-mode", "header"))


async def no_body() -> bytes:
    """Return what a request without content has."""
    return b""


def tenant_of(named: str, required: Sequence[str]) -> str:
    """Return the id of a tenant."""
    return f"t-{list(NAMED).index(named)}-{REQUIRED.index(tuple(required))}"


def user_of(method: str, required: Sequence[str]) -> str:
    """Return the id of a user."""
    return f"{method.replace(' ', '-')}-{REQUIRED.index(tuple(required))}"

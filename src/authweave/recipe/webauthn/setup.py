"""How an application switches the recipe on, and what it gets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Final, Generic, cast

import attrs
from typing_extensions import TypeVar, override

from authweave.extending import (
    Check,
    EmailContribution,
    FactorsContribution,
    OfferedLogin,
    Recipe,
    RecipeEntry,
    Services,
    UserMail,
    check_options,
    require_extra,
)
from authweave.http import Route
from authweave.ingredients.emaildelivery import EmailDelivery, EmailDeliveryConfig
from authweave.kernel import UserContext
from authweave.one_time_tokens import ONE_TIME_TOKENS, OneTimeTokens
from authweave.recipe.accountlinking import AccountLinkingRecipe
from authweave.recipe.accountlinking import init as account_linking
from authweave.recipe.attempts import AttemptsRecipe
from authweave.recipe.attempts import init as limited_attempts
from authweave.recipe.session import SessionRecipe, SignIns, kept_sessions
from authweave.storage import StorePart
from authweave.types import LoginMethod, User

from .config import WebauthnConfig, WebauthnOverrideConfig
from .interfaces.api import APIInterface
from .interfaces.recipe import RecipeInterface
from .recovery.mails import Mails
from .settings import PasskeySettings
from .store import PARTS
from .types import GenerateRecoverAccountTokenResponse, TypeWebauthnEmailDeliveryInput

ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)
ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)

RECIPE_ID: Final = "webauthn"


@attrs.frozen(kw_only=True)
class WebauthnRecipe(Recipe, Generic[ContextT_contra]):
    """
    The recipe at work in an application.

    Attributes:
        settings: what `init` was told.
        functions: the composed functions.
        apis: the composed APIs.
        mails: sends the mails of the recipe.
    """

    recipe_id: ClassVar[str] = RECIPE_ID
    settings: PasskeySettings
    functions: RecipeInterface[ContextT_contra]
    apis: APIInterface[ContextT_contra]
    sign_ins: SignIns = attrs.field(repr=False)
    mails: Mails = attrs.field(repr=False)
    services: Services = attrs.field(repr=False)

    @property
    def for_any_context(self) -> RecipeInterface[UserContext]:
        """The composed functions, as those call them that have no context of the application's type."""
        # A context has no key that must be there, so every context is one of the application's type.
        return cast("RecipeInterface[UserContext]", self.functions)  # handed every context

    @override
    def composed(self) -> Mapping[str, object]:
        """Return the composed functions and APIs."""
        return {"functions": self.functions, "apis": self.apis}

    @override
    def routes(self) -> Sequence[Route]:
        """Return what the pages ask that make and use passkeys."""
        from .routes import WebauthnRoutes

        apis = cast("APIInterface[UserContext]", self.apis)  # handed every context
        sessions = self.services.recipe(SessionRecipe).requests
        return WebauthnRoutes(
            self.services.app_info, self.settings, self.for_any_context, apis, self.sign_ins, sessions
        ).routes()

    @override
    async def offered_login(
        self, tenant_id: str, client_type: str | None, user_context: UserContext
    ) -> OfferedLogin | None:
        """Return that people sign in with passkeys, where they get sessions."""
        del tenant_id, client_type, user_context
        return OfferedLogin("webauthn", (RECIPE_ID,)) if self.sign_ins.are_served else None

    @override
    def checks(self) -> Sequence[Check]:
        """Return what is looked at before people use the application."""
        from .checks import WebauthnChecks
        from .relying_party import RelyingParties

        return WebauthnChecks(RelyingParties(self.services.app_info, self.settings)).checks()

    @override
    def user_mails(self) -> Sequence[UserMail]:
        """Return the mail with a link that recovers an account."""
        return (UserMail("recovery", "Send the mail for a new passkey", is_recovered_by_mail, self.send_again),)

    async def send_again(self, user: User, method: LoginMethod, user_context: UserContext) -> None:
        """Send it to the address of a login method, unless that was changed meanwhile."""
        del user
        if method.email is not None:
            login_id = method.recipe_user_id.get_as_string()
            await self.send_recovery_link(method.tenant_ids[0], login_id, method.email, user_context)

    async def send_recovery_link(self, tenant_id: str, user_id: str, email: str, user_context: UserContext) -> bool:
        """Send a link to recover an account to a user's address. Return whether there is such a login method."""
        user = await self.services.off_loop(self.services.storage.find_user, user_id)
        methods = () if user is None else user.login_methods
        method = next((each for each in methods if each.recipe_id == RECIPE_ID and each.has_same_email_as(email)), None)
        if user is None or method is None or tenant_id not in method.tenant_ids:
            return False
        login_id, address = method.recipe_user_id, method.email or email
        made = await self.for_any_context.generate_recover_account_token(
            login_id.get_as_string(), address, tenant_id, user_context
        )
        if not isinstance(made, GenerateRecoverAccountTokenResponse):
            return False
        mail = self.mails.mail(user.id, login_id, address, made.token, tenant_id, user_context)
        await self.mails.delivery.send_email_or_raise(mail, user_context)
        return True


def is_recovered_by_mail(method: LoginMethod) -> bool:
    """Return whether a login method has passkeys that are good somewhere."""
    return method.recipe_id == RECIPE_ID and bool(method.tenant_ids)


@attrs.frozen
class WebauthnSetup(RecipeEntry[ContextT_contra]):
    """The recipe as an application wants it. Made by `init`, built when the application is."""

    settings: PasskeySettings
    overrides: WebauthnOverrideConfig[ContextT_contra] = attrs.field(repr=False)
    email_delivery: EmailDeliveryConfig[TypeWebauthnEmailDeliveryInput] | None = attrs.field(default=None, repr=False)
    recipe_id: ClassVar[str] = RECIPE_ID
    needs: ClassVar[tuple[str, ...]] = (
        SessionRecipe.recipe_id,
        AttemptsRecipe.recipe_id,
        AccountLinkingRecipe.recipe_id,
    )
    store: ClassVar[tuple[StorePart[object], ...]] = (*PARTS, ONE_TIME_TOKENS)

    @override
    def brought(self) -> Sequence[RecipeEntry]:
        """Return the recipes that limit how many mails are sent, end sessions with a recovery, and link accounts."""
        return (limited_attempts(), kept_sessions(), account_linking())

    @override
    def contributions(self) -> Sequence[object]:
        """Return the addresses of login methods, and passkeys as a second factor, for the recipes that ask."""
        from .owner import PasskeyAddresses
        from .second_factor import PasskeyFactor

        return (EmailContribution(owner=PasskeyAddresses()), FactorsContribution(owner=PasskeyFactor()))

    @override
    def build(self, services: Services) -> WebauthnRecipe[ContextT_contra]:
        """Compose the recipe. Overrides that do not fit are noted in ``services.faults``."""
        from authweave.recipe.accountlinking.recovering import RecoveryDecisions

        from .apis import APIImplementation
        from .ceremony_options import OptionsDesk
        from .recipe_implementation import RecipeImplementation
        from .recovery.recovering import PASSKEYS, Recovering
        from .recovery.requesting import Requesting
        from .relying_party import RelyingParties

        sessions = services.recipe(SessionRecipe)
        sign_ins = SignIns(sessions.requests, are_served=sessions.is_listed)
        signing_in = services.recipe(AccountLinkingRecipe).signing_in
        attempts = services.recipe(AttemptsRecipe).attempts
        services.storage.part(ONE_TIME_TOKENS)  # a store that was opened without it is refused now
        tokens = OneTimeTokens(services.storage, services.clock, services.random_bytes)
        lifetime_s = self.settings.recovery_lifetime_s
        mails = Mails(services, EmailDelivery(services, RECIPE_ID, self.email_delivery, lifetime_s=lifetime_s))
        parties = RelyingParties(services.app_info, self.settings)
        desk = OptionsDesk(services, self.settings, parties)
        decisions = RecoveryDecisions(signing_in.linking, PASSKEYS)
        functions: RecipeInterface[ContextT_contra] = RecipeImplementation(
            self.settings, services, desk, tokens, signing_in
        )
        apis: APIInterface[ContextT_contra] = APIImplementation(
            signing_in,
            services,
            parties,
            Requesting(services, attempts, tokens, mails, decisions),
            Recovering(services, tokens, sessions.functions, signing_in.linking),
        )
        return WebauthnRecipe(
            settings=self.settings,
            functions=services.compose(functions, self.overrides.functions),
            apis=services.compose(apis, self.overrides.apis),
            sign_ins=sign_ins,
            mails=mails,
            services=services,
        )


def init(config: WebauthnConfig[ContextT] | None = None) -> WebauthnSetup[ContextT]:
    """
    Switch the recipe on.

    The answers of ``POST /webauthn/signup`` and ``GET /webauthn/email/exists`` tell anybody whether an address is
    known; the frontends rely on that. Signing in never tells.

    Args:
        config: how people sign in with passkeys; as SuperTokens does it, by default.

    Returns:
        An entry for the ``recipe_list`` of `authweave.init`.

    Raises:
        authweave.types.ConfigurationError: some of it cannot be, or the extra ``webauthn`` is not installed.
    """
    check_options("webauthn.init", init, locals())
    require_extra("webauthn.init", "webauthn", "webauthn")
    wanted = config or WebauthnConfig[ContextT]()
    return WebauthnSetup(
        wanted.settings(), wanted.override or WebauthnOverrideConfig[ContextT](), wanted.email_delivery
    )

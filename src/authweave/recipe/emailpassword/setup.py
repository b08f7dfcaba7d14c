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
    RecipeOverrides,
    Services,
    UserMail,
    check_options,
)
from authweave.http import ErrorResponse, Exchange, Route, error_response
from authweave.ingredients.emaildelivery import EmailDelivery, EmailDeliveryConfig
from authweave.kernel import UserContext
from authweave.one_time_tokens import ONE_TIME_TOKENS, OneTimeTokens
from authweave.recipe.accountlinking import AccountLinkingRecipe
from authweave.recipe.accountlinking import init as account_linking
from authweave.recipe.attempts import AttemptsRecipe
from authweave.recipe.attempts import init as limited_attempts
from authweave.recipe.session import SessionRecipe, SignIns, kept_sessions
from authweave.storage import StorePart
from authweave.types import AppInfo, LoginMethod, Response, User

from .addresses import Logins
from .config import EmailPasswordConfig, InputSignUpFeature, PasswordResetFeature
from .exceptions import FieldError
from .interfaces import APIInterface, RecipeInterface
from .reset.mails import Mails
from .reset.resetting import PASSWORDS, Resetting
from .store import PARTS
from .types import CreateResetPasswordOkResult, EmailTemplateVars

ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)
ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)

RECIPE_ID: Final = "emailpassword"


@attrs.frozen
class InputOverrideConfig(RecipeOverrides[RecipeInterface[ContextT], APIInterface[ContextT]], Generic[ContextT]):
    """Overrides of the recipe."""


EmailPasswordOverrideConfig = InputOverrideConfig
"""The same, by SuperTokens's newer name."""


@attrs.frozen(kw_only=True)
class EmailPasswordRecipe(Recipe, Generic[ContextT_contra]):
    """
    The recipe at work in an application.

    Attributes:
        functions: the composed functions.
        apis: the composed APIs.
        resetting: resets passwords with tokens.
        mails: sends the mails of the recipe.
    """

    recipe_id: ClassVar[str] = RECIPE_ID
    config: EmailPasswordConfig
    functions: RecipeInterface[ContextT_contra]
    apis: APIInterface[ContextT_contra]
    sign_ins: SignIns = attrs.field(repr=False)
    logins: Logins = attrs.field(repr=False)
    resetting: Resetting = attrs.field(repr=False)
    mails: Mails = attrs.field(repr=False)
    app_info: AppInfo = attrs.field(repr=False)

    @override
    def composed(self) -> Mapping[str, object]:
        """Return the composed functions and APIs."""
        return {"functions": self.functions, "apis": self.apis}

    @override
    def routes(self) -> Sequence[Route]:
        """Return what the forms ask."""
        from .routes import EmailPasswordRoutes

        # A context has no key that must be there, so every context is one of the application's type.
        functions = cast("RecipeInterface[UserContext]", self.functions)  # handed every context
        apis = cast("APIInterface[UserContext]", self.apis)  # likewise
        return EmailPasswordRoutes(
            self.app_info, self.config, functions, apis, self.sign_ins, self.logins, self.resetting
        ).routes()

    @override
    def error_responses(self) -> Sequence[ErrorResponse]:
        """Return how an override's word on the fields of a form is answered."""
        return (error_response(FieldError, self.respond_to),)

    async def respond_to(self, exchange: Exchange, error: FieldError) -> Response:
        """Return the answer to a form with faults."""
        del exchange
        return Response.from_json({"status": "FIELD_ERROR", "formFields": error.get_json_form_fields()})

    @override
    async def offered_login(
        self, tenant_id: str, client_type: str | None, user_context: UserContext
    ) -> OfferedLogin | None:
        """Return that people sign in with a password, where they get sessions."""
        del tenant_id, client_type, user_context
        return OfferedLogin("emailPassword", (RECIPE_ID,)) if self.sign_ins.are_served else None

    @override
    def checks(self) -> Sequence[Check]:
        """Return what is looked at before people use the application."""
        from .checks import EmailPasswordChecks

        return EmailPasswordChecks(self.config, self.mails.services).checks()

    @override
    def user_mails(self) -> Sequence[UserMail]:
        """Return the mail with a link that resets a password."""
        label = "Send the mail for a new password"
        return (UserMail("reset", label, is_reset_by_mail, self.send_again),)

    async def send_again(self, user: User, method: LoginMethod, user_context: UserContext) -> None:
        """Send it to the address of a login method, unless that was changed meanwhile."""
        del user
        login_id, email, tenant_id = method.recipe_user_id.get_as_string(), method.email, method.tenant_ids[0]
        if email is not None:
            await self.send_reset_link(tenant_id, login_id, email, user_context)

    async def send_reset_link(self, tenant_id: str, user_id: str, email: str, user_context: UserContext) -> bool:
        """Send a link to reset a password to a user's address. Return whether there is such a login method."""
        functions = cast("RecipeInterface[UserContext]", self.functions)  # handed every context
        found = await self.resetting.find_method(tenant_id, user_id, email)
        if found is None:
            return False
        owner, login = found
        made = await functions.create_reset_password_token(
            login.recipe_user_id.get_as_string(), email, tenant_id, user_context
        )
        if not isinstance(made, CreateResetPasswordOkResult):
            return False
        mail = self.mails.mail(
            owner.id, login.recipe_user_id, login.email or email, made.token, tenant_id, user_context
        )
        await self.mails.delivery.send_email_or_raise(mail, user_context)
        return True


def is_reset_by_mail(method: LoginMethod) -> bool:
    """Return whether a login method has a password that is good somewhere: in no tenant there is none to reset."""
    return method.recipe_id == RECIPE_ID and bool(method.tenant_ids)


@attrs.frozen
class EmailPasswordSetup(RecipeEntry[ContextT_contra]):
    """The recipe as an application wants it. Made by `init`, built when the application is."""

    config: EmailPasswordConfig
    overrides: InputOverrideConfig[ContextT_contra] = attrs.field(repr=False)
    email_delivery: EmailDeliveryConfig[EmailTemplateVars] | None = attrs.field(default=None, repr=False)
    recipe_id: ClassVar[str] = RECIPE_ID
    needs: ClassVar[tuple[str, ...]] = (
        SessionRecipe.recipe_id,
        AttemptsRecipe.recipe_id,
        AccountLinkingRecipe.recipe_id,
    )
    store: ClassVar[tuple[StorePart[object], ...]] = (*PARTS, ONE_TIME_TOKENS)

    @override
    def brought(self) -> Sequence[RecipeEntry]:
        """Return the recipes that limit how many sign-ins may fail, end sessions with a reset, and link accounts."""
        return (limited_attempts(), kept_sessions(), account_linking())

    @override
    def contributions(self) -> Sequence[object]:
        """Return the addresses of logins, for a recipe that verifies them, and the password as a factor."""
        from .factor import PasswordFactor
        from .owner import LoginAddresses

        return (EmailContribution(owner=LoginAddresses()), FactorsContribution(owner=PasswordFactor()))

    @override
    def build(self, services: Services) -> EmailPasswordRecipe[ContextT_contra]:
        """Compose the recipe. Overrides that do not fit are noted in ``services.faults``."""
        from authweave.recipe.accountlinking.recovering import RecoveryDecisions

        from .apis import APIImplementation
        from .functions import RecipeImplementation
        from .reset.requesting import Requesting

        sessions = services.recipe(SessionRecipe)
        sign_ins = SignIns(sessions.requests, are_served=sessions.is_listed)
        signing_in = services.recipe(AccountLinkingRecipe).signing_in
        logins = Logins(services)
        attempts = services.recipe(AttemptsRecipe).attempts
        services.storage.part(ONE_TIME_TOKENS)  # a store that was opened without it is refused now
        tokens = OneTimeTokens(services.storage, services.clock, services.random_bytes)
        lifetime_s = self.config.password_reset.lifetime_s
        mails = Mails(services, EmailDelivery(services, RECIPE_ID, self.email_delivery, lifetime_s=lifetime_s))
        resetting = Resetting(self.config, services, tokens, sessions.functions, signing_in.linking)
        decisions = RecoveryDecisions(signing_in.linking, PASSWORDS)
        requesting = Requesting(services, attempts, tokens, mails, decisions, logins)
        functions: RecipeInterface[ContextT_contra] = RecipeImplementation(
            self.config, services, attempts, tokens, sessions.functions, signing_in
        )
        apis: APIInterface[ContextT_contra] = APIImplementation(
            signing_in, services, logins, attempts, requesting, resetting
        )
        return EmailPasswordRecipe(
            config=self.config,
            functions=services.compose(functions, self.overrides.functions),
            apis=services.compose(apis, self.overrides.apis),
            sign_ins=sign_ins,
            logins=logins,
            resetting=resetting,
            mails=mails,
            app_info=services.app_info,
        )


def init(
    sign_up_feature: InputSignUpFeature | None = None,
    override: InputOverrideConfig[ContextT] | None = None,
    email_delivery: EmailDeliveryConfig[EmailTemplateVars] | None = None,
    *,
    sign_up_api: bool | None = True,
    email_exists_api: bool | None = True,
    password_reset: PasswordResetFeature | None = None,
) -> EmailPasswordSetup[ContextT]:
    """
    Switch the recipe on.

    The answers of ``POST /signup`` and ``GET /emailpassword/email/exists`` tell anybody whether an address is known;
    the frontends rely on that. Where it must stay secret, switch both off: create users by the recipe's functions.
    Signing in never tells.

    Args:
        sign_up_feature: what the sign-up form asks for; email and password by default.
        override: overrides of the recipe's functions and APIs.
        email_delivery: how the mails of this recipe are sent, where that is another way than the application's.
        sign_up_api: whether to serve ``POST /signup``.
        email_exists_api: whether to serve ``GET /emailpassword/email/exists``.
        password_reset: how forgotten passwords are reset, and whether they are.

    Returns:
        An entry for the ``recipe_list`` of `authweave.init`.

    Raises:
        authweave.types.ConfigurationError: a form field is declared twice, or a time cannot be one.
    """
    check_options("emailpassword.init", init, locals())
    config = EmailPasswordConfig.of(
        sign_up_feature or InputSignUpFeature(),
        sign_up_api=sign_up_api is not False,
        email_exists_api=email_exists_api is not False,
        password_reset=password_reset,
    )
    return EmailPasswordSetup(config, override or InputOverrideConfig[ContextT](), email_delivery)

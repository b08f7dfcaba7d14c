"""How an application switches the recipe on, and what it gets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Final, Generic, cast

import attrs
from typing_extensions import TypeVar, override

from authweave.extending import (
    EmailContribution,
    Recipe,
    RecipeEntry,
    RecipeOverrides,
    Services,
    check_options,
)
from authweave.http import Route
from authweave.ingredients.emaildelivery import EmailDelivery
from authweave.ingredients.emaildelivery.types import EmailDeliveryConfig
from authweave.kernel import UserContext
from authweave.recipe.attempts import AttemptsRecipe
from authweave.recipe.attempts import init as limited_attempts
from authweave.recipe.session import SessionContribution, SessionRecipe
from authweave.storage import StorePart

from .addresses import LoginEmails
from .claim import EmailVerificationClaimClass
from .config import EmailVerificationConfig
from .interfaces import APIInterface, ContextT_contra, GetEmailForRecipeUserId, RecipeInterface
from .mails import Mails
from .sessions import VerifiedSessions
from .store import PARTS
from .types import EmailTemplateVars, Mode
from .verifier import Verifier

ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)

RECIPE_ID: Final = "emailverification"


@attrs.frozen
class InputOverrideConfig(RecipeOverrides[RecipeInterface[ContextT], APIInterface[ContextT]], Generic[ContextT]):
    """Overrides of the recipe."""


@attrs.frozen(kw_only=True)
class EmailVerificationRecipe(Recipe, Generic[ContextT_contra]):
    """
    The recipe at work in an application.

    Attributes:
        functions: the composed functions.
        apis: the composed APIs.
        claim: `EmailVerificationClaim`, fetched by this application, whichever is the default.
        addresses: finds the addresses of login methods.
        mails: sends links.
    """

    recipe_id: ClassVar[str] = RECIPE_ID
    config: EmailVerificationConfig
    functions: RecipeInterface[ContextT_contra]
    apis: APIInterface[ContextT_contra]
    claim: EmailVerificationClaimClass
    addresses: LoginEmails = attrs.field(repr=False)
    mails: Mails = attrs.field(repr=False)
    services: Services = attrs.field(repr=False)

    @property
    def for_any_context(self) -> RecipeInterface:
        """The composed functions, as those call them that have no context of the application's type."""
        # A context has no key that must be there, so every context is one of the application's type.
        return cast("RecipeInterface", self.functions)  # handed every context

    @override
    def composed(self) -> Mapping[str, object]:
        """Return the composed functions and APIs."""
        return {"functions": self.functions, "apis": self.apis}

    @override
    def routes(self) -> Sequence[Route]:
        """Return what the page that verifies addresses asks."""
        from .routes import EmailVerificationRoutes

        apis = cast("APIInterface", self.apis)  # handed every context, as the functions
        sessions = self.services.recipe(SessionRecipe).requests
        return EmailVerificationRoutes(
            self.services.app_info, self.config, self.for_any_context, apis, sessions
        ).routes()


@attrs.frozen
class EmailVerificationSetup(RecipeEntry[ContextT_contra]):
    """The recipe as an application wants it. Made by `init`, built when the application is."""

    config: EmailVerificationConfig
    overrides: InputOverrideConfig[ContextT_contra] = attrs.field(repr=False)
    recipe_id: ClassVar[str] = RECIPE_ID
    needs: ClassVar[tuple[str, ...]] = (SessionRecipe.recipe_id, AttemptsRecipe.recipe_id)
    store: ClassVar[tuple[StorePart[object], ...]] = PARTS

    @override
    def brought(self) -> Sequence[RecipeEntry]:
        """Return the recipe that limits how many mails are sent."""
        return (limited_attempts(),)

    @override
    def contributions(self) -> Sequence[object]:
        """Return the claim, which is asked for if the mode says so, and what other recipes tell of addresses."""
        claim = EmailVerificationClaimClass()
        validators = [claim.validators.is_verified()] if self.config.mode == "REQUIRED" else []
        return (SessionContribution([claim], validators), EmailContribution(verifier=Verifier()))

    @override
    def build(self, services: Services) -> EmailVerificationRecipe[ContextT_contra]:
        """Compose the recipe. Overrides that do not fit are noted in ``services.faults``."""
        from .apis import APIImplementation
        from .functions import RecipeImplementation

        claim = contributed_claim(services)
        session_recipe = services.recipe(SessionRecipe)
        attempts = services.recipe(AttemptsRecipe).attempts
        addresses = LoginEmails(services, self.config.get_email_for_recipe_user_id)
        mails = Mails(services.app_info, EmailDelivery(services, RECIPE_ID, self.config.email_delivery))
        sessions = VerifiedSessions(services, session_recipe, claim)
        functions: RecipeInterface[ContextT_contra] = RecipeImplementation(
            self.config, services, addresses, mails, attempts
        )
        apis: APIInterface[ContextT_contra] = APIImplementation(addresses, sessions, mails, attempts)
        recipe = EmailVerificationRecipe(
            config=self.config,
            functions=services.compose(functions, self.overrides.functions),
            apis=services.compose(apis, self.overrides.apis),
            claim=claim,
            addresses=addresses,
            mails=mails,
            services=services,
        )
        claim.bind(cast("EmailVerificationRecipe", recipe))  # handed every context
        return recipe


def contributed_claim(services: Services) -> EmailVerificationClaimClass:
    """Return the claim that the recipe has contributed to this application's sessions."""
    claims = (claim for each in services.contributions(SessionContribution) for claim in each.claims)
    return next(each for each in claims if isinstance(each, EmailVerificationClaimClass))


def init(
    mode: Mode,
    email_delivery: EmailDeliveryConfig[EmailTemplateVars] | None = None,
    get_email_for_recipe_user_id: GetEmailForRecipeUserId | None = None,
    override: InputOverrideConfig[ContextT] | None = None,
    *,
    verify_before_change: bool = True,
    email_verify_api: bool = True,
    is_email_verified_api: bool = True,
    generate_token_api: bool = True,
) -> EmailVerificationSetup[ContextT]:
    """
    Switch the recipe on.

    Args:
        mode: ``REQUIRED``: every route that asks for a session asks for a verified address, unless it says otherwise.
            ``OPTIONAL``: only those do that say so (`EmailVerificationClaim.validators.is_verified`).
        email_delivery: how its mails are delivered; by default as `authweave.init` says for all recipes.
        get_email_for_recipe_user_id: says which address a login method has that the application keeps itself. It
            returns `GetEmailForUserIdOkResult`, `EmailDoesNotExistError` for one without an address, or
            `UnknownUserIdError` to have the store asked.
        override: overrides of the recipe's functions and APIs.
        verify_before_change: whether an address is changed only when somebody has read the mail that is sent to the
            new one (OWASP ASVS 5.0, 6.3.7, and the Authentication Cheat Sheet, "Change E-mail", 2025). With False
            `update_email_or_password` changes it at once, as SuperTokens does, and the new one is not verified.
        email_verify_api: whether to serve ``POST /user/email/verify``.
        is_email_verified_api: whether to serve ``GET /user/email/verify``.
        generate_token_api: whether to serve ``POST /user/email/verify/token``.

    Returns:
        An entry for the ``recipe_list`` of `authweave.init`.

    Raises:
        authweave.types.ConfigurationError: an option is of the wrong type, the mode is another.
    """
    check_options("emailverification.init", init, locals())
    config = EmailVerificationConfig(
        mode=mode,
        email_delivery=email_delivery,
        get_email_for_recipe_user_id=get_email_for_recipe_user_id,
        verify_before_change=verify_before_change,
        email_verify_api=email_verify_api,
        is_email_verified_api=is_email_verified_api,
        generate_token_api=generate_token_api,
    )
    return EmailVerificationSetup(config, override or InputOverrideConfig[ContextT]())

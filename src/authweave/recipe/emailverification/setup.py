"""How an application switches the recipe on, and what it gets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Generic

import attrs
from typing_extensions import TypeVar, override

from authweave.extending import (
    EmailContribution,
    RecipeEntry,
    RecipeOverrides,
    Services,
    check_options,
)
from authweave.ingredients.emaildelivery import EmailDelivery
from authweave.ingredients.emaildelivery.types import EmailDeliveryConfig
from authweave.kernel import UserContext
from authweave.one_time_tokens import ONE_TIME_TOKENS
from authweave.recipe.accountlinking import AccountLinkingRecipe
from authweave.recipe.accountlinking import init as kept_linking
from authweave.recipe.attempts import AttemptsRecipe
from authweave.recipe.attempts import init as limited_attempts
from authweave.recipe.session import SessionContribution, SessionRecipe, kept_sessions
from authweave.storage import StorePart

from .addresses import LoginEmails
from .claim import EmailVerificationClaim
from .config import TOKEN_LIFETIME_S, EmailVerificationConfig
from .interfaces import APIInterface, GetEmailForRecipeUserId, RecipeInterface
from .mails import Mails
from .recipe import RECIPE_ID, EmailVerificationRecipe
from .sessions import VerifiedSessions
from .store import PARTS
from .types import EmailTemplateVars, Mode
from .verifier import Verifier

ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)
ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)


@attrs.frozen
class InputOverrideConfig(RecipeOverrides[RecipeInterface[ContextT], APIInterface[ContextT]], Generic[ContextT]):
    """Overrides of the recipe."""


EmailVerificationOverrideConfig = InputOverrideConfig
"""The same, by SuperTokens's newer name."""


@attrs.frozen
class EmailVerificationSetup(RecipeEntry[ContextT_contra]):
    """The recipe as an application wants it. Made by `init`, built when the application is."""

    config: EmailVerificationConfig
    overrides: InputOverrideConfig[ContextT_contra] = attrs.field(repr=False)
    recipe_id: ClassVar[str] = RECIPE_ID
    needs: ClassVar[tuple[str, ...]] = (
        SessionRecipe.recipe_id,
        AttemptsRecipe.recipe_id,
        AccountLinkingRecipe.recipe_id,
    )
    store: ClassVar[tuple[StorePart[object], ...]] = (*PARTS, ONE_TIME_TOKENS)

    @override
    def brought(self) -> Sequence[RecipeEntry]:
        """Return what limits how many mails are sent, what links who is verified, and whose sessions say so."""
        return (limited_attempts(), kept_linking(), kept_sessions())

    @override
    def contributions(self) -> Sequence[object]:
        """Return the claim, which is asked for if the mode says so, and what other recipes tell of addresses."""
        claim = EmailVerificationClaim
        validators = [claim.validators.is_verified()] if self.config.mode == "REQUIRED" else []
        return (SessionContribution([claim], validators, [claim]), EmailContribution(verifier=Verifier()))

    @override
    def build(self, services: Services) -> EmailVerificationRecipe[ContextT_contra]:
        """Compose the recipe. Overrides that do not fit are noted in ``services.faults``."""
        from .apis import APIImplementation
        from .functions import RecipeImplementation

        session_recipe = services.recipe(SessionRecipe)
        attempts = services.recipe(AttemptsRecipe).attempts
        addresses = LoginEmails(services, self.config.get_email_for_recipe_user_id)
        delivery = EmailDelivery(services, RECIPE_ID, self.config.email_delivery, lifetime_s=TOKEN_LIFETIME_S)
        mails = Mails(services.app_info, delivery)
        linking = services.recipe(AccountLinkingRecipe).linking
        sessions = VerifiedSessions(services, session_recipe, linking)
        functions: RecipeInterface[ContextT_contra] = RecipeImplementation(
            self.config, services, addresses, mails, attempts, linking
        )
        apis: APIInterface[ContextT_contra] = APIImplementation(addresses, sessions, mails, attempts)
        return EmailVerificationRecipe(
            config=self.config,
            functions=services.compose(functions, self.overrides.functions),
            apis=services.compose(apis, self.overrides.apis),
            addresses=addresses,
            mails=mails,
            services=services,
        )


def init(
    mode: Mode,
    email_delivery: EmailDeliveryConfig[EmailTemplateVars] | None = None,
    get_email_for_recipe_user_id: GetEmailForRecipeUserId | None = None,
    override: InputOverrideConfig[ContextT] | None = None,
    *,
    verify_before_change: bool | None = True,
    email_verify_api: bool | None = True,
    is_email_verified_api: bool | None = True,
    generate_token_api: bool | None = True,
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
        verify_before_change=verify_before_change is not False,
        email_verify_api=email_verify_api is not False,
        is_email_verified_api=is_email_verified_api is not False,
        generate_token_api=generate_token_api is not False,
    )
    return EmailVerificationSetup(config, override or InputOverrideConfig[ContextT]())

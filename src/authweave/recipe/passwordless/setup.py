"""How an application switches the recipe on, and what it gets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Generic

import attrs
from typing_extensions import TypeVar, override

from authweave.extending import (
    EmailContribution,
    FactorsContribution,
    RecipeEntry,
    RecipeOverrides,
    Services,
    VerifiedEmails,
    check_options,
    require_extra,
)
from authweave.ingredients.emaildelivery import EmailDelivery, EmailDeliveryConfig
from authweave.ingredients.smsdelivery import SMSDelivery, SMSDeliveryConfig
from authweave.kernel import UserContext
from authweave.recipe.accountlinking import AccountLinkingRecipe
from authweave.recipe.accountlinking import init as kept_linking
from authweave.recipe.attempts import AttemptsRecipe
from authweave.recipe.attempts import init as limited_attempts
from authweave.recipe.session import SessionRecipe, SignIns, kept_sessions
from authweave.storage import StorePart

from .codes import LIFETIME_MS, LinkCodes
from .config import ContactConfig, GetCustomUserInputCode, PasswordlessConfig
from .factors import PasswordlessFactors
from .interfaces import APIInterface, RecipeInterface
from .messages import Messages
from .recipe import RECIPE_ID, PasswordlessRecipe
from .store import PARTS
from .types import EmailTemplateVars, FlowType, SMSTemplateVars

ContextT = TypeVar("ContextT", bound=UserContext, default=UserContext)
ContextT_contra = TypeVar("ContextT_contra", bound=UserContext, default=UserContext, contravariant=True)


@attrs.frozen
class InputOverrideConfig(RecipeOverrides[RecipeInterface[ContextT], APIInterface[ContextT]], Generic[ContextT]):
    """Overrides of the recipe."""


PasswordlessOverrideConfig = InputOverrideConfig
"""The same, by SuperTokens's newer name."""


@attrs.frozen
class PasswordlessSetup(RecipeEntry[ContextT_contra]):
    """The recipe as an application wants it. Made by `init`, built when the application is."""

    config: PasswordlessConfig
    overrides: InputOverrideConfig[ContextT_contra] = attrs.field(repr=False)
    recipe_id: ClassVar[str] = RECIPE_ID
    needs: ClassVar[tuple[str, ...]] = (
        SessionRecipe.recipe_id,
        AttemptsRecipe.recipe_id,
        AccountLinkingRecipe.recipe_id,
    )
    store: ClassVar[tuple[StorePart[object], ...]] = PARTS

    @override
    def brought(self) -> Sequence[RecipeEntry]:
        """Return the recipes that limit how many codes are sent, keep sessions, and link accounts."""
        return (limited_attempts(), kept_sessions(), kept_linking())

    @override
    def contributions(self) -> Sequence[object]:
        """Return its factors, and the addresses of login methods, for a recipe that verifies them."""
        from .owner import LoginAddresses

        return (FactorsContribution(owner=PasswordlessFactors(self.config)), EmailContribution(owner=LoginAddresses()))

    @override
    def build(self, services: Services) -> PasswordlessRecipe[ContextT_contra]:
        """Compose the recipe. Overrides that do not fit are noted in ``services.faults``."""
        from .apis import APIImplementation
        from .functions import RecipeImplementation
        from .logins import Logins

        sessions = services.recipe(SessionRecipe)
        machine = services.recipe(AccountLinkingRecipe).signing_in
        attempts = services.recipe(AttemptsRecipe).attempts
        emails = EmailDelivery(services, RECIPE_ID, self.config.email_delivery, lifetime_s=LIFETIME_MS / 1000)
        texts = SMSDelivery(services, RECIPE_ID, self.config.sms_delivery, lifetime_s=LIFETIME_MS / 1000)
        messages = Messages(services.app_info, emails, texts)
        logins = Logins(services, VerifiedEmails(services))
        functions: RecipeInterface[ContextT_contra] = RecipeImplementation(
            self.config, services, logins, LinkCodes(services.secret), machine
        )
        apis: APIInterface[ContextT_contra] = APIImplementation(
            self.config, services, machine, logins, messages, attempts
        )
        return PasswordlessRecipe(
            config=self.config,
            functions=services.compose(functions, self.overrides.functions),
            apis=services.compose(apis, self.overrides.apis),
            sign_ins=SignIns(sessions.requests, are_served=sessions.is_listed),
            messages=messages,
            services=services,
        )


def init(
    contact_config: ContactConfig,
    flow_type: FlowType,
    override: InputOverrideConfig[ContextT] | None = None,
    get_custom_user_input_code: GetCustomUserInputCode | None = None,
    email_delivery: EmailDeliveryConfig[EmailTemplateVars] | None = None,
    sms_delivery: SMSDeliveryConfig[SMSTemplateVars] | None = None,
    *,
    email_exists_api: bool | None = True,
    phone_number_exists_api: bool | None = True,
) -> PasswordlessSetup[ContextT]:
    """
    Switch the recipe on.

    Whoever has the code or the link that was sent to an address or number is its user, who is made where there is none:
    asking for one tells nobody whether there is an account.

    Args:
        contact_config: what people sign in with: `ContactEmailOnlyConfig`, `ContactPhoneOnlyConfig` or
            `ContactEmailOrPhoneConfig`.
        flow_type: what they are sent: a code (``USER_INPUT_CODE``), a link (``MAGIC_LINK``) or both
            (``USER_INPUT_CODE_AND_MAGIC_LINK``).
        override: overrides of the recipe's functions and APIs.
        get_custom_user_input_code: makes codes of the application's own; by default they have six digits. Spaces,
            dashes and case do not count where codes are compared.
        email_delivery: how the mails of this recipe are sent, where that is another way than the application's.
        sms_delivery: the same for text messages.
        email_exists_api: whether to serve ``GET /passwordless/email/exists``, which tells anybody whether an address is
            known.
        phone_number_exists_api: likewise ``GET /passwordless/phonenumber/exists``.

    Returns:
        An entry for the ``recipe_list`` of `authweave.init`.

    Raises:
        authweave.types.ConfigurationError: an option is of the wrong type; or people sign in with phone numbers, and
            the extra ``passwordless`` is not installed.
    """
    check_options("passwordless.init", init, locals())
    if "phone_number" in contact_config.kinds:
        require_extra("passwordless.init with phone numbers", "passwordless", "phonenumbers")
    config = PasswordlessConfig(
        contact_config=contact_config,
        flow_type=flow_type,
        get_custom_user_input_code=get_custom_user_input_code,
        email_delivery=email_delivery,
        sms_delivery=sms_delivery,
        email_exists_api=email_exists_api is not False,
        phone_number_exists_api=phone_number_exists_api is not False,
    )
    return PasswordlessSetup(config, override or InputOverrideConfig[ContextT]())

"""The demo's application."""

from __future__ import annotations

from authweave import App, InputAppInfo, UserContext, init
from authweave.ingredients.emaildelivery import DevelopmentMails, EmailDeliveryConfig
from authweave.recipe import (
    accountlinking,
    emailpassword,
    emailverification,
    multifactorauth,
    passwordless,
    session,
    thirdparty,
    totp,
    webauthn,
)
from authweave.recipe.accountlinking import (
    AccountInfoWithRecipeIdAndUserId,
    ShouldAutomaticallyLink,
    ShouldNotAutomaticallyLink,
)
from authweave.recipe.session import SessionContainer
from authweave.types import Clock, User

from .forms.as_a_call import DemoContext
from .overrides import OVERRIDES


async def link_to_who_is_signed_in(
    _account: AccountInfoWithRecipeIdAndUserId,
    _user: User | None,
    session: SessionContainer | None,
    _tenant_id: str,
    _user_context: UserContext,
) -> ShouldAutomaticallyLink | ShouldNotAutomaticallyLink:
    """Link what somebody adds who is signed in, a passkey, and nothing else."""
    if session is None:
        return ShouldNotAutomaticallyLink()
    return ShouldAutomaticallyLink(should_require_verification=True)


def demo_app(
    origin: str,
    storage: str,
    *providers: thirdparty.ProviderConfig,
    mails: DevelopmentMails | None = None,
    clock: Clock | None = None,
) -> App[DemoContext]:
    """
    Build the application. It does not become the default of the process.

    Args:
        origin: where the page is opened, ``http://localhost:3567``; page and API are on the same.
        storage: the URL of the store.
        providers: whom users may sign in with.
        mails: prints mails and collects them; by default one that nobody else has.
        clock: the time; by default the system's.

    Raises:
        authweave.AuthweaveError: the store cannot be opened.
    """
    offered = [thirdparty.ProviderInput[DemoContext](provider) for provider in providers]
    return init(
        InputAppInfo(app_name="authweave demo", api_domain=origin, website_domain=origin),
        [
            emailpassword.init(),
            emailverification.init("OPTIONAL"),
            thirdparty.init(thirdparty.SignInAndUpFeature(offered)),
            passwordless.init(passwordless.ContactEmailOnlyConfig(), "USER_INPUT_CODE_AND_MAGIC_LINK"),
            webauthn.init(),
            totp.init(),
            multifactorauth.init(),
            accountlinking.init(should_do_automatic_account_linking=link_to_who_is_signed_in),
            session.init(),
        ],
        storage=storage,
        framework="fastapi",
        context=DemoContext,
        email_delivery=EmailDeliveryConfig(service=mails or DevelopmentMails()),
        overrides=OVERRIDES,
        trusted_proxies=[],  # browsers connect to it directly
        clock=clock,
        debug=True,  # contexts keep a journal, which the page shows
        default=False,
    )

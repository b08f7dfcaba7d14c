"""The application whose document the tests read: every recipe that has routes, a tenant, a provider on loopback."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final

from typing_extensions import override

from authweave.app import App, init
from authweave.extending import RecipeEntry
from authweave.ingredients.emaildelivery.types import EmailDeliveryConfig, EmailDeliveryInterface
from authweave.kernel import UserContext
from authweave.recipe import admin, attempts, emailpassword, emailverification, session, thirdparty
from authweave.recipe.session.interfaces import SessionContainer
from authweave.recipe.session.types import AntiCsrfMode
from authweave.recipe.thirdparty import ProviderClientConfig, ProviderConfig, ProviderInput
from authweave.security import PasswordHasher
from authweave.types import InputAppInfo
from tests.patience import PATIENCE_S, PATIENT

TENANT: Final = "t1"
PROVIDER: Final = "corp"
OPENAPI_PATH: Final = "/openapi.json"
KEY: Final = "a-key-of-the-tests-with-40-characters-01"
"""Of the API for programs, where the application has it."""

NEVER_REACHED: Final = attempts.Limit(failures=1000, every_s=0.001)
"""Attempts are counted, and none is refused."""


class Kept(EmailDeliveryInterface[object]):
    """Keeps what would be sent, the latest last."""

    def __init__(self) -> None:
        self.sent: list[object] = []

    @override
    async def send_email(self, template_vars: object, user_context: UserContext) -> None:
        """Keep a mail."""
        self.sent.append(template_vars)


def anybody(session: SessionContainer) -> bool:
    """Let every user see the page for administrators. What it does asks for a token of the page."""
    return True


@contextmanager
def documented_app(
    folder: Path,
    issuer: str,
    *,
    mails: Kept | None = None,
    anti_csrf: AntiCsrfMode | None = None,
    others: Sequence[RecipeEntry[UserContext]] = (),
) -> Generator[App]:
    """
    Build the application for a block.

    Args:
        folder: where its database is.
        issuer: of the provider.
        mails: keeps its mails.
        anti_csrf: how cookies are accompanied.
        others: further recipes.
    """
    corp = ProviderConfig(PROVIDER, oidc_discovery_endpoint=issuer, clients=[ProviderClientConfig("web", "web-secret")])
    app = init(
        InputAppInfo("Documented", "http://localhost:8000", website_domain="http://localhost:3000"),
        [
            emailpassword.init(),
            emailverification.init("OPTIONAL"),
            attempts.init(account_and_address=NEVER_REACHED, account=NEVER_REACHED, address=NEVER_REACHED),
            thirdparty.init(
                thirdparty.SignInAndUpFeature([ProviderInput(corp, include_in_non_public_tenants_by_default=True)]),
                settings=thirdparty.OAuthSettings(timeout=timedelta(seconds=PATIENCE_S)),
            ),
            session.init(anti_csrf=anti_csrf, access_token_signing_algorithm="ES256"),
            admin.init(allowed=anybody),
            *others,
        ],
        storage=f"sqlite:///{folder / 'auth.db'}",
        storage_options=PATIENT,
        storage_wait_s=PATIENCE_S,
        health_ready_within_s=PATIENCE_S,
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        email_delivery=EmailDeliveryConfig(mails or Kept()),
        openapi_path=OPENAPI_PATH,
        default=False,
    )
    app.services.storage.create_tenant(TENANT)
    try:
        yield app
    finally:
        app.close()

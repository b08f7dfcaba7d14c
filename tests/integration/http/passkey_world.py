"""An application whose users have passkeys, over a real socket, with a clock of its own; its mails are collected."""

from __future__ import annotations

import itertools
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import attrs
import httpx2
from typing_extensions import override

from authweave import UserContext
from authweave.app import App, init
from authweave.events import SecurityEvent
from authweave.extending import RecipeEntry, VerifiedEmails
from authweave.ingredients.emaildelivery import EmailDeliveryConfig, EmailDeliveryInterface
from authweave.recipe import accountlinking, emailpassword, emailverification, session, webauthn
from authweave.recipe.accountlinking import (
    AccountInfoWithRecipeIdAndUserId,
    ShouldAutomaticallyLink,
    ShouldNotAutomaticallyLink,
)
from authweave.recipe.session import SessionClaimValidator, SessionContainer
from authweave.recipe.session.claims import AuthenticationClaim
from authweave.recipe.session.interfaces import no_claim_validators
from authweave.recipe.webauthn import TypeWebauthnRecoverAccountEmailDeliveryInput, WebauthnConfig
from authweave.security import PasswordHasher
from authweave.storage import Storage
from authweave.types import JSON, InputAppInfo, User
from tests.authenticator import Authenticator
from tests.integration.frameworks.routes import Route, user_of
from tests.integration.frameworks.serving import FRAMEWORKS
from tests.patience import PATIENCE_S, PATIENT
from tests.unit.recipe.session.serving import HandClock

from .serving import HEADERS, bearer, form

Validators = Sequence[SessionClaimValidator]

WEBSITE: Final = "http://localhost:3000"
ADDED: Final = "added.example"
"""The domain of addresses of which the callback says: link what the user of a session adds, and nothing by itself."""


def recently(validators: Validators, _session: SessionContainer, _context: UserContext) -> Validators:
    """Ask that somebody has shown just now who he is."""
    return [*validators, AuthenticationClaim.validators.authenticated_within(60)]


ROUTES: Final = (
    Route("/recent", user_of, asked={"override_global_claim_validators": recently}),
    Route("/me", user_of, asked={"override_global_claim_validators": no_claim_validators}),
    Route("/now", user_of, asked={"check_database": True, "override_global_claim_validators": no_claim_validators}),
)

numbers: Final = itertools.count(1)
"""Each test has addresses of its own, since all share a server."""


class Collected(EmailDeliveryInterface[TypeWebauthnRecoverAccountEmailDeliveryInput]):
    """Keeps what mails are made from."""

    def __init__(self) -> None:
        self.mails: list[TypeWebauthnRecoverAccountEmailDeliveryInput] = []

    @override
    async def send_email(
        self, template_vars: TypeWebauthnRecoverAccountEmailDeliveryInput, user_context: UserContext
    ) -> None:
        self.mails.append(template_vars)


async def link(
    account: AccountInfoWithRecipeIdAndUserId,
    user: User | None,
    session: SessionContainer | None,
    tenant_id: str,
    user_context: UserContext,
) -> ShouldAutomaticallyLink | ShouldNotAutomaticallyLink:
    """Link addresses that say so in their domain."""
    domain = (account.email or "").partition("@")[2]
    if domain == "ver.example":
        return ShouldAutomaticallyLink(should_require_verification=True)
    if domain == "nov.example" or (domain == ADDED and session is not None):
        return ShouldAutomaticallyLink(should_require_verification=False)
    return ShouldNotAutomaticallyLink()


@attrs.frozen
class Signed:
    """The answer to a sign-up or sign-in."""

    response: httpx2.Response

    @property
    def body(self) -> dict[str, Any]:  # Any: JSON
        """Its JSON."""
        found: dict[str, Any] = self.response.json()
        return found

    @property
    def status(self) -> str:
        """What came of it."""
        return str(self.body["status"])

    @property
    def session(self) -> dict[str, str]:
        """The header by which the session is shown."""
        assert self.status == "OK", self.response.text
        return bearer(self.response)

    @property
    def user(self) -> dict[str, Any]:  # Any: JSON
        """Who signed in."""
        assert self.status == "OK", self.response.text
        found: dict[str, Any] = self.body["user"]
        return found


@attrs.frozen
class PasskeyWorld:
    """The application, a client of it without cookies, and what happened."""

    app: App
    client: httpx2.Client
    clock: HandClock
    collected: Collected
    events: list[SecurityEvent]

    @property
    def storage(self) -> Storage:
        """The application's store."""
        return self.app.services.storage

    def new_email(self, domain: str = "example.com") -> str:
        """Return an address that nobody has."""
        return f"user-{next(numbers)}@{domain}"

    def post(self, path: str, body: JSON = None, headers: dict[str, str] | None = None) -> httpx2.Response:
        """Send JSON."""
        return self.client.post(
            f"/auth{path}", json={} if body is None else body, headers={**HEADERS, **(headers or {})}
        )

    def for_registration(
        self, email: str = "", *, token: str | None = None, base: str = ""
    ) -> dict[str, Any]:  # Any: JSON
        """Return options to register with."""
        body: dict[str, JSON] = {"email": email} if token is None else {"recoverAccountToken": token}
        answer: dict[str, Any] = self.post(f"{base}/webauthn/options/register", body).json()
        assert answer["status"] == "OK", answer
        return answer

    def for_sign_in(self, base: str = "") -> dict[str, Any]:  # Any: JSON
        """Return options to sign in with."""
        answer: dict[str, Any] = self.post(f"{base}/webauthn/options/signin").json()
        assert answer["status"] == "OK", answer
        return answer

    def send(
        self,
        path: str,
        options: dict[str, Any],  # Any: JSON
        credential: JSON,
        *,
        headers: dict[str, str] | None = None,
        base: str = "",
        **more: JSON,
    ) -> Signed:
        """Send what a browser made of options."""
        options_id = options["webauthnGeneratedOptionsId"]
        body = {"webauthnGeneratedOptionsId": options_id, "credential": credential, **more}
        return Signed(self.post(f"{base}{path}", body, headers))

    def sign_up(self, device: Authenticator, email: str, *, base: str = "", **more: Any) -> Signed:  # noqa: ANN401  # Any: of `send`
        """Sign up with a new passkey."""
        options = self.for_registration(email, base=base)
        return self.send("/webauthn/signup", options, device.make(options), base=base, **more)

    def sign_in(self, device: Authenticator, *, base: str = "", **more: Any) -> Signed:  # noqa: ANN401  whatever comes
        """Sign in with the newest passkey."""
        options = self.for_sign_in(base)
        return self.send("/webauthn/signin", options, device.use(options), base=base, **more)

    def by_password(self, email: str) -> Signed:
        """Sign up with a password."""
        return Signed(self.post("/signup", form(email)))

    def ask(self, email: str, base: str = "") -> httpx2.Response:
        """Ask for a link to recover an account."""
        return self.post(f"{base}/user/webauthn/reset/token", {"email": email})

    def asked(self, email: str, base: str = "") -> str:
        """Ask for one, which has to be sent, and return its token."""
        count = len(self.collected.mails)
        assert self.ask(email, base).json() == {"status": "OK"}
        (mail,) = self.collected.mails[count:]
        return parse_qs(urlsplit(mail.recover_account_link).query)["token"][0]

    def recover(self, token: JSON, options: dict[str, Any], credential: JSON, base: str = "") -> Signed:  # Any: JSON
        """Use a token."""
        return self.send("/user/webauthn/reset", options, credential, base=base, token=token)

    def is_alive(self, headers: dict[str, str]) -> bool:
        """Return whether a session has not been ended."""
        return self.client.get("/now", headers=headers).status_code == 200

    def verify(self, user_id: str, email: str) -> None:
        """Verify the address of a login method."""
        assert VerifiedEmails(self.app.services).mark_verified(user_id, email)


def passkey_app(
    storage: str,
    config: WebauthnConfig,
    *more: RecipeEntry,
    clock: HandClock,
    events: list[SecurityEvent],
    has_callback: bool = True,
    is_default: bool = False,
) -> App:
    """Make an application; ``more`` are recipes beside those that it has."""
    return init(
        InputAppInfo(app_name="Passkeys", api_domain="http://localhost:8000", website_domain=WEBSITE),
        [
            emailpassword.init(),  # before the one that has the longer paths
            webauthn.init(config),
            emailverification.init("OPTIONAL"),
            session.init(),
            *([accountlinking.init(should_do_automatic_account_linking=link)] if has_callback else []),
            *more,
        ],
        storage=storage,
        storage_options=PATIENT,
        storage_wait_s=PATIENCE_S,
        secret=b"s" * 32,
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        clock=clock,
        on_event=events.append,
        trusted_proxies=[],
        default=is_default,
    )


@contextmanager
def passkey_world(
    storage: str,
    *more: RecipeEntry,
    tenants: Sequence[str] = ("t1",),
    has_callback: bool = True,
    **settings: Any,  # noqa: ANN401  # Any: of WebauthnConfig
) -> Generator[PasskeyWorld]:
    """Serve an application for a block."""
    clock, collected, events = HandClock(), Collected(), list[SecurityEvent]()
    config = WebauthnConfig(email_delivery=EmailDeliveryConfig(collected), **settings)
    app = passkey_app(storage, config, *more, clock=clock, events=events, has_callback=has_callback)
    for each in tenants:
        app.services.storage.create_tenant(each)
    try:
        with (
            FRAMEWORKS[0].serving(app, ROUTES) as base_url,
            httpx2.Client(base_url=base_url, verify=False, timeout=PATIENCE_S) as client,
        ):
            yield PasskeyWorld(app, client, clock, collected, events)
    finally:
        app.close()

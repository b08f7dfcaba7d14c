"""An application whose users verify their addresses, and its mails."""

from __future__ import annotations

import threading
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, urlsplit

import attrs
import httpx2
from typing_extensions import override

from authweave import UserContext
from authweave.app import App, init
from authweave.events import OnEvent
from authweave.extending import RecipeEntry
from authweave.hooks import Hook
from authweave.ingredients.emaildelivery.types import EmailDeliveryConfig, EmailDeliveryInterface
from authweave.kernel import Interface, Override
from authweave.recipe import emailpassword, emailverification, session
from authweave.recipe.emailpassword import PasswordResetEmailTemplateVars
from authweave.recipe.emailverification import EmailVerificationClaim, VerificationEmailTemplateVars
from authweave.recipe.session import SessionClaimValidator
from authweave.recipe.session.interfaces import SessionContainer, no_claim_validators
from authweave.security import PasswordHasher
from authweave.storage import Storage
from authweave.types import JSON, InputAppInfo
from tests.integration.frameworks.routes import Route, user_of
from tests.integration.frameworks.serving import FRAMEWORKS, Framework
from tests.patience import PATIENCE_S, PATIENT

from .serving import bearer, sign_up

Validators = Sequence[SessionClaimValidator]
WEBSITE = "http://localhost:3000"


class Mailbox(EmailDeliveryInterface[VerificationEmailTemplateVars]):
    """Keeps what would be sent."""

    def __init__(self) -> None:
        self.mails: list[VerificationEmailTemplateVars] = []
        self.fails: bool = False
        self._lock = threading.Lock()

    @override
    async def send_email(self, template_vars: VerificationEmailTemplateVars, user_context: UserContext) -> None:
        if self.fails:
            message = "The service refuses."
            raise RuntimeError(message)
        with self._lock:
            self.mails.append(template_vars)

    def tokens(self) -> list[str]:
        """Return the tokens of all links."""
        return [query_of(each.email_verify_link)["token"] for each in self.mails]


def query_of(link: str) -> Mapping[str, str]:
    """Return the parameters of a link."""
    return {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}


def at_once(validators: Validators, _session: SessionContainer, _context: UserContext) -> Validators:
    """Ask for a verified address, and look whenever it is not."""
    return [*validators, EmailVerificationClaim.validators.is_verified(-1, id_="at-once")]


async def free(session: SessionContainer) -> JSON:
    """Return the claim."""
    return {"verified": await session.get_claim_value(EmailVerificationClaim)}


ROUTES: Final = (
    Route("/me", user_of),
    Route("/now", user_of, asked={"override_global_claim_validators": at_once}),
    Route("/free", free, asked={"override_global_claim_validators": no_claim_validators}),
)


@attrs.frozen
class Stage:
    """
    An application that is served.

    Attributes:
        auth: the application.
        client: a client without cookies.
        mailbox: what was mailed.
    """

    auth: App
    client: httpx2.Client
    mailbox: Mailbox

    def new_user(self, email: str = "ada@example.com", base: str = "/auth") -> tuple[dict[str, str], str]:
        """Sign somebody up; return the headers of the session, and the user's id."""
        signed_up = self.client.post(
            f"{base}/signup",
            json={"formFields": [{"id": "email", "value": email}, {"id": "password", "value": "correct horse 1"}]},
            headers={"st-auth-mode": "header"},
        )
        answer = signed_up.json()
        assert answer["status"] == "OK", signed_up.text
        return bearer(signed_up), answer["user"]["id"]

    def ask_for_mail(self, headers: dict[str, str]) -> httpx2.Response:
        """Ask for a link."""
        return self.client.post("/auth/user/email/verify/token", json={}, headers=headers)

    def token_for(self, headers: dict[str, str]) -> str:
        """Ask for a link, and return the token in it."""
        answer = self.ask_for_mail(headers)
        assert answer.json() == {"status": "OK"}, answer.text
        return self.mailbox.tokens()[-1]

    def use(self, token: str, headers: dict[str, str] | None = None, base: str = "/auth") -> httpx2.Response:
        """Use the token of a link."""
        return self.client.post(
            f"{base}/user/email/verify", json={"method": "token", "token": token}, headers=headers or {}
        )

    def ask(self, headers: dict[str, str]) -> httpx2.Response:
        """Ask whether the address is verified."""
        return self.client.get("/auth/user/email/verify", headers=headers)


@contextmanager
def staged(
    folder: Path,
    mode: emailverification.Mode = "REQUIRED",
    *,
    more: Sequence[RecipeEntry] = (),
    overrides: Sequence[Override[Interface[UserContext]]] = (),
    on_event: OnEvent | Sequence[OnEvent] = (),
    hooks: Sequence[Hook] = (),
    setup: emailverification.EmailVerificationSetup | None = None,
    mailbox: Mailbox | None = None,
    framework: Framework = FRAMEWORKS[0],
    storage: Storage | None = None,
    password_mails: EmailDeliveryConfig[PasswordResetEmailTemplateVars] | None = None,
) -> Generator[Stage]:
    """Serve an application for a block, written in FastAPI unless another framework is named, on SQLite likewise."""
    mails = mailbox or Mailbox()
    auth = init(
        InputAppInfo(app_name="Test", api_domain="http://localhost:8000", website_domain=WEBSITE),
        [
            emailpassword.init(email_delivery=password_mails),
            setup or emailverification.init(mode, EmailDeliveryConfig(mails)),
            session.init(),
            *more,
        ],
        storage=storage or f"sqlite:///{folder / 'auth.db'}",
        storage_options=PATIENT,
        storage_wait_s=PATIENCE_S,
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        overrides=overrides,
        on_event=on_event,
        hooks=hooks,
        trusted_proxies=[],
        default=False,
    )
    auth.services.storage.create_tenant("t1")
    served = framework.serving(auth, ROUTES)
    try:
        with served as address, httpx2.Client(base_url=address, verify=False, timeout=PATIENCE_S) as client:
            yield Stage(auth, client, mails)
    finally:
        auth.close()


__all__ = ["Mailbox", "Stage", "query_of", "sign_up", "staged"]

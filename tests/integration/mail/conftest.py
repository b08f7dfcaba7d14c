from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import attrs
import pytest

from authweave.app import App, init
from authweave.ingredients.emaildelivery import (
    EmailDelivery,
    EmailDeliveryConfig,
    SMTPService,
    SMTPSettings,
    SMTPSettingsFrom,
)
from authweave.kernel import UserContext
from authweave.outbox import OutboxRow
from authweave.recipe import session
from authweave.storage import Storage
from authweave.storage.memory import MemoryStorage
from authweave.types import InputAppInfo
from tests.certificates import loopback_certificate
from tests.mailserver import MailServer, mail_server
from tests.unit.outbox.bench import HandClock, go_round

LINK = "https://example.com/auth/reset-password?token=a-token&tenantId=public"


@attrs.frozen
class Recipient:
    """Who a mail is for."""

    email: str = "ada@example.com"
    id: str = "user-1"


@attrs.frozen
class ResetVars:
    """What a mail is to say, shaped as the emailpassword recipe says it."""

    user: Recipient = attrs.field(factory=Recipient)
    password_reset_link: str = LINK
    tenant_id: str = "public"


Config = EmailDeliveryConfig[ResetVars]
Service = SMTPService[ResetVars]


@attrs.frozen
class Application:
    """An application that sends mails, whose outbox is emptied by hand."""

    app: App
    delivery: EmailDelivery[ResetVars]
    clock: HandClock

    def send(self, template_vars: ResetVars | None = None, user_context: UserContext | None = None) -> None:
        """Have a mail sent; what is wrong with it is raised."""
        asyncio.run(self.delivery.send_email_or_raise(template_vars or ResetVars(), user_context or {}))

    def go_round(self) -> int:
        """Send what is due, and return how many there were."""
        return asyncio.run(go_round(self.app.services.outbox))

    def rows(self) -> tuple[OutboxRow, ...]:
        """Return what is in the outbox."""
        return self.app.services.outbox.store.find_messages(100)


def settings(
    port: int,
    *,
    name: str = "Example",
    email: str = "no-reply@example.com",
    timeout_s: float = 30,
    **others: object,
) -> SMTPSettings:
    """Return the settings for a server on this machine."""
    found = SMTPSettings("127.0.0.1", port, SMTPSettingsFrom(name, email), timeout_s=timeout_s)
    return attrs.evolve(found, **others)  # type: ignore[arg-type]  # of whatever type


@contextmanager
def application(
    config: Config | None = None,
    *,
    storage: Storage | str | None = None,
    of_app: EmailDeliveryConfig | None = None,
    api_domain: str = "http://localhost:8000",
) -> Generator[Application]:
    """Build an application that sends mails as a recipe would."""
    clock = HandClock()
    app = init(
        InputAppInfo(app_name="Ärger & <Söhne>", api_domain=api_domain, website_domain="http://localhost:3000"),
        [session.init()],
        storage=storage or MemoryStorage(),
        secret=b"s" * 32,
        clock=clock,
        email_delivery=of_app,
        default=False,
    )
    app.services.outbox.worker.close()  # no thread: the test makes each round
    try:
        yield Application(app, EmailDelivery(app.services, "emailpassword", config), clock)
    finally:
        app.close()


@pytest.fixture
def server() -> Iterator[MailServer]:
    """Serve mail."""
    with mail_server() as found:
        yield found


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a certificate."""
    return loopback_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def events(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """Return what was logged, by the names of events."""
    caplog.set_level(logging.INFO)
    return lambda: [str(record.__dict__["event"]) for record in caplog.records if "event" in record.__dict__]

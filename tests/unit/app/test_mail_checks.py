"""What ``authweave doctor`` finds of how mail is sent."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Generator
from contextlib import closing, contextmanager

import pytest
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import SMTP
from typing_extensions import override

from authweave import App, InputAppInfo, init
from authweave.extending import Diagnosis
from authweave.ingredients.emaildelivery import (
    EmailDelivery,
    EmailDeliveryConfig,
    EmailDeliveryInterface,
    SMTPService,
    SMTPSettings,
    SMTPSettingsFrom,
)
from authweave.ingredients.emaildelivery.types import StartTLS
from authweave.kernel import UserContext
from authweave.recipe import session
from tests.patience import PATIENCE_S
from tests.ports import kept_port

pytestmark = [pytest.mark.sockets, pytest.mark.threads]


class Pigeon(EmailDeliveryInterface[object]):
    @override
    async def send_email(self, template_vars: object, user_context: UserContext) -> None:
        """Send nothing."""


@contextmanager
def application(domain: str = "https://shop.example.com", config: EmailDeliveryConfig | None = None) -> Generator[App]:
    """Build an application with one recipe that sends mail."""
    info = InputAppInfo("shop", domain, website_domain=domain)
    with closing(init(info, [session.init()], storage="sqlite://", email_delivery=config, default=False)) as app:
        EmailDelivery[object](app.services, "letters")
        yield app


def found(app: App, check: str = "mail") -> Diagnosis:
    """Return what a check found."""
    (one,) = (each for each in app.run_blocking(app.diagnose(connect=True)) if each.id == check)
    return one


def smtp(host: str, port: int = 587, *, secure: bool = False, starttls: StartTLS | None = None) -> EmailDeliveryConfig:
    """Return how mail goes to a server."""
    sender = SMTPSettingsFrom("Shop", "shop@example.com")
    settings = SMTPSettings(host, port, sender, "pass-word-123", secure=secure, starttls=starttls, timeout_s=PATIENCE_S)
    return EmailDeliveryConfig(SMTPService(settings))


def test_no_recipe_sends_any() -> None:
    """Then nothing has to be set."""
    info = InputAppInfo("shop", "https://example.com", website_domain="https://example.com")
    with closing(init(info, [session.init()], storage="sqlite://", default=False)) as app:
        assert found(app).severity == "ok"
        assert found(app, "mail_connect").severity == "ok"


def test_mail_goes_nowhere() -> None:
    """Nothing says how it is sent."""
    with application() as app:
        assert found(app).severity == "fault"
        assert "letters" in found(app).found


def test_mail_is_printed() -> None:
    """As it is on a development machine."""
    with application("http://localhost:8000") as app:
        assert found(app).severity == "fault"
        assert "printed" in found(app).found


@pytest.mark.parametrize(
    ("config", "severity"),
    [
        (smtp("mail.example.com"), "ok"),
        (smtp("mail.example.com", 465, secure=True), "ok"),
        (smtp("mail.example.com", starttls="if_offered"), "fault"),
        (smtp("mail.example.com", 25, starttls="never"), "fault"),
        (smtp("localhost", 25), "ok"),
        (EmailDeliveryConfig(Pigeon()), "ok"),
    ],
)
def test_what_sends_it(config: EmailDeliveryConfig, severity: str) -> None:
    """A server that is reached in the clear is a fault, unless it is on this machine. No password is shown."""
    with application(config=config) as app:
        said = found(app)
    assert said.severity == severity
    assert "pass-word-123" not in f"{said.found}{said.advice}"


@contextmanager
def mail_server(port: int) -> Generator[None]:
    """Serve SMTP on a port of this machine, for any password."""
    with socket.create_server(("127.0.0.1", port)) as listener:
        loop = asyncio.new_event_loop()

        def session_of_client() -> SMTP:
            return SMTP(Sink(), hostname="mail.example.com", loop=loop)

        server = loop.run_until_complete(loop.create_server(session_of_client, sock=listener))
        thread = threading.Thread(target=loop.run_forever)
        thread.start()
        try:
            yield
        finally:
            loop.call_soon_threadsafe(server.close)
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()


def test_a_server_is_asked_where_that_is_wanted() -> None:
    """One that answers is well, and one that does not is a fault; without ``connect`` neither is spoken to."""
    sender = SMTPSettingsFrom("Shop", "shop@example.com")
    with kept_port() as port:
        there = EmailDeliveryConfig[object](SMTPService(SMTPSettings("127.0.0.1", port, sender, timeout_s=PATIENCE_S)))
        with mail_server(port), application(config=there) as app:
            assert found(app, "mail_connect").severity == "ok"
            assert "mail_connect" not in [each.id for each in app.run_blocking(app.diagnose())]
        with application(config=there) as app:  # on which nobody listens any more
            assert found(app, "mail_connect").severity == "fault"
            assert f"127.0.0.1:{port}" in found(app, "mail_connect").found

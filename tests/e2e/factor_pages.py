"""People at the pages of applications without passwords, or with second factors, in Chromium."""

from __future__ import annotations

import queue
import re
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import attrs
from selenium import webdriver
from selenium.webdriver.common.virtual_authenticator import VirtualAuthenticatorOptions

from authweave import App, InputAppInfo, init
from authweave.extending import RecipeEntry
from authweave.ingredients.emaildelivery.types import EmailDeliveryConfig, SMTPSettings, SMTPSettingsFrom
from authweave.ingredients.smsdelivery import SMSContent, SMSDeliveryConfig, SMSService
from authweave.recipe.emailpassword import SMTPService
from authweave.security import PasswordHasher
from authweave.types import JSON
from tests.e2e.frontend_site import Clock
from tests.e2e.prebuilt_pages import Visitor, serving_pages
from tests.mailserver import MailServer, mail_server
from tests.patience import PATIENCE_S

RUNNING: Final = """
const done = arguments[arguments.length - 1], given = [...arguments].slice(0, -1);
const run = async (...given) => {{ {} }};
const withoutResponse = (answer) => answer?.fetchResponse === undefined ? answer : {{ ...answer, fetchResponse: null }};
run(...given).then((answer) => done(withoutResponse(answer)), (error) => done(String(error)));
"""


@attrs.frozen
class Gateway:
    """A gateway for text messages."""

    came: queue.SimpleQueue[SMSContent] = attrs.field(factory=queue.SimpleQueue[SMSContent])

    async def send_sms(self, content: SMSContent) -> None:
        """Take one."""
        self.came.put(content)

    def next_to(self, number: str) -> str:
        """Wait for the next one, which has to be for a number, and return what it says."""
        content = self.came.get(timeout=PATIENCE_S)
        assert content.to_phone == number
        return content.body


@attrs.frozen
class Stage:
    """
    An application at work, and somebody at its pages.

    Attributes:
        mails: where its mails arrive.
        texts: and its text messages.
        clock: the application's; browsers go by theirs.
    """

    auth: App
    visitor: Visitor
    mails: MailServer
    texts: Gateway
    clock: Clock

    @property
    def driver(self) -> webdriver.Chrome:
        """The browser."""
        return self.visitor.driver

    def mail_to(self, address: str) -> str:
        """Wait for the next mail, which has to be for an address, and return what it says."""
        mail = self.mails.wait()
        assert mail.recipients == [address]
        return mail.text

    def home(self) -> str:
        """Wait until the application's own page is there, and return whom it takes the visitor for."""
        self.visitor.sees("You are ")
        found = re.search(r"You are (\S+)", self.visitor.text())
        assert found is not None
        return found[1]

    def run(self, script: str, *given: JSON) -> Any:  # noqa: ANN401  JSON
        """Have a page with supertokens-web-js run a script, and return what comes of it, or the text of an error."""
        if not self.driver.current_url.startswith(f"{self.visitor.origin}/script"):
            self.visitor.visit("/script")
        answer: Any = self.driver.execute_async_script(RUNNING.format(script), *given)  # pyright: ignore[reportUnknownMemberType]  selenium's *args; Any: JSON
        return answer


@contextmanager
def staged(driver: webdriver.Chrome, folder: Path, recipes: Sequence[RecipeEntry]) -> Generator[Stage]:
    """Serve an application, its pages, and a page with supertokens-web-js, for a block; its mails are real."""
    clock, texts = Clock(), Gateway()
    made: list[App] = []
    with mail_server() as mails:
        settings = SMTPSettings("127.0.0.1", mails.port, SMTPSettingsFrom("Factors", "auth@example.com"))

        def make_app(origin: str) -> App:
            auth = init(
                InputAppInfo(app_name="Factors", api_domain=origin, website_domain=origin),
                recipes,
                storage=f"sqlite:///{folder / 'auth.db'}",
                passwords=PasswordHasher(memory_kib=8, time_cost=1),
                email_delivery=EmailDeliveryConfig(SMTPService(settings)),
                sms_delivery=SMSDeliveryConfig(SMSService(texts)),
                clock=clock,
                default=False,
            )
            made.append(auth)
            return auth

        with serving_pages(driver, make_app, "factors.jsx", "factors.js") as visitor:
            yield Stage(made[0], visitor, mails, texts, clock)


def add_authenticator(driver: webdriver.Chrome, *, keeps_passkeys: bool = True, verifies_people: bool = True) -> None:
    """
    Give the tab an authenticator, as phones and computers have one built in. Somebody is there, and agrees.

    Args:
        driver: the browser.
        keeps_passkeys: whether it has room for passkeys; else the application has to name those that it knows.
        verifies_people: whether it knows who uses it, by a finger say.
    """
    options = VirtualAuthenticatorOptions()
    options.transport = VirtualAuthenticatorOptions.Transport.INTERNAL
    options.has_resident_key = keeps_passkeys
    options.has_user_verification = options.is_user_verified = verifies_people
    driver.add_virtual_authenticator(options)

"""What people do on the pre-built pages of ``supertokens-auth-react``, in Chromium (accounts contract, section 16)."""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import attrs
import pytest
from selenium import webdriver
from selenium.webdriver.common.keys import Keys

from authweave import App, InputAppInfo, init
from authweave.ingredients.emaildelivery.types import EmailDeliveryConfig, SMTPSettings, SMTPSettingsFrom
from authweave.recipe import emailpassword, emailverification, session
from authweave.recipe.emailpassword import SMTPService
from authweave.security import PasswordHasher
from tests.e2e.chromium import somebody_else
from tests.e2e.prebuilt_pages import NO_SESSION, SIGN_OUT, Visitor, serving_pages
from tests.integration.http.serving import PASSWORD
from tests.mailserver import MailServer, mail_server

pytestmark = [pytest.mark.browser, pytest.mark.node]

ADDRESS: Final = "ada@example.com"
NEW_PASSWORD: Final = "another horse 2"

EXISTS: Final = "emailpassword GET /emailpassword/email/exists"
SIGN_UP: Final = "emailpassword POST /signup formFields not-linking front-token"
WRONG: Final = "emailpassword POST /signin formFields not-linking"
SIGN_IN: Final = f"{WRONG} front-token"
ASK_FOR_RESET: Final = "emailpassword POST /user/password/reset/token formFields"
RESET: Final = "emailpassword POST /user/password/reset formFields method token"
IS_VERIFIED: Final = "emailverification GET /user/email/verify front-token"
ASK_FOR_LINK: Final = "emailverification POST /user/email/verify/token {}"
VERIFY: Final = "emailverification POST /user/email/verify method token"


@attrs.frozen
class Mailbox:
    """The mails that a server has been given."""

    server: MailServer

    def link(self, path: str) -> str:
        """Wait for the next mail, and return the link to this page in it."""
        mail = self.server.wait()
        assert mail.recipients == [ADDRESS]
        found = re.search(rf"http://\S+{path}\S+", mail.text)
        assert found is not None, mail.text
        return found[0]


@contextmanager
def visiting(driver: webdriver.Chrome, tmp_path: Path, *, verifies: bool) -> Generator[tuple[Visitor, Mailbox]]:
    """Open the pages in front of an application whose mails a real server gets."""
    with mail_server() as mails:
        settings = SMTPSettings("127.0.0.1", mails.port, SMTPSettingsFrom("Pages", "auth@example.com"))

        def make_app(origin: str) -> App:
            return init(
                InputAppInfo(app_name="Pages", api_domain=origin, website_domain=origin),
                [
                    emailpassword.init(),
                    *([emailverification.init("REQUIRED")] if verifies else []),
                    session.init(),
                ],
                storage=f"sqlite:///{tmp_path / 'auth.db'}",
                passwords=PasswordHasher(memory_kib=8, time_cost=1),
                email_delivery=EmailDeliveryConfig(SMTPService(settings)),
                default=False,
            )

        with serving_pages(driver, make_app) as visitor:
            visitor.visit(f"/auth?show=signup&mode={'verified' if verifies else 'none'}")
            visitor.enter("email", ADDRESS, Keys.TAB)
            visitor.asks(NO_SESSION, EXISTS)  # as the field is left
            visitor.fill(password=PASSWORD)
            yield visitor, Mailbox(mails)


def test_signing_up_and_in(tmp_path: Path, driver: webdriver.Chrome) -> None:
    """The pages sign up, out and in, and say when the password is wrong."""
    with visiting(driver, tmp_path, verifies=False) as (visitor, _):
        visitor.sees("You are ")
        visitor.asks(SIGN_UP)
        visitor.sign_out()
        visitor.fill(email=ADDRESS, password="wrong horse 1")
        visitor.sees("Incorrect email and password combination")
        visitor.asks(SIGN_OUT, WRONG)
        visitor.fill(email=ADDRESS, password=PASSWORD)
        visitor.sees("You are ")
        visitor.asks(SIGN_IN)


def test_a_forgotten_password(tmp_path: Path, driver: webdriver.Chrome) -> None:
    """The link of the mail leads to the page that sets a new password; the old one is wrong then, and the link used."""
    with visiting(driver, tmp_path, verifies=False) as (visitor, mailbox):
        visitor.sees("You are ")
        visitor.sign_out()
        visitor.press("Forgot password?")
        visitor.fill(email="nobody@example.com")
        visitor.sees("A password reset email has been sent")
        visitor.asks(SIGN_UP, SIGN_OUT, ASK_FOR_RESET)
        visitor.visit("/auth/reset-password")
        visitor.fill(email=ADDRESS)
        visitor.sees("A password reset email has been sent")
        link = mailbox.link("/reset-password")
        assert not mailbox.server.all()
        visitor.asks(ASK_FOR_RESET)
        visitor.visit(link)
        visitor.field("password")
        visitor.asks()
        visitor.fill(**{"password": "short", "confirm-password": "short"})
        visitor.sees("Password must contain at least 8 characters")
        visitor.fill(**{"password": NEW_PASSWORD, "confirm-password": NEW_PASSWORD})
        visitor.sees("Your password has been updated successfully")
        visitor.asks(RESET)
        visitor.visit(link)
        visitor.fill(**{"password": PASSWORD, "confirm-password": PASSWORD})
        visitor.sees("Invalid password reset token")
        visitor.asks(RESET)
        visitor.visit("/auth?show=signin")
        visitor.fill(email=ADDRESS, password=PASSWORD)
        visitor.sees("Incorrect email and password combination")
        visitor.fill(email=ADDRESS, password=NEW_PASSWORD)
        visitor.sees("You are ")


def test_verifying_an_address(tmp_path: Path, driver: webdriver.Chrome) -> None:
    """The page asks for a mail as soon as it is there; its link, with the session, leads on to the application."""
    with visiting(driver, tmp_path, verifies=True) as (visitor, mailbox):
        visitor.sees("Verify your email!")
        first = mailbox.link("/verify-email")
        visitor.asks(SIGN_UP, IS_VERIFIED, ASK_FOR_LINK)
        visitor.visit("/home")
        visitor.sees("Verify your email!")
        second = mailbox.link("/verify-email")
        assert second != first
        visitor.asks(IS_VERIFIED, ASK_FOR_LINK)
        visitor.press("Logout")
        visitor.fill(email=ADDRESS, password=PASSWORD)
        visitor.sees("Verify your email!")
        visitor.asks(SIGN_OUT, SIGN_IN, IS_VERIFIED, ASK_FOR_LINK)
        visitor.visit(second)
        visitor.sees("Email verification successful")
        visitor.asks(f"{VERIFY} front-token")
        visitor.press("CONTINUE")
        visitor.sees("You are ")
        visitor.asks()
        visitor.visit(first)
        visitor.sees("The email verification link has expired")
        visitor.asks(VERIFY)


def test_verifying_an_address_in_another_browser(tmp_path: Path, driver: webdriver.Chrome) -> None:
    """Without a session the page waits for a click, as scanners of mail do not click; the first browser goes on."""
    with visiting(driver, tmp_path, verifies=True) as (visitor, mailbox):
        visitor.sees("Verify your email!")
        link = mailbox.link("/verify-email")
        with somebody_else(driver):
            visitor.asks(SIGN_UP, IS_VERIFIED, ASK_FOR_LINK)
            visitor.visit(link)
            visitor.sees("CONTINUE")
            visitor.asks(NO_SESSION)
            visitor.press("CONTINUE")
            visitor.sees("Email verification successful")
            visitor.asks(VERIFY)
        visitor.visit("/home")
        visitor.sees("You are ")
        visitor.asks(IS_VERIFIED)

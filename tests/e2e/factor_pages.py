"""An application without passwords, and with second factors, and people at its pages in Chromium."""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, cast

import attrs
from selenium import webdriver
from selenium.webdriver.common.virtual_authenticator import VirtualAuthenticatorOptions

from authweave import App, InputAppInfo, UserContext, init
from authweave.extending import RecipeEntry
from authweave.ingredients.emaildelivery.types import EmailDeliveryConfig, SMTPSettings, SMTPSettingsFrom
from authweave.recipe import accountlinking, emailpassword, multifactorauth, session, totp
from authweave.recipe.accountlinking import AccountInfoWithRecipeIdAndUserId, ShouldAutomaticallyLink
from authweave.recipe.emailpassword import SMTPService
from authweave.recipe.multifactorauth import MultiFactorAuthRecipe
from authweave.recipe.session import SessionContainer
from authweave.security import PasswordHasher
from authweave.types import JSON, User
from tests.e2e.frontend_site import Clock
from tests.e2e.prebuilt_pages import Visitor, serving_pages
from tests.integration.http.serving import PASSWORD
from tests.mailserver import MailServer, mail_server

CODE: Final = re.compile(r"\b\d{6}\b")
LINK: Final = re.compile(r"http://localhost:\d+/\S+")


@attrs.frozen
class Post:
    """What was sent to people."""

    mails: MailServer

    def next_text(self, address: str) -> str:
        """Wait for the next mail, which has to be for an address, and return what it says."""
        mail = self.mails.wait()
        assert mail.recipients == [address]
        return mail.text


@attrs.frozen
class Stage:
    """
    The application at work, and somebody at its pages.

    Attributes:
        clock: the application's; browsers go by theirs.
    """

    auth: App
    visitor: Visitor
    post: Post
    clock: Clock

    @property
    def driver(self) -> webdriver.Chrome:
        """The browser."""
        return self.visitor.driver

    def sign_up(self, address: str, *factors: str) -> str:
        """Sign somebody up with a password, and out; of the next sessions these factors are required, one of them."""
        self.visitor.visit("/auth?mode=factors&show=signup")
        self.visitor.fill(email=address, password=PASSWORD)
        user_id = self.home()
        required = self.auth.recipe(MultiFactorAuthRecipe).functions.add_to_required_secondary_factors_for_user
        for each in factors:
            self.auth.run_blocking(required(user_id, each, {}))
        self.visitor.press("SIGN OUT")
        return user_id

    def sign_in(self, address: str) -> None:
        """Sign somebody in with the password."""
        self.visitor.fill(email=address, password=PASSWORD)

    def home(self) -> str:
        """Wait until the application's own page is there, and return whom it takes the visitor for."""
        self.visitor.sees("You are ")
        found = re.search(r"You are (\S+)", self.visitor.text())
        assert found is not None
        return found[1]

    def run(self, script: str, *arguments: JSON) -> Any:  # noqa: ANN401  JSON
        """Have a page with supertokens-web-js do something, and return what comes of it, but for the response."""
        if not self.driver.current_url.endswith("/script"):
            self.visitor.visit("/script")
        body = f"const run = async (...given) => {{ {script} }};"
        handed = "const done = arguments[arguments.length - 1], given = [...arguments].slice(0, -1);"
        end = "run(...given).then((answer) => { delete answer?.fetchResponse; done(answer); }, (error) => done(String(error)))"
        return cast("Any", self.driver.execute_async_script(f"{body} {handed} {end}", *arguments))  # pyright: ignore[reportUnknownMemberType]  selenium's *args


async def link_all(
    _account: AccountInfoWithRecipeIdAndUserId,
    _user: User | None,
    _session: SessionContainer | None,
    _tenant_id: str,
    _user_context: UserContext,
) -> ShouldAutomaticallyLink:
    """Link whatever there is: second factors are login methods of the same user."""
    return ShouldAutomaticallyLink(should_require_verification=False)


def first_factors_and_second() -> Sequence[RecipeEntry]:
    """Return recipes of all factors."""
    return [
        emailpassword.init(),
        totp.init(),
        accountlinking.init(should_do_automatic_account_linking=link_all),
        multifactorauth.init(),
        session.init(),
    ]


@contextmanager
def staged(driver: webdriver.Chrome, folder: Path, recipes: Sequence[RecipeEntry]) -> Generator[Stage]:
    """Serve an application, its pages and a page with supertokens-web-js for a block; real mails leave it."""
    clock = Clock()
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
                clock=clock,
                default=False,
            )
            made.append(auth)
            return auth

        with serving_pages(make_app, "factors.jsx", "factors.js") as origin:
            yield Stage(made[0], Visitor(driver, origin), Post(mails), clock)


def authenticator(driver: webdriver.Chrome, *, keeps_passkeys: bool = True, verifies_people: bool = True) -> None:
    """
    Give the tab an authenticator, as a phone or a computer has one built in: somebody is there, and agrees.

    Args:
        driver: the browser.
        keeps_passkeys: whether it has room for them (discoverable credentials).
        verifies_people: whether it knows who uses it, by a finger say.
    """
    options = VirtualAuthenticatorOptions()
    options.transport = VirtualAuthenticatorOptions.Transport.INTERNAL
    options.has_resident_key = keeps_passkeys
    options.has_user_verification = options.is_user_verified = verifies_people
    driver.add_virtual_authenticator(options)

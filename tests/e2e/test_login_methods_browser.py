"""Ways to sign in on the pre-built pages, in Chromium: asked for (``examples/frontends/auth_react``), and listed."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

import pytest
from fastapi import FastAPI
from selenium import webdriver
from selenium.webdriver.common.by import By

from authweave import App, InputAppInfo, init
from authweave.recipe import emailpassword, session, thirdparty
from authweave.recipe.thirdparty import ProviderClientConfig, ProviderConfig, ProviderInput, SignInAndUpFeature
from authweave.security import PasswordHasher
from tests.e2e.bundles import EXAMPLES, bundled
from tests.e2e.chromium import keep_picture
from tests.e2e.frontend_site import example
from tests.e2e.openid_provider import certified_provider
from tests.e2e.prebuilt_pages import Visitor, serving_pages
from tests.integration.http.serving import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.node]

ADDRESS: Final = "ada@example.com"


@contextmanager
def local_provider(origin: str) -> Generator[ProviderInput]:
    """Run a certified provider for a block, and return it as an application at an origin has it."""
    with certified_provider(f"{origin}/auth/callback/local") as issuer:
        client = ProviderClientConfig("web", "web-secret")
        discovery = f"{issuer}/.well-known/openid-configuration"
        yield ProviderInput(ProviderConfig("local", name="Local", oidc_discovery_endpoint=discovery, clients=[client]))


@contextmanager
def visiting(driver: webdriver.Chrome, folder: Path, *, provider: bool, resets: bool = True) -> Generator[Visitor]:
    """Serve the example for a block, with a provider to sign in with or without one, and open its pages."""
    script = folder / "main.js"
    script.write_bytes(bundled(EXAMPLES / "auth_react" / "main.jsx"))
    with ExitStack() as stack:

        def made(make: Callable[..., FastAPI], origin: str) -> FastAPI:
            providers: list[ProviderInput] = []
            if provider:
                providers.append(stack.enter_context(local_provider(origin)))
            return make(script, origin, f"sqlite:///{folder / 'auth.db'}", providers, resets=resets)

        site = stack.enter_context(example(driver, "auth_react", made))
        visitor = Visitor(driver, site.origin, site.api)
        visitor.visit("/auth")
        yield visitor


def through_provider(visitor: Visitor) -> None:
    """Press the provider's button, and agree to everything on its pages."""
    visitor.press("Continue with Local")
    visitor.field("login").send_keys("grace")
    visitor.field("password").send_keys("any")
    visitor.driver.find_element(By.CSS_SELECTOR, "[type=submit]").click()
    visitor.waiting().until(lambda _: "authorize" in visitor.text().lower())
    visitor.driver.find_element(By.CSS_SELECTOR, "[type=submit]").click()
    visitor.sees("You are ")


def test_a_form_and_buttons(tmp_path: Path, driver: webdriver.Chrome) -> None:
    """With both recipes there are a form and a button for each provider, and both sign in."""
    with visiting(driver, tmp_path, provider=True) as visitor:
        visitor.sees("Continue with Local")
        keep_picture(driver, "frontend-auth-react-dynamic-both")
        through_provider(visitor)
        keep_picture(driver, "frontend-auth-react-signed-in-with-provider")
        visitor.sign_out()
        visitor.sees("Continue with Local")
        visitor.press("Sign Up")
        visitor.fill(email=ADDRESS, password="short")
        visitor.sees("Password must contain at least 8 characters")
        visitor.fill(email=ADDRESS, password=PASSWORD)
        visitor.sees("You are ")


def test_a_form_alone(tmp_path: Path, driver: webdriver.Chrome) -> None:
    """Without a provider there is the form, and no blank page; where passwords are not reset the page says so."""
    with visiting(driver, tmp_path, provider=False, resets=False) as visitor:
        visitor.sees("Forgot password?")
        assert "Continue with" not in visitor.text()
        keep_picture(driver, "frontend-auth-react-dynamic-password")
        visitor.press("Forgot password?")
        visitor.fill(email=ADDRESS)
        visitor.sees("Passwords cannot be reset here. Please contact support.")
        keep_picture(driver, "frontend-auth-react-no-reset")
        assert "Something went wrong" not in visitor.text()


def test_buttons_that_the_frontend_lists(tmp_path: Path, driver: webdriver.Chrome) -> None:
    """One that the API does not have ends in a message and leaves the page as it is; the others sign in."""
    with ExitStack() as stack:

        def make_app(origin: str) -> App:
            feature = SignInAndUpFeature([stack.enter_context(local_provider(origin))])
            return init(
                InputAppInfo(app_name="Pages", api_domain=origin, website_domain=origin),
                [emailpassword.init(), thirdparty.init(feature), session.init()],
                storage=f"sqlite:///{tmp_path / 'auth.db'}",
                passwords=PasswordHasher(memory_kib=8, time_cost=1),
                default=False,
            )

        visitor = stack.enter_context(serving_pages(driver, make_app))
        visitor.visit("/auth?mode=social")
        visitor.sees("Continue with GitHub")
        keep_picture(driver, "frontend-auth-react-listed-buttons")
        visitor.press("Continue with GitHub")
        visitor.sees("Signing in with this provider is not available here. Please sign in another way.")
        keep_picture(driver, "frontend-auth-react-unknown-provider")
        visitor.visit("/auth?mode=social")
        through_provider(visitor)


def test_recipes_that_the_api_has_not(tmp_path: Path, driver: webdriver.Chrome) -> None:
    """A button and a form of recipes that are not there end in words of the API's, which the page shows."""

    def make_app(origin: str) -> App:
        return init(
            InputAppInfo(app_name="Pages", api_domain=origin, website_domain=origin),
            [emailpassword.init(), session.init()],
            storage=f"sqlite:///{tmp_path / 'auth.db'}",
            passwords=PasswordHasher(memory_kib=8, time_cost=1),
            default=False,
        )

    with serving_pages(driver, make_app) as visitor:
        visitor.visit("/auth?mode=missing")
        visitor.press("Continue with GitHub")
        visitor.sees("Signing in with this provider is not available here.")
        visitor.fill(email=ADDRESS)
        visitor.sees("Signing in with a code or a link is not available here.")
        keep_picture(driver, "frontend-auth-react-missing")
        assert "Something went wrong" not in visitor.text()

"""The pre-built pages that ask which ways to sign in there are, in Chromium: ``examples/frontends/auth_react``."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

import pytest
from fastapi import FastAPI
from selenium import webdriver
from selenium.webdriver.common.by import By

from authweave.recipe.thirdparty import ProviderClientConfig, ProviderConfig, ProviderInput
from tests.e2e.bundles import EXAMPLES, bundled
from tests.e2e.demo_browser import browser
from tests.e2e.frontend_site import example, keep_picture
from tests.e2e.openid_provider import certified_provider
from tests.e2e.prebuilt_pages import Visitor
from tests.integration.http.serving import PASSWORD
from tests.patience import PATIENCE_S

pytestmark = [pytest.mark.browser, pytest.mark.node]

ADDRESS: Final = "ada@example.com"


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """Open a browser."""
    with browser(tmp_path_factory.mktemp("browser") / "profile") as driver:
        driver.set_script_timeout(PATIENCE_S)
        yield driver


@contextmanager
def visiting(driver: webdriver.Chrome, folder: Path, *, provider: bool, resets: bool = True) -> Generator[Visitor]:
    """Serve the example for a block, with a provider to sign in with or without one, and open its pages."""
    script = folder / "main.js"
    script.write_bytes(bundled(EXAMPLES / "auth_react" / "main.jsx"))
    with ExitStack() as stack:

        def made(make: Callable[..., FastAPI], origin: str) -> FastAPI:
            providers: list[ProviderInput] = []
            if provider:
                issuer = stack.enter_context(certified_provider(f"{origin}/auth/callback/local"))
                client = ProviderClientConfig("web", "web-secret")
                discovery = f"{issuer}/.well-known/openid-configuration"
                config = ProviderConfig("local", name="Local", oidc_discovery_endpoint=discovery, clients=[client])
                providers.append(ProviderInput(config))
            return make(script, origin, f"sqlite:///{folder / 'auth.db'}", providers, resets=resets)

        site = stack.enter_context(example(driver, "auth_react", made))
        driver.execute_cdp_cmd("Network.clearBrowserCookies", {})  # pyright: ignore[reportUnknownMemberType]  selenium's dict
        visitor = Visitor(driver, site.origin)
        visitor.visit("/auth")
        yield visitor


def test_a_form_and_buttons(tmp_path: Path, driver: webdriver.Chrome) -> None:
    """With both recipes there are a form and a button for each provider, and both sign in."""
    with visiting(driver, tmp_path, provider=True) as visitor:
        visitor.sees("Continue with Local")
        keep_picture(driver, "auth-react-dynamic-both")
        visitor.press("Continue with Local")
        visitor.field("login").send_keys("grace")
        driver.find_element(By.NAME, "password").send_keys("any")
        driver.find_element(By.CSS_SELECTOR, "[type=submit]").click()
        visitor.waiting().until(lambda page: "authorize" in page.find_element(By.TAG_NAME, "body").text.lower())
        driver.find_element(By.CSS_SELECTOR, "[type=submit]").click()
        visitor.sees("You are ")
        keep_picture(driver, "auth-react-signed-in-with-provider")
        visitor.press("SIGN OUT")
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
        keep_picture(driver, "auth-react-dynamic-password")
        visitor.press("Forgot password?")
        visitor.fill(email=ADDRESS)
        visitor.sees("Passwords cannot be reset here. Please contact support.")
        keep_picture(driver, "auth-react-no-reset")
        assert "Something went wrong" not in visitor.text()

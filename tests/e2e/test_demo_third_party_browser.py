"""Signing in with a certified provider from the demo's page, in Chromium: there, and back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import cast
from urllib.parse import urlencode

import httpx2
import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By

from tests.e2e.chromium import waiting
from tests.e2e.demo_browser import Page
from tests.e2e.demo_process import started_demo
from tests.e2e.openid_provider import NODE, agreed
from tests.patience import PATIENCE_S

pytestmark = [pytest.mark.browser, pytest.mark.node]

SENT = "return performance.getEntriesByType('resource').map(each => new URL(each.name).pathname)"


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run the demo, with a provider to sign in with."""
    data = tmp_path_factory.mktemp("demo") / "demo.db"
    with started_demo(data, "--port=0", f"--provider={NODE}") as demo:
        yield demo.origin


@pytest.fixture
def visit(origin: str, driver: webdriver.Chrome) -> Visit:
    """Open the demo's page in a browser that has never been there."""
    return Visit(driver, origin)


class Visit:
    """Somebody at the demo's page, and at the provider's."""

    def __init__(self, driver: webdriver.Chrome, origin: str) -> None:
        self.driver, self.origin, self.page = driver, origin, Page(driver)
        driver.get(origin)

    def go_to_provider(self) -> None:
        """Press the demo's button."""
        button = self.driver.find_element(By.ID, "provider")
        waiting(self.driver).until(lambda _: button.is_displayed() and self.page.is_complete())
        button.click()

    def log_in(self, name: str) -> None:
        """Fill in the provider's first page, and wait for its second."""
        waiting(self.driver).until(lambda _: self.driver.find_elements(By.NAME, "login"))
        self.driver.find_element(By.NAME, "login").send_keys(name)
        self.driver.find_element(By.NAME, "password").send_keys("any")
        self.driver.find_element(By.CSS_SELECTOR, "[type=submit]").click()
        self.see_consent_page()

    def see_consent_page(self) -> None:
        """Wait for the provider's second page."""
        waiting(self.driver).until(lambda _: self.driver.find_elements(By.CSS_SELECTOR, "input[value=consent]"))

    def consent(self) -> None:
        """Agree on the provider's second page."""
        self.driver.find_element(By.CSS_SELECTOR, "[type=submit]").click()

    def result(self) -> str:
        """Wait until the demo's page is back, and shows what came of it; the address bar must not."""
        waiting(self.driver).until(lambda _: self.driver.current_url == f"{self.origin}/")
        return self.page.result("provider")

    def has_asked_to_sign_in(self) -> bool:
        """Return whether the page has sent ``POST /auth/signinup`` since it was opened."""
        sent = self.driver.execute_script(SENT)  # pyright: ignore[reportUnknownMemberType]  selenium's *args
        return "/auth/signinup" in cast("list[str]", sent)  # a JavaScript array


def test_the_first_sign_in_leaves_no_session_and_the_second_gives_one(visit: Visit) -> None:
    """Through the provider's pages and back, twice: the page shows which override set the key that decides."""
    page = visit.page
    visit.go_to_provider()
    visit.log_in("ada")
    page.keep_picture("provider-consent")
    visit.consent()
    first = visit.result()
    page.keep_picture("demo-first-sign-in-with-provider")
    assert "200 · OK" in first
    assert "none, because note_first_sign_in set isSignUp" in first
    assert "no_session_after_sign_up returned an EmptySession" in first
    assert re.search(r"note_first_sign_in overrides sign_in_up \S+ set isSignUp", first)
    assert "RecipeImplementation.create_new_session not called" in first
    assert page.state() == "No session."
    assert "401" in page.perform("protected")
    assert visit.has_asked_to_sign_in()

    visit.go_to_provider()  # where she is still logged in, and has agreed
    second = visit.result()
    page.keep_picture("demo-second-sign-in-with-provider")
    assert "200 · OK" in second
    assert "new session" in second
    assert "note_first_sign_in overrides sign_in_up" in second
    assert "isSignUp" not in second
    assert "RecipeImplementation.create_new_session" in second
    assert "not called" not in second
    assert page.state().startswith("Session ")
    assert "200 · OK" in page.perform("protected")
    assert "has ended, tokens cleared" in page.perform("sign-out")


def test_who_declines_is_told_so(visit: Visit) -> None:
    """Who cancels at the provider comes back to a page that says so, and that asks nothing of the server."""
    visit.go_to_provider()
    visit.log_in("grace")
    visit.driver.find_element(By.PARTIAL_LINK_TEXT, "Cancel").click()
    assert visit.result() == "Not done: you did not agree to it at the provider (access_denied)."
    visit.page.keep_picture("demo-declined-at-provider")
    assert not visit.has_asked_to_sign_in()
    assert visit.page.state() == "No session."


def test_the_way_back_of_somebody_else(visit: Visit) -> None:
    """A link that ends an attacker's sign-in is refused, also in the middle of one's own, which goes on."""
    redirect_uri = f"{visit.origin}/callback"
    query = {"thirdPartyId": "local", "redirectURIOnProviderDashboard": redirect_uri}
    begun = httpx2.get(
        f"{visit.origin}/auth/authorisationurl", params=query, trust_env=False, timeout=PATIENCE_S
    ).json()
    theirs = agreed(f"{begun['urlWithQueryParams']}&state=theirs", "mallory", redirect_uri)
    assert theirs["state"] == "theirs"
    assert theirs["code"]

    visit.driver.get(f"{redirect_uri}?{urlencode(theirs)}")
    assert "not the answer to a sign-in that was begun in this tab" in visit.result()
    visit.go_to_provider()
    visit.log_in("alan")
    visit.driver.get(f"{redirect_uri}?{urlencode(theirs)}")
    assert "not the answer to a sign-in that was begun in this tab" in visit.result()
    visit.page.keep_picture("demo-foreign-state")
    assert not visit.has_asked_to_sign_in()
    assert visit.page.state() == "No session."

    visit.driver.back()
    visit.see_consent_page()
    visit.consent()
    assert "200 · OK" in visit.result()

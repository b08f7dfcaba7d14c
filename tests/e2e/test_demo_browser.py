"""The demo's page in Chromium, as a person uses it."""

from __future__ import annotations

from pathlib import Path

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from tests.e2e.demo_browser import Page, browser
from tests.e2e.demo_process import started_demo
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.browser


def test_the_page_shows_why_a_sign_up_leaves_no_session(tmp_path: Path) -> None:
    """On the page a sign-up gives no session and says why; a sign-in gives one, which lasts until the sign-out."""
    with started_demo(tmp_path / "demo.db", "--port=0") as demo, browser(tmp_path / "profile") as driver:
        driver.get(demo.origin)
        page = Page(driver)
        assert "401" in page.perform("protected")
        assert "No provider is offered." in driver.find_element(By.ID, "provider-missing").text
        assert not driver.find_element(By.ID, "provider").is_displayed()

        signed_up = page.perform("sign-up")
        assert "200 · OK" in signed_up
        assert "none, because note_sign_up set isSignUp" in signed_up
        assert "no_session_after_sign_up returned an EmptySession" in signed_up
        assert "set isSignUp" in signed_up
        assert "RecipeImplementation.create_new_session not called" in signed_up
        assert page.state() == "No session."
        assert "401" in page.perform("protected")

        signed_in = page.perform("sign-in")
        assert "200 · OK" in signed_in
        assert "new session" in signed_in
        assert "not called" not in signed_in
        assert page.state().startswith("Session ")
        assert "200 · OK" in page.perform("protected")
        assert "same session, new tokens" in page.perform("refresh")
        page.keep_picture("demo-signed-in.png")

        driver.refresh()
        WebDriverWait(driver, PATIENCE_S).until(lambda _: page.state().startswith("Session "))
        assert "has ended, tokens cleared" in page.perform("sign-out")
        assert page.state() == "No session."
        assert "401" in page.perform("protected")
        page.keep_picture("demo-signed-out.png")

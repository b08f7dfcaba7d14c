"""The demo's page in Chromium, as a person uses it."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from tests.e2e.demo_process import started_demo

FLAGS = """
--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
--disable-component-update --disable-sync --window-size=1200,1600
"""
PATIENCE_S = 30

pytestmark = pytest.mark.browser


@contextmanager
def browser(profile: Path) -> Generator[webdriver.Chrome]:
    """Start Chromium with a new profile, for a block."""
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for flag in [*FLAGS.split(), f"--user-data-dir={profile}"]:
        options.add_argument(flag)
    driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    try:
        yield driver
    finally:
        driver.quit()


class Page:
    """The demo's page, by what a person sees on it."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver

    def perform(self, action: str) -> str:
        """Press the button of an action, wait for its answer and return what is shown beside it."""
        section = self.driver.find_element(By.CSS_SELECTOR, f"[data-action={action}]")
        self.driver.find_element(By.ID, action).click()
        waiting = WebDriverWait(self.driver, PATIENCE_S)
        waiting.until(lambda _: section.get_attribute("data-status") is not None)
        return section.find_element(By.CLASS_NAME, "result").text

    def state(self) -> str:
        """Return the line that tells of the session."""
        return self.driver.find_element(By.ID, "state-text").text

    def keep_picture(self, name: str) -> None:
        """Keep a picture of the page as a build artefact."""
        folder = Path(os.environ.get("AUTHWEAVE_ARTEFACTS", "build/artefacts"))
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(self.driver.get_screenshot_as_png())


def test_the_page_shows_why_a_sign_up_leaves_no_session(tmp_path: Path) -> None:
    """On the page a sign-up gives no session and says why; a sign-in gives one, which lasts until the sign-out."""
    with started_demo(tmp_path / "demo.db", "--port=0") as demo, browser(tmp_path / "profile") as driver:
        driver.get(demo.origin)
        page = Page(driver)
        assert "401" in page.perform("protected")

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

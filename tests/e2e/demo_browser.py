"""Chromium, and the demo's page in it."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from tests.patience import PATIENCE_S

FLAGS = """
--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
--disable-component-update --disable-sync --window-size=1200,1600
"""


@contextmanager
def browser(profile: Path, *flags: str) -> Generator[webdriver.Chrome]:
    """Start Chromium with a new profile, and more flags if need be, for a block."""
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})  # what a policy refuses stands there
    for flag in [*FLAGS.split(), f"--user-data-dir={profile}", *flags]:
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
        self.driver.find_element(By.ID, action).click()
        return self.result(action)

    def result(self, action: str) -> str:
        """Wait for the answer to an action, which may be on the page's next visit, and return what is shown of it."""
        shown = (By.CSS_SELECTOR, f"[data-action={action}][data-status] .result")
        waiting = WebDriverWait(self.driver, PATIENCE_S, ignored_exceptions=[StaleElementReferenceException])
        return waiting.until(lambda driver: driver.find_element(*shown).text)

    def shown(self, action: str) -> str:
        """Return what is shown beside an action now."""
        return self.driver.find_element(By.CSS_SELECTOR, f"[data-action={action}] .result").text

    def kind(self, action: str) -> str:
        """Return how the answer to an action is shown: as good, expected or bad."""
        classes = self.driver.find_element(By.CSS_SELECTOR, f"[data-action={action}] .status").get_attribute("class")
        return (classes or "").removeprefix("status ")

    def fill(self, field: str, value: str) -> None:
        """Fill in a field of the form, in place of what is there."""
        found = self.driver.find_element(By.ID, field)
        found.clear()
        found.send_keys(value)

    def state(self) -> str:
        """Return the line that tells of the session."""
        return self.driver.find_element(By.ID, "state-text").text

    def keep_picture(self, name: str) -> None:
        """Keep a picture of the page as a build artefact."""
        folder = Path(os.environ.get("AUTHWEAVE_ARTEFACTS", "build/artefacts"))
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(self.driver.get_screenshot_as_png())

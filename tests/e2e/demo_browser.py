"""Chromium, and the demo's page in it."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

FLAGS = """
--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
--disable-component-update --disable-sync --window-size=1200,1600
"""
PATIENCE_S = 30


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
        section = self.section(action)
        self.driver.find_element(By.ID, action).click()
        return self.result(section)

    def section(self, action: str) -> WebElement:
        """Return the part of the page that an action has."""
        return self.driver.find_element(By.CSS_SELECTOR, f"[data-action={action}]")

    def result(self, section: WebElement) -> str:
        """Wait for the answer to an action, and return what is shown of it."""
        WebDriverWait(self.driver, PATIENCE_S).until(lambda _: section.get_attribute("data-status") is not None)
        return section.find_element(By.CLASS_NAME, "result").text

    def state(self) -> str:
        """Return the line that tells of the session."""
        return self.driver.find_element(By.ID, "state-text").text

    def keep_picture(self, name: str) -> None:
        """Keep a picture of the page as a build artefact."""
        folder = Path(os.environ.get("AUTHWEAVE_ARTEFACTS", "build/artefacts"))
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(self.driver.get_screenshot_as_png())

"""The demo's page in Chromium."""

from __future__ import annotations

from typing import Final

from selenium import webdriver
from selenium.webdriver.common.by import By

from tests.e2e.chromium import keep_picture, waiting

IS_COMPLETE: Final = """
const offer = document.getElementById("provider").hidden ? document.getElementById("provider-missing") : document.body;
return [offer, ...document.querySelectorAll("[data-form]")].every((each) => each.textContent !== "");
"""


class Page:
    """The demo's page, by what a person sees on it."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver

    def perform(self, action: str) -> str:
        """Press the button of an action, wait for its answer and return what is shown beside it."""
        waiting(self.driver).until(lambda _: self.is_complete())
        self.driver.find_element(By.ID, action).click()
        return self.result(action)

    def is_complete(self) -> bool:
        """Return whether the page has all that it asks for when it is opened: before that, buttons move."""
        return bool(self.driver.execute_script(IS_COMPLETE))  # pyright: ignore[reportUnknownMemberType]  selenium's *args

    def result(self, action: str) -> str:
        """Wait for the answer to an action, which may be on the page's next visit, and return what is shown of it."""
        shown = (By.CSS_SELECTOR, f"[data-action={action}][data-status] .result")
        return waiting(self.driver).until(lambda driver: driver.find_element(*shown).text)

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
        keep_picture(self.driver, name)

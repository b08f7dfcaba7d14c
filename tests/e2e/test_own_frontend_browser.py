"""The page of ``docs/how-to/own-frontend.md``, as it stands there, in Chromium."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import attrs
import pytest
from fastapi import FastAPI
from selenium import webdriver
from selenium.webdriver.common.by import By

from authweave.app import App, set_default_app
from tests.e2e.chromium import waiting
from tests.integration.http.serving import PASSWORD, serving

pytestmark = pytest.mark.browser

PAGE: Final = (Path(__file__).parents[2] / "docs" / "how-to" / "own-frontend.md").read_text(encoding="utf-8")
ADDRESS: Final = "ada@example.com"


def first_block(language: str) -> str:
    """Return the first code of the page in a language."""
    found = re.search(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


@pytest.fixture
def origin(tmp_path: Path) -> Iterator[str]:
    """Serve what the page says, in a folder of its own."""
    (tmp_path / "page.html").write_text(first_block("html"), encoding="utf-8")
    with contextlib.chdir(tmp_path):
        made: dict[str, object] = {"__name__": "main"}
        exec(first_block("python"), made)  # noqa: S102  our own page
        app, auth = made["app"], made["auth"]
        assert isinstance(app, FastAPI)
        assert isinstance(auth, App)
        with serving(app) as address:
            yield f"http://localhost:{urlsplit(address).port}"
        auth.close()
    set_default_app(None)


@attrs.frozen
class Visitor:
    """Somebody at the page."""

    driver: webdriver.Chrome

    def shows(self, text: str) -> str:
        """Wait until the page shows a text, and return all of it."""
        shown = self.driver.find_element(By.ID, "shown")
        waiting(self.driver).until(lambda _: text in shown.text)
        return shown.text

    def submit(self, action: str, password: str = PASSWORD) -> None:
        """Fill in the form, and send it."""
        for name, value in (("email", ADDRESS), ("password", password)):
            field = self.driver.find_element(By.NAME, name)
            field.clear()
            field.send_keys(value)
        self.driver.find_element(By.CSS_SELECTOR, f"button[value={action}]").click()

    def click(self, button: str) -> None:
        """Press a button."""
        self.driver.find_element(By.ID, button).click()


def test_the_page_works(origin: str, driver: webdriver.Chrome) -> None:
    """It signs up and in, says what is wrong, refreshes where the access token is gone, and signs out."""
    driver.get(origin)
    visitor = Visitor(driver)
    visitor.click("me")
    visitor.shows("You are not signed in.")
    visitor.submit("signup", "short")
    visitor.shows("password: Password must contain at least 8 characters")
    visitor.submit("signup")
    visitor.shows(f"Signed in as {ADDRESS}.")
    visitor.click("me")
    user = visitor.shows("You are ").removeprefix("You are ")
    assert user != "not signed in."

    for _ in range(2):
        driver.delete_cookie("sAccessToken")  # pyright: ignore[reportUnknownMemberType]  selenium names no type
        visitor.submit("signin", "another password 1")  # shows something else in between
        visitor.shows("Address or password is wrong.")
        visitor.click("me")
        assert visitor.shows("You are ").removeprefix("You are ") == user

    visitor.click("sign-out")
    visitor.shows("Signed out.")
    visitor.click("me")
    visitor.shows("You are not signed in.")
    visitor.submit("signin")
    visitor.shows(f"Signed in as {ADDRESS}.")

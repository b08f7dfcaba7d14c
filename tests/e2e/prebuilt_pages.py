"""The unmodified pre-built pages of ``supertokens-auth-react`` in Chromium, in front of an application of ours."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Final

import attrs
import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse, Response
from selenium import webdriver
from selenium.common.exceptions import TimeoutException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

from authweave import App
from authweave.framework.fastapi import get_middleware
from tests.e2e.bundles import NODE, bundled
from tests.e2e.chromium import leading_elsewhere, waiting
from tests.e2e.watched import Watched
from tests.integration.http.serving import serving

NO_SESSION: Final = "session POST /session/refresh 401 remove"
"""What pages ask first in a browser that is new."""

SIGN_OUT: Final = "session POST /signout remove"
KEPT: Final = {"cache-control": "max-age=3600"}  # by the browser, with what it has compiled of a script
DOCUMENT: Final = '<!doctype html><title>Pages</title><div id="root"></div><script src="/{}"></script>'
LINKS: Final = ("link", "secondaryLinkWithLeftArrow", "buttonWithArrow")
PRESSED: Final = ", ".join(["button", "a", *(f"[data-supertokens~={each}]" for each in LINKS)])


@contextmanager
def serving_pages(
    driver: webdriver.Chrome, make_app: Callable[[str], App], pages: str = "pages.jsx", script: str = ""
) -> Generator[Visitor]:
    """
    Serve the pages, and the API of an application beside them, on one origin for a block; yields somebody at them.

    Args:
        driver: the browser.
        make_app: makes the application, once its origin is known. It is closed after the block.
        pages: the file of ``tests/node`` that shows them.
        script: another one, which the page ``/script`` has instead.
    """
    web = FastAPI(openapi_url=None)

    @web.get("/bundled/{name}")
    def of_name(name: str) -> Response:
        return Response(bundled(NODE / name), media_type="text/javascript", headers=KEPT)

    @web.get("/{path:path}")
    async def page(path: str) -> HTMLResponse:
        return HTMLResponse(DOCUMENT.format(f"bundled/{script if path == 'script' else pages}"))

    api = Watched(web)
    with serving(api) as address:
        origin = address.replace("127.0.0.1", "localhost")
        auth = make_app(origin)
        web.add_middleware(get_middleware(), app=auth)  # before the first request
        yield Visitor(driver, origin, api)
        auth.close()


@attrs.frozen
class Visitor:
    """
    Somebody at the pages, who sees what is shown and fills in what is asked.

    Attributes:
        origin: where pages and API are.
        api: knows what the pages ask.
    """

    driver: webdriver.Chrome
    origin: str
    api: Watched

    def waiting(self) -> WebDriverWait[webdriver.Chrome]:
        """Return what waits for the page."""
        return waiting(self.driver)

    def visit(self, path: str) -> None:
        """Open a page."""
        self.driver.get(path if "://" in path else f"{self.origin}{path}")

    def text(self) -> str:
        """Return what the page shows."""
        return self.driver.find_element(By.TAG_NAME, "body").text

    def sees(self, text: str) -> None:
        """Wait until the page shows a text; if it never does, say what it shows."""
        try:
            self.waiting().until(lambda _: text in self.text())
        except TimeoutException:
            pytest.fail(f"{text!r} is not on the page, but: {self.text()}")

    def asks(self, *lines: str) -> None:
        """Check what the pages have asked of the API since this was looked at last; wait for what is on its way."""
        with suppress(TimeoutException):  # they asked less, which the next line shows
            self.waiting().until(lambda _: self.api.has_answered(len(lines)))
        asked = self.api.take()
        assert asked == list(lines), "\n".join(asked)

    def shown(self, part: str) -> str:
        """Wait until a part of the pages is there, by the name that it has for styles, and return its text."""
        found = (By.CSS_SELECTOR, f"[data-supertokens~={part}]")
        return self.waiting().until(lambda driver: driver.find_element(*found).text)

    def field(self, name: str) -> WebElement:
        """Wait for a field and return it."""
        return self.waiting().until(lambda driver: driver.find_element(By.NAME, name))

    def choose(self, name: str) -> None:
        """Choose a factor, by its name."""
        listed = (By.CSS_SELECTOR, "[data-supertokens~=factorChooserOption]")

        def press_it(driver: webdriver.Chrome) -> bool:
            found = next((each for each in driver.find_elements(*listed) if name in each.text.split("\n")), None)
            if found is not None:
                with leading_elsewhere():
                    found.click()
            return found is not None

        self.waiting().until(press_it, name)

    def fill(self, **values: str) -> None:
        """Fill in the fields of these names, and press Enter: buttons move as messages come and go."""
        *_, last = values
        for name, value in values.items():
            self.enter(name, value, Keys.ENTER if name == last else "")

    def enter(self, name: str, value: str, end: str) -> None:
        """Wait for a field, put a value into it, and press a last key."""
        try:
            self.waiting().until(partial(self.type_in, name, value, end))
        except TimeoutException:
            pytest.fail(f"there is no field {name!r} on the page, but: {self.text()}")

    def type_in(self, name: str, text: str, end: str, driver: webdriver.Chrome) -> bool:
        """Put a text into a field in place of what is there, and press a last key; the page may make the field anew."""
        field = driver.find_element(By.NAME, name)
        field.send_keys(Keys.CONTROL, "a")  # React does not see what `clear` does
        field.send_keys(text)
        with leading_elsewhere():
            field.send_keys(end)
        return True

    def press(self, *texts: str) -> None:
        """Press the first button, or follow the first link, that has one of these texts; wait for it if need be."""

        def press_first(driver: webdriver.Chrome) -> bool:
            found = driver.find_elements(By.CSS_SELECTOR, PRESSED)
            first = next((each for each in found if each.is_displayed() and each.text.strip() in texts), None)
            if first is not None:
                with leading_elsewhere():
                    first.click()
            return first is not None

        try:
            self.waiting().until(press_first)
        except TimeoutException:
            pytest.fail(f"there is no {texts} on the page, but: {self.text()}")

    def sign_out(self) -> None:
        """Sign out, and wait until it has happened: whoever opens the next page at once may stay signed in."""
        self.press("SIGN OUT")
        self.waiting().until(lambda _: "You are " not in self.text())

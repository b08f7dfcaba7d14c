"""Chromium without a screen: one for all tests, in which each has a context of its own."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, Literal, TypeVar, cast

from selenium import webdriver
from selenium.common.exceptions import (
    ElementClickInterceptedException,
    ElementNotInteractableException,
    StaleElementReferenceException,
    WebDriverException,
)
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.remote.command import Command
from selenium.webdriver.remote.remote_connection import RemoteConnection
from selenium.webdriver.support.wait import WebDriverWait
from typing_extensions import override

from tests.patience import PATIENCE_S

T = TypeVar("T")

FLAGS = """
--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
--disable-component-update --disable-sync --window-size=1200,1600 --ignore-certificate-errors
"""
THIRD_PARTY_COOKIES = {"profile.cookie_controls_mode": 0, "profile.block_third_party_cookies": False}
"""Cookies of other sites are kept, which contexts of their own, private windows as they are, do not by default."""

POLL_S: Final = 0.02
LEFT: Final = "aborted by navigation"
GONE: Final = ("does not belong to the document", "Cannot find context with specified id")
"""What Chromium's driver says of a page that is left while it is looked at."""

MOVING: Final = (
    StaleElementReferenceException,
    ElementClickInterceptedException,
    ElementNotInteractableException,
)
"""What is raised, before anything is done, where a page just makes a part of itself anew, or moves it."""

NAMES = ("MAP *.test 127.0.0.1", "MAP localhost 127.0.0.1", "MAP * ~NOTFOUND", "EXCLUDE 127.0.0.1")
"""
Names below ``test`` (RFC 6761) are of this machine, so that there are several sites; there are no others.

``localhost`` is where the servers of tests listen: at the same port of ``::1`` may be somebody else's. Fonts and flags
that pages would fetch from elsewhere are not waited for.
"""

STARTED: Final = re.compile(r"started successfully on port (\d+)")


class Driver(Service):
    """Chromium's driver, at a port that it takes itself: what selenium finds free may be taken by then."""

    def __init__(self, log: IO[str]) -> None:
        super().__init__("/usr/bin/chromedriver", log_output=log)  # pyright: ignore[reportUnknownMemberType]  selenium's **kwargs
        self.log, self.port = Path(log.name), 0

    @override
    def is_connectable(self) -> bool:
        """Return whether it answers, which it does not before it has said where."""
        if self.port == 0 and (found := STARTED.search(self.log.read_text("utf-8"))):
            self.port = int(found[1])
        return self.port != 0 and super().is_connectable()


@contextmanager
def browser(profile: Path, *flags: str) -> Generator[webdriver.Chrome]:
    """Start Chromium with a new profile, and more flags if need be, for a block."""
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    options.enable_bidi = True
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})  # what a policy refuses stands there
    options.add_experimental_option("prefs", THIRD_PARTY_COOKIES)  # pyright: ignore[reportUnknownMemberType]  selenium's dict
    for flag in [*FLAGS.split(), f"--host-resolver-rules={','.join(NAMES)}", f"--user-data-dir={profile}", *flags]:
        options.add_argument(flag)
    with profile.with_name("chromedriver.log").open("w", encoding="utf-8") as log:
        driver = webdriver.Chrome(options=options, service=Driver(log))
    driver.set_script_timeout(PATIENCE_S)
    config = cast("RemoteConnection", driver.command_executor).client_config  # of a driver of Chromium
    config.websocket_interval, config.websocket_timeout = POLL_S, PATIENCE_S
    try:
        yield driver
    finally:
        driver.execute(Command.QUIT)  # not `quit`, which may wait long for the BiDi connection that this ends
        driver.service.stop()


@contextmanager
def somebody_else(driver: webdriver.Chrome) -> Generator[None]:
    """
    Have what a browser does for a block happen in a context of its own, as in another browser.

    It has none of the cookies and stores of others, and leaves none (WebDriver BiDi, section 7.2.2, User Contexts).
    """
    before = driver.current_window_handle
    context = cast("str", driver.browser.create_user_context())  # selenium names no type
    window = cast("str", driver.browsing_context.create(type="tab", user_context=context))  # likewise
    driver.switch_to.window(window)
    try:
        yield
    finally:
        driver.switch_to.window(before)
        driver.browser.remove_user_context(context)


def waiting(driver: webdriver.Chrome) -> WebDriverWait[webdriver.Chrome]:
    """Return what waits for a page, also for one that is just making itself anew; it looks often: pauses add up."""
    return PageWait(driver, PATIENCE_S, POLL_S, ignored_exceptions=MOVING)


class PageWait(WebDriverWait[webdriver.Chrome]):
    """Waits for a page also while another one is still there, and is being left."""

    @override
    def until(self, method: Callable[[webdriver.Chrome], Literal[False] | T], message: str = "") -> T:
        """Wait until a function returns something."""

        def ask(driver: webdriver.Chrome) -> Literal[False] | T:
            try:
                return method(driver)
            except WebDriverException as error:
                if any(text in (error.msg or "") for text in (LEFT, *GONE)):
                    return False
                raise

        return super().until(ask, message)


@contextmanager
def leading_elsewhere() -> Generator[None]:
    """Do something in a block that may lead to another page, before the browser could say that it was done."""
    try:
        yield
    except WebDriverException as error:
        if LEFT not in (error.msg or ""):
            raise


def open_tab(driver: webdriver.Chrome) -> str:
    """Open another tab of the same context and go there; the one that `WebDriver.new_window` opens is nobody's."""
    before = set(driver.window_handles)
    driver.execute_script("window.open('about:blank', '_blank', 'noopener')")  # pyright: ignore[reportUnknownMemberType]  selenium's *args
    waiting(driver).until(lambda _: len(driver.window_handles) > len(before))
    (opened,) = set(driver.window_handles) - before
    driver.switch_to.window(opened)
    return opened


def keep_picture(driver: webdriver.Chrome, name: str) -> None:
    """Keep a picture of the page as a build artefact."""
    folder = Path(os.environ.get("AUTHWEAVE_ARTEFACTS", "build/artefacts"))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.png").write_bytes(driver.get_screenshot_as_png())

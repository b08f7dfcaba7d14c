"""The page for administrators in Chromium: by keyboard alone, and on a phone; its policy refuses nothing of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final, cast

import attrs
import pytest
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.e2e.chromium import browser, waiting
from tests.e2e.demo_browser import Page
from tests.integration.http.test_admin import World, user_of, world

pytestmark = pytest.mark.browser

MANY_TABS: Final = 80
FINGER_PX: Final = 44
"""WCAG 2.2, 2.5.5 (Target Size, Enhanced)."""

PHONE: Final = {"width": 360, "height": 640, "deviceScaleFactor": 2, "mobile": True}

FOCUSED: Final = """
const one = document.activeElement;
const name = one.getAttribute("aria-label") || one.innerText || one.name || one.id || "";
return one === document.body ? "" : name.trim();
"""
HAS_OUTLINE: Final = """
const style = getComputedStyle(document.activeElement);
return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
"""
SMALL_TARGETS: Final = """
return [...document.querySelectorAll("button, input:not([type=hidden]), a.button, header a, nav a")]
  .filter((one) => one.getBoundingClientRect().height < arguments[0]).map((one) => one.outerHTML);
"""
WITHOUT_LABEL: Final = """
return [...document.querySelectorAll("input:not([type=hidden])")].filter((one) => !one.labels.length).length;
"""
TOO_WIDE: Final = """
return document.documentElement.scrollWidth - document.documentElement.clientWidth;
"""
SCROLLABLE: Final = """
return [...document.querySelectorAll(".table")]
  .map((one) => [one.scrollWidth > one.clientWidth, one.tabIndex, one.getAttribute("role")]);
"""


@attrs.frozen
class Administrator:
    """Somebody with the role, at the page."""

    driver: webdriver.Chrome
    shop: World

    def open(self, path: str) -> None:
        """Open a page."""
        self.driver.get(f"{self.origin()}{path}")

    def origin(self) -> str:
        """Return where the page is."""
        return str(self.shop.client().base_url).rstrip("/")

    def sign_in(self) -> None:
        """Bring along the cookies of a session that was made just now."""
        self.open("/auth/admin")
        client = self.shop.signed_in("root@example.com")
        for cookie in client.cookies.jar:
            self.driver.add_cookie({"name": cookie.name, "value": cookie.value or "", "path": cookie.path})  # pyright: ignore[reportUnknownMemberType]  selenium's own types

    def tab_to(self, name: str) -> None:
        """Press Tab until what has the focus is called so; each thing on the way shows that it has it."""
        for _ in range(MANY_TABS):
            ActionChains(self.driver).send_keys(Keys.TAB).perform()
            if self.focused() and not self.ask(HAS_OUTLINE):
                pytest.fail(f"{self.focused()!r} does not show that it has the focus")
            if self.focused() == name:
                return
        pytest.fail(f"No Tab leads to {name!r}.")

    def ask(self, script: str, *arguments: object) -> object:
        """Return what a script returns."""
        answer: object = self.driver.execute_script(script, *arguments)  # pyright: ignore[reportUnknownMemberType]  selenium types no arguments
        return answer

    def focused(self) -> str:
        """Return what has the focus."""
        return cast("str", self.ask(FOCUSED))  # of a script, which returns a text

    def press(self, name: str) -> None:
        """Go to what is called so by Tab, and press Enter."""
        self.tab_to(name)
        ActionChains(self.driver).send_keys(Keys.ENTER).perform()

    def reads(self, text: str) -> None:
        """Wait until a page shows a text."""
        waiting(self.driver).until(lambda driver: text in driver.find_element(By.TAG_NAME, "body").text)

    def refusals(self) -> list[str]:
        """Return what the browser has refused to do since it was asked last, and what else it complains of."""
        entries: list[dict[str, str]] = self.driver.get_log("browser")  # type: ignore[no-untyped-call]  # pyright: ignore[reportUnknownMemberType]  selenium's own types
        return [entry["message"] for entry in entries if "401 (Unauthorized)" not in entry["message"]]


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Administrator]:
    """Open a browser of an administrator, at an application with a few users."""
    with world(tmp_path) as shop, browser(tmp_path / "profile") as driver:
        shop.user("root@example.com", "admin")
        for number in range(3):
            shop.clock.now_ms += 1000
            shop.user(f"user{number}@example.com", "editor")
        administrator = Administrator(driver, shop)
        administrator.sign_in()
        driver.get_log("browser")  # type: ignore[no-untyped-call]  # pyright: ignore[reportUnknownMemberType]  selenium's own types
        yield administrator


def test_by_keyboard_alone(root: Administrator) -> None:
    """A user is found, disabled, enabled, and deleted after a question; nothing is refused by the policy."""
    ada = root.shop.user("ada@example.com")
    root.shop.signed_in("ada@example.com")
    root.open("/auth/admin")
    root.tab_to("Skip to the content")
    root.tab_to("search")
    ActionChains(root.driver).send_keys("ada", Keys.ENTER).perform()
    waiting(root.driver).until(lambda driver: "search=ada" in driver.current_url)  # the page before it lists her too
    root.reads("ada@example.com")
    root.press("ada@example.com")
    root.reads("Ways to sign in")
    root.press("Revoke all sessions")
    root.reads("All sessions are revoked.")
    root.press("Disable")
    root.reads("The user is disabled")
    root.press("Enable")
    root.reads("The user is enabled.")
    Page(root.driver).keep_picture("admin-user")
    root.press("Delete…")
    root.reads("cannot be undone")
    assert root.shop.stored(ada) is not None
    root.press("Delete this user")
    root.reads("The user was deleted")
    assert root.shop.stored(ada) is None
    root.press("Sign out")
    root.reads("Go to the sign-in page")
    assert root.shop.sessions(user_of(root.shop, "root@example.com")) == []
    assert root.refusals() == []


def test_the_policy_refuses_what_is_not_the_page_s(root: Administrator) -> None:
    """A script or a style that somebody got into the page does nothing, which is what the other tests listen for."""
    root.open("/auth/admin")
    assert root.refusals() == []
    root.ask(
        "const one = document.createElement('script'); one.textContent = 'document.title = \"mine\"';"
        "document.body.append(one); document.body.setAttribute('style', 'color: red');"
    )
    assert root.driver.title != "mine"
    assert len(root.refusals()) == 2


def test_on_a_phone(root: Administrator) -> None:
    """Nothing is wider than the screen but tables, which scroll by finger and key; fingers hit every button."""
    wide = root.shop.user(f"{'a' * 60}@{'b' * 60}.{'c' * 60}.example.com")
    root.shop.signed_in(wide.emails[0])
    root.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", PHONE)  # pyright: ignore[reportUnknownMemberType]  selenium's own types
    pages = [
        "/auth/admin",
        f"/auth/admin/user?id={wide.id}",
        f"/auth/admin/user/delete?id={wide.id}",
        "/auth/admin/user?id=x",
    ]
    for number, path in enumerate(pages):
        root.open(path)
        assert root.ask(TOO_WIDE) == 0, path
        assert root.ask(SMALL_TARGETS, FINGER_PX) == [], path
        assert root.ask(WITHOUT_LABEL) == 0, path
        tables = cast("list[tuple[bool, int, str]]", root.ask(SCROLLABLE))  # as the script says
        assert all((tab_index, role) == (0, "region") for _, tab_index, role in tables)
        assert number != 1 or any(scrolls for scrolls, _, _ in tables), path
        Page(root.driver).keep_picture(f"admin-phone-{number}")
    assert [each for each in root.refusals() if "404" not in each] == []

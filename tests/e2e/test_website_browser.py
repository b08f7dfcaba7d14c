"""The unmodified ``supertokens-website`` in Chromium: its page in ``examples/frontends``, in every mode."""

from __future__ import annotations

from pathlib import Path
from typing import Final, get_args

import pytest
from selenium import webdriver

from authweave.recipe.session.types import AntiCsrfMode
from tests.e2e.bundles import EXAMPLES, bundled
from tests.e2e.chromium import keep_picture, open_tab
from tests.e2e.frontend_site import Site, Where, example, website
from tests.e2e.watched import REFRESH
from tests.integration.http.serving import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.node]

ADDRESS: Final = "ada@example.com"
SIX: Final = """Promise.all([1, 2, 3].flatMap(() => [status("GET", `${api}/me`), xhr("POST", `${api}/me`)]))"""
ONE_EACH: Final = """Promise.all([status("POST", `${api}/me`), xhr("GET", `${api}/me`)]).then(done)"""
UNPROVEN: Final = """
window.__supertokensOriginalFetch(`${api}/me`, { method: "POST", credentials: "include" })
  .then(answer => done(answer.status))
"""
"""A request that the frontend has no hand in, as a page of somebody else sends it: cookies, and no proof."""
SIGNED_OUT_ELSEWHERE: Final = """
const headers = { rid: "session" };
window.__supertokensOriginalFetch(`${api}/auth/signout`, { method: "POST", credentials: "include", headers })
  .then(answer => done(answer.status))
"""


def sign_up(site: Site) -> str:
    """Sign up at the form, and return the user's id."""
    site.submit("signup", ADDRESS, PASSWORD)
    site.shows(f"Signed in as {ADDRESS}.")
    site.click("me")
    return site.shows("You are ").removeprefix("You are ")


@pytest.mark.parametrize("where", get_args(Where))
@pytest.mark.parametrize(
    ("mode", "anti_csrf"),
    [("cookie", "NONE"), ("cookie", "VIA_TOKEN"), ("cookie", "VIA_CUSTOM_HEADER"), ("header", "NONE")],
)
def test_a_session(tmp_path: Path, driver: webdriver.Chrome, where: Where, mode: str, anti_csrf: AntiCsrfMode) -> None:
    """By fetch and XHR: signed up, six requests that need a refresh make one, and signed out for good."""
    with website(driver, tmp_path, where, mode=mode, anti_csrf=anti_csrf) as site:
        site.click("me")
        site.shows("You are not signed in.")
        site.submit("signup", ADDRESS, "short")
        site.shows("Password must contain at least 8 characters")
        user = sign_up(site)
        keep_picture(driver, f"frontend-website-{mode}-{anti_csrf.lower()}-{where.replace(' ', '-')}")
        assert site.run(UNPROVEN) == (200 if (mode, anti_csrf) == ("cookie", "NONE") else 401)
        assert site.run(ONE_EACH) == [200, 200]

        for _ in range(2):
            site.expire()
            site.api.hold(6)
            before = site.api.count(REFRESH)
            site.begin(SIX)
            assert site.begun() == [200] * 6
            assert site.api.count(REFRESH) == before + 1
        site.open()
        site.click("me")
        assert site.shows("You are ") == f"You are {user}"

        held = site.cookies()
        if mode == "cookie":
            assert held["sAccessToken"] == held["sRefreshToken"] == ("None" if where == "other site" else "Lax")
        assert ("sAccessToken" in held) is (mode == "cookie")
        assert ("st-refresh-token" in held) is (mode == "header")

        site.click("sign-out")
        site.shows("Signed out.")
        assert site.run(ONE_EACH) == [401, 401]
        site.click("me")
        site.shows("You are not signed in.")


@pytest.mark.parametrize("mode", ["cookie", "header"])
def test_two_tabs(tmp_path: Path, driver: webdriver.Chrome, mode: str) -> None:
    """Of requests in two tabs that all need a refresh, one makes it; what one tab signs out, the other is too."""
    with website(driver, tmp_path, mode=mode, anti_csrf=None) as site:
        sign_up(site)
        first = driver.current_window_handle
        second = open_tab(driver)
        site.open()
        for _ in range(2):
            site.expire()
            site.api.hold(12)
            before = site.api.count(REFRESH)
            for tab in (first, second):
                driver.switch_to.window(tab)
                site.begin(SIX)
            for tab in (first, second):
                driver.switch_to.window(tab)
                assert site.begun() == [200] * 6
            assert site.api.count(REFRESH) == before + 1
        site.click("sign-out")
        site.shows("Signed out.")
        driver.close()
        driver.switch_to.window(first)
        site.click("me")
        site.shows("You are not signed in.")


def test_a_session_that_was_ended_elsewhere(tmp_path: Path, driver: webdriver.Chrome) -> None:
    """A refresh that is refused ends it here: one refresh for all that wait, and none after it."""
    with website(driver, tmp_path, "other origin", mode="cookie", anti_csrf=None) as site:
        sign_up(site)
        before = site.api.count(REFRESH)
        assert site.run(SIGNED_OUT_ELSEWHERE) == 200
        site.begin(SIX)
        assert site.begun() == [401] * 6
        assert site.api.answered.count(f"{REFRESH} 401") == before + 1
        assert site.run(ONE_EACH) == [401, 401]
        assert site.api.count(REFRESH) == before + 1


def test_the_example(tmp_path: Path, driver: webdriver.Chrome) -> None:
    """The application of the example serves its page."""
    script = tmp_path / "main.js"
    script.write_bytes(bundled(EXAMPLES / "website" / "main.js"))
    storage = f"sqlite:///{tmp_path / 'auth.db'}"
    with example(driver, "website", lambda make, origin: make(script, origin, storage)) as site:
        site.open()
        sign_up(site)
        before = site.api.count(REFRESH)  # a browser that is new asks once whether it has a session
        driver.delete_cookie("sAccessToken")  # pyright: ignore[reportUnknownMemberType]  selenium names no type
        assert site.run(ONE_EACH.replace("POST", "GET")) == [200, 200]
        assert site.api.count(REFRESH) == before + 1
        site.click("sign-out")
        site.shows("Signed out.")

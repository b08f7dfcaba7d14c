"""Codes, passkeys and an authenticator app on the demo's page in Chromium, and the passkey of the tutorial."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI
from pyotp.totp import TOTP
from selenium import webdriver
from selenium.webdriver.common.by import By
from starlette.types import Receive, Scope, Send

from authweave.app import default_app, set_default_app
from tests.e2e.chromium import waiting
from tests.e2e.demo_browser import Page
from tests.e2e.demo_process import started_demo
from tests.e2e.factor_pages import add_authenticator
from tests.e2e.programs import ROOT
from tests.e2e.tutorial_page import program_of
from tests.integration.http.serving import serving

pytestmark = pytest.mark.browser


def test_without_a_password_and_with_a_second_factor(tmp_path: Path, driver: webdriver.Chrome) -> None:
    """A code signs up; a passkey is added and signs in; an app is asked for, and a recovery code stands in for it."""
    with started_demo(tmp_path / "demo.db", "--port=0") as demo:
        driver.get(demo.origin)
        add_authenticator(driver)
        page = Page(driver)

        assert "no code was asked for in this tab" in page.perform("enter-code")
        assert "200 · OK" in page.perform("send-code")
        page.fill("code", newest_code(page))
        assert "new session" in page.perform("enter-code")

        assert "200 · OK" in page.perform("add-passkey")
        assert page.state().startswith("Session ")
        assert "200 · OK" in page.perform("add-passkey")
        page.perform("sign-out")
        assert "new session" in page.perform("use-passkey")
        page.keep_picture("demo-passkey")

        assert "200 · OK" in page.perform("add-app")
        phone = TOTP(driver.find_element(By.ID, "secret").text)
        picture = driver.find_element(By.CSS_SELECTOR, "[data-action=add-app] svg path")
        assert picture.is_displayed(), "a picture, and not the text of one"
        page.keep_picture("demo-app")
        page.fill("code", phone.now())
        assert "200 · OK" in page.perform("confirm-app")
        recovery = page.perform("make-recovery")
        (first, *_) = re.findall(r"^[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}$", recovery, re.MULTILINE)

        page.perform("use-passkey")
        assert "which the code of the app is missing from" in page.state()
        assert "MFA requirement for auth is not satisfied" in page.perform("protected")
        page.fill("code", phone.at(int(time.time()) + 30))
        assert "200 · OK" in page.perform("enter-app-code")
        assert "200 · OK" in page.perform("protected")

        page.perform("use-passkey")
        page.fill("code", first.lower())
        assert "200 · OK" in page.perform("use-recovery")
        assert "missing" not in page.state()

        assert "200 · OK" in page.perform("remove-passkey")
        assert "has ended, tokens cleared" in page.perform("delete")
        assert "INVALID_CREDENTIALS_ERROR" in page.perform("use-passkey")


def newest_code(page: Page) -> str:
    """Look at the mails until there is one with a code; return it."""

    def codes(_: webdriver.Chrome) -> list[str]:
        return re.findall(r"code (\d{6})", page.perform("mails"))

    return waiting(page.driver).until(codes)[0]


@pytest.fixture
def tutorial(tmp_path: Path) -> Iterator[str]:
    """Serve the first application of the tutorial with its page, at a port that is free in place of its own."""
    text = (ROOT / "docs" / "tutorial" / "first-app.md").read_text(encoding="utf-8")
    found = re.search(r"^```html\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert found is not None
    (tmp_path / "page.html").write_text(found[1], encoding="utf-8")
    made: dict[str, object] = {"__name__": "main"}

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        app = made["app"]
        assert isinstance(app, FastAPI)
        await app(scope, receive, send)

    with contextlib.chdir(tmp_path), serving(served) as address:
        port = urlsplit(address).port
        exec(program_of(text).replace("localhost:8000", f"localhost:{port}"), made)  # noqa: S102  our own page
        yield f"http://localhost:{port}"
        default_app().close()
    set_default_app(None)


def test_the_passkey_of_the_tutorial(tutorial: str, driver: webdriver.Chrome) -> None:
    """Signing up with a passkey, and then in, each leaves a session."""
    driver.get(tutorial)
    add_authenticator(driver)
    driver.find_element(By.ID, "email").send_keys("grace@example.com")
    shown = driver.find_element(By.ID, "shown")

    def shown_after(step: str) -> str:
        driver.find_element(By.ID, step).click()
        waiting(driver).until(lambda _: shown.text.startswith(f"{step} "))
        return shown.text

    signed_up, signed_in = shown_after("signup"), shown_after("signin")
    assert signed_up.startswith('signup OK: {"user":')
    assert signed_in == signed_up.replace("signup", "signin"), "the same user"

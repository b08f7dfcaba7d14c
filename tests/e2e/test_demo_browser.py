"""The demo's page in Chromium, as a person uses it."""

from __future__ import annotations

from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By

from tests.e2e.chromium import waiting
from tests.e2e.demo_browser import Page
from tests.e2e.demo_process import started_demo

pytestmark = pytest.mark.browser


def test_the_page_shows_why_a_sign_up_leaves_no_session(tmp_path: Path, driver: webdriver.Chrome) -> None:
    """On the page a sign-up gives no session and says why; a sign-in gives one, which lasts until the sign-out."""
    with started_demo(tmp_path / "demo.db", "--port=0") as demo:
        driver.get(demo.origin)
        page = Page(driver)
        assert "401 · unauthorised, as expected: there is no session" in page.perform("protected")
        assert page.kind("protected") == "expected"
        assert "No provider is offered." in driver.find_element(By.ID, "provider-missing").text
        assert not driver.find_element(By.ID, "provider").is_displayed()

        signed_up = page.perform("sign-up")
        assert page.shown("protected") == ""
        assert "200 · OK" in signed_up
        assert "none, because note_sign_up set isSignUp" in signed_up
        assert "no_session_after_sign_up returned an EmptySession" in signed_up
        assert "set isSignUp" in signed_up
        assert "RecipeImplementation.create_new_session not called" in signed_up
        assert page.state() == "No session."
        assert "as expected" in page.perform("protected")
        assert page.shown("sign-up") == ""

        signed_in = page.perform("sign-in")
        assert "200 · OK" in signed_in
        assert "new session" in signed_in
        assert "create_new_session not called" not in signed_in
        assert page.state().startswith("Session ")
        assert "200 · OK" in page.perform("protected")
        assert "same session, new tokens" in page.perform("refresh")
        page.keep_picture("demo-signed-in")

        driver.refresh()
        waiting(driver).until(lambda _: page.state().startswith("Session "))
        assert "has ended, tokens cleared" in page.perform("sign-out")
        assert page.state() == "No session."
        for action in ("protected", "refresh", "sign-out"):
            page.perform(action)
            assert page.kind(action) in {"expected", "good"}
        assert "as expected" in page.perform("protected")
        page.keep_picture("demo-signed-out")


def test_an_account_from_its_first_to_its_last_day(tmp_path: Path, driver: webdriver.Chrome) -> None:
    """The links of mails verify the address and reset the password; the password is changed, the account deleted."""
    with started_demo(tmp_path / "demo.db", "--port=0") as demo:
        driver.get(demo.origin)
        page = Page(driver)
        assert not driver.find_element(By.ID, "link").is_displayed()
        assert "as expected" in page.perform("verify")
        page.perform("sign-up")
        page.perform("sign-in")

        assert "200 · OK" in page.perform("verify")
        open_mail(driver, page, "Email verification instructions")
        assert driver.current_url == f"{demo.origin}/", "the token does not stay in the address bar"
        assert "same session, new tokens" in page.perform("link")

        assert "200 · OK" in page.perform("forgot")
        open_mail(driver, page, "Password reset instructions")
        page.fill("password", "short")
        assert "Refused password: Password must contain at least 8 characters" in page.perform("link")
        page.fill("password", "engine number 1")
        assert "with all others of the user" in page.perform("link")
        assert page.state() == "No session."
        assert "the link was used before, or is too old" in page.perform("link")
        assert "as expected" in page.perform("protected")

        assert "200 · OK" in page.perform("sign-in")
        page.fill("new-password", "short")
        assert "Refused new-password: Password must contain at least 8 characters" in page.perform("change")
        page.fill("new-password", "engine number 2")
        changed = page.perform("change")
        assert "200 · OK" in changed
        assert "goes on" in changed
        assert "The former password is another one" in page.perform("change")
        page.keep_picture("demo-account")

        page.fill("password", "engine number 2")
        assert "200 · OK" in page.perform("sign-in")
        assert "has ended, tokens cleared" in page.perform("delete")
        assert page.state() == "No session."
        assert "WRONG_CREDENTIALS_ERROR" in page.perform("sign-in")


def open_mail(driver: webdriver.Chrome, page: Page, subject: str) -> None:
    """Look at the mails until the newest is of a subject; open its link."""

    def newest(_: webdriver.Chrome) -> bool:
        lines = page.perform("mails").splitlines()
        return any(line.startswith(f"{subject} to ada@example.com") for line in lines)

    waiting(driver).until(newest)
    page.keep_picture("demo-mails")
    driver.find_element(By.LINK_TEXT, subject).click()
    waiting(driver).until(lambda _: driver.find_element(By.ID, "link").is_displayed())


def test_the_page_opens_with_the_shortest_form_of_the_example(tmp_path: Path, driver: webdriver.Chrome) -> None:
    """The first code on the page is the two overrides as they run; the two other forms open at a click."""
    with started_demo(tmp_path / "demo.db", "--port=0") as demo:
        driver.get(demo.origin)
        first, *others = driver.find_elements(By.CSS_SELECTOR, "[data-form]")
        waiting(driver).until(lambda _: "EmptySession()" in first.text)
        assert "@SignUpPost[DemoContext].override" in first.text
        assert [each.is_displayed() for each in others] == [False, False]
        for summary in driver.find_elements(By.TAG_NAME, "summary"):
            summary.click()
        assert "original_implementation.sign_up_post = sign_up_post" in others[0].text
        assert "input.userContext.isSignUp = true" in others[1].text
        Page(driver).keep_picture("demo-forms")


def test_the_page_says_why_a_form_is_refused(tmp_path: Path, driver: webdriver.Chrome) -> None:
    """What is wrong with a field stands beside it and in the result; a new step clears both."""
    with started_demo(tmp_path / "demo.db", "--port=0") as demo:
        driver.get(demo.origin)
        page = Page(driver)
        page.fill("password", "short")
        assert "Refused password: Password must contain at least 8 characters" in page.perform("sign-up")
        assert page.kind("sign-up") == "bad"
        assert "at least 8 characters" in driver.find_element(By.ID, "password-error").text
        assert driver.find_element(By.ID, "password").get_attribute("aria-invalid") is not None
        page.keep_picture("demo-refused")

        assert "nobody has signed up with this address, or the password is another one" in page.perform("sign-in")
        assert driver.find_element(By.ID, "password-error").text == ""
        page.fill("password", "analytical1")
        assert "200 · OK" in page.perform("sign-up")
        assert "Refused email: This email already exists" in page.perform("sign-up")

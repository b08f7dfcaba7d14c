"""Codes and links in Chromium: on the pre-built pages of ``supertokens-auth-react``, and by ``supertokens-web-js``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import pytest
from selenium import webdriver

from authweave.recipe import passwordless, session
from authweave.recipe.passwordless import ContactEmailOrPhoneConfig
from tests.e2e.chromium import keep_picture, somebody_else
from tests.e2e.factor_pages import Stage, staged
from tests.e2e.prebuilt_pages import NO_SESSION, SIGN_OUT

pytestmark = [pytest.mark.browser, pytest.mark.node, pytest.mark.usefixtures("driver")]

ATTEMPTS: Final = 5
UNSUCCESSFUL: Final = "Login unsuccessful. Please try again."
CREATE: Final = "return Passwordless.createCode({ email: given[0] })"
CONSUME: Final = "return Passwordless.consumeCode({ userInputCode: given[0] })"
ASK: Final = "passwordless POST /signinup/code email not-linking"
ASK_BY_PHONE: Final = "passwordless POST /signinup/code not-linking phoneNumber"
ASK_AGAIN: Final = "passwordless POST /signinup/code/resend deviceId not-linking preAuthSessionId"
WRONG_CODE: Final = "passwordless POST /signinup/code/consume deviceId not-linking preAuthSessionId userInputCode"
RIGHT_CODE: Final = f"{WRONG_CODE} front-token"
USED_LINK: Final = "passwordless POST /signinup/code/consume linkCode not-linking preAuthSessionId"
LINK: Final = f"{USED_LINK} front-token"
INVALID_LINK: Final = "Invalid magic link. Please try again."
NUMBER: Final = "+4915123456780"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, chromium: webdriver.Chrome) -> Iterator[Stage]:
    """Serve an application that sends a code and a link."""
    recipes = [passwordless.init(ContactEmailOrPhoneConfig(), "USER_INPUT_CODE_AND_MAGIC_LINK"), session.init()]
    with staged(chromium, tmp_path_factory.mktemp("passwordless"), recipes) as stage:
        yield stage


@pytest.fixture
def stage(served: Stage) -> Stage:
    """Return it, with nothing asked of it yet."""
    served.visitor.api.forget()
    return served


def asked(stage: Stage, address: str) -> tuple[str, str]:
    """Ask for a code on the page, and return it and the link, out of the mail."""
    stage.visitor.visit("/auth?mode=passwordless")
    stage.visitor.fill(email=address)
    stage.visitor.sees("An OTP and a magic link was sent to you at")
    return sent(stage, address)


def asked_by_phone(stage: Stage, number: str) -> tuple[str, str]:
    """Ask for a code on the page, and return it and the link, out of the text message."""
    stage.visitor.visit("/auth?mode=passwordless")
    stage.visitor.press("Use a Phone number")
    stage.visitor.fill(phoneNumber_text=number)
    stage.visitor.sees("An OTP and a magic link was sent to you at")
    return of_text(stage.texts.next_to(NUMBER))


def sent(stage: Stage, address: str) -> tuple[str, str]:
    """Return the code and the link of the next mail."""
    return of_text(stage.mail_to(address))


def of_text(text: str) -> tuple[str, str]:
    """Return the code and the link of a message."""
    code, link = re.search(r"\b\d{6}\b", text), re.search(r"http://localhost:\d+/\S+", text)
    assert code is not None
    assert link is not None
    return code[0], link[0]


def wrong(code: str) -> str:
    """Return another code."""
    return f"{(int(code) + 1) % 1_000_000:06}"


def at_script(stage: Stage, link: str) -> None:
    """Open a link as an application does whose page with supertokens-web-js is at its path."""
    stage.visitor.visit(link.replace("/auth/verify", "/script"))


def test_a_code(stage: Stage) -> None:
    """A wrong one is said to be wrong; the right one signs up, and the next one signs in, as the same user."""
    ada = "code@example.com"
    code, _ = asked(stage, ada)
    keep_picture(stage.driver, "factors-passwordless-code")
    stage.visitor.fill(userInputCode=wrong(code))
    stage.visitor.sees("Invalid OTP")
    stage.visitor.fill(userInputCode=code)
    user = stage.home()
    stage.visitor.asks(NO_SESSION, ASK, WRONG_CODE, RIGHT_CODE)
    stage.visitor.sign_out()
    code, _ = asked(stage, ada)
    stage.visitor.fill(userInputCode=code)
    assert stage.home() == user
    stage.visitor.asks(SIGN_OUT, ASK, RIGHT_CODE)


def test_a_link_where_it_was_asked_for(stage: Stage) -> None:
    """It signs in as it is opened; opened again, in a browser without the session, it does no more."""
    _, link = asked(stage, "link@example.com")
    stage.visitor.asks(NO_SESSION, ASK)
    stage.visitor.visit(link)
    stage.home()
    stage.visitor.asks(LINK)
    with somebody_else(stage.driver):
        stage.visitor.visit(link)
        stage.visitor.press("CONTINUE")
        stage.visitor.sees(INVALID_LINK)
        stage.visitor.asks(NO_SESSION, USED_LINK)


def test_a_link_elsewhere(stage: Stage) -> None:
    """In another browser it waits for a click, so that scanners of mail do not use it; the code is used with it."""
    code, link = asked(stage, "elsewhere@example.com")
    with somebody_else(stage.driver):
        stage.visitor.visit(link)
        stage.visitor.sees("Click the button below to log in on this device")
        stage.visitor.asks(NO_SESSION, ASK, NO_SESSION)
    with somebody_else(stage.driver):
        stage.visitor.visit(link)
        stage.visitor.press("CONTINUE")
        stage.home()
        stage.visitor.asks(NO_SESSION, LINK)
    stage.visitor.fill(userInputCode=code)
    stage.visitor.sees(UNSUCCESSFUL)


def test_a_phone(stage: Stage) -> None:
    """A code that is sent again leaves the first one good, which signs up; the link of a message signs in."""
    code, _ = asked_by_phone(stage, "+49 (1512) 345-67 80")
    keep_picture(stage.driver, "factors-passwordless-phone")
    stage.visitor.press("Resend SMS")
    stage.visitor.sees("SMS resent")
    second, _ = of_text(stage.texts.next_to(NUMBER))
    assert second != code
    stage.visitor.fill(userInputCode=code)
    user = stage.home()
    stage.visitor.asks(NO_SESSION, ASK_BY_PHONE, ASK_AGAIN, RIGHT_CODE)
    stage.visitor.sign_out()
    _, link = asked_by_phone(stage, NUMBER)
    stage.visitor.visit(link)
    assert stage.home() == user
    stage.visitor.asks(SIGN_OUT, ASK_BY_PHONE, LINK)


def test_pages_of_ones_own(stage: Stage) -> None:
    """By supertokens-web-js: a code that is sent again leaves the first one good; a link has all that a page needs."""
    ada = "own-pages@example.com"
    assert stage.run(CREATE, ada)["flowType"] == "USER_INPUT_CODE_AND_MAGIC_LINK"
    code, _ = sent(stage, ada)
    assert stage.run("return Passwordless.resendCode()")["status"] == "OK"
    second, link = sent(stage, ada)
    assert second != code
    refused = stage.run(CONSUME, wrong(code))
    assert (refused["status"], refused["failedCodeInputAttemptCount"]) == ("INCORRECT_USER_INPUT_CODE_ERROR", 1)
    made = stage.run(CONSUME, code)
    assert (made["status"], made["createdNewRecipeUser"], made["user"]["emails"]) == ("OK", True, [ada])
    assert stage.run("return Session.getUserId()") == made["user"]["id"]
    assert stage.run("return Passwordless.doesEmailExist({ email: given[0] })", ada)["doesExist"] is True
    stage.run("return Session.signOut()")

    stage.run(CREATE, ada)
    _, link = sent(stage, ada)
    at_script(stage, link)
    by_link = stage.run("return Passwordless.consumeCode()")
    assert (by_link["status"], by_link["createdNewRecipeUser"]) == ("OK", False)
    assert stage.run("return Passwordless.consumeCode()")["status"] == "RESTART_FLOW_ERROR"


def test_a_code_by_text_message(stage: Stage) -> None:
    """By supertokens-web-js: a number is one however it is written, and its user has it."""
    written = ("+49 (1512) 345-67 89", "+4915123456789")
    users: list[str] = []
    for each in written:
        assert stage.run("return Passwordless.createCode({ phoneNumber: given[0] })", each)["status"] == "OK"
        found = re.search(r"\b\d{6}\b", stage.texts.next_to(written[1]))
        assert found is not None
        answer = stage.run(CONSUME, found[0])
        assert answer["user"]["phoneNumbers"] == [written[1]]
        users.append(answer["user"]["id"])
    assert users[0] == users[1]


def test_a_code_that_is_guessed_at(stage: Stage) -> None:
    """The fifth wrong one ends it: neither the code nor the link is good any more, and asking again helps."""
    ada = "guessed@example.com"
    stage.run(CREATE, ada)
    code, link = sent(stage, ada)
    for number in range(1, ATTEMPTS):
        refused = stage.run(CONSUME, wrong(code))
        assert refused["status"] == "INCORRECT_USER_INPUT_CODE_ERROR"
        assert (refused["failedCodeInputAttemptCount"], refused["maximumCodeInputAttempts"]) == (number, ATTEMPTS)
    for each in (wrong(code), code):
        assert stage.run(CONSUME, each)["status"] == "RESTART_FLOW_ERROR"
    at_script(stage, link)
    assert stage.run("return Passwordless.consumeCode()")["status"] == "RESTART_FLOW_ERROR"
    stage.run(CREATE, ada)
    code, _ = sent(stage, ada)
    assert stage.run(CONSUME, code)["status"] == "OK"

"""Second factors in Chromium: on the pre-built pages of ``supertokens-auth-react``, and by ``supertokens-web-js``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, cast

import attrs
import httpx2
import pytest
from pyotp.totp import TOTP
from selenium import webdriver
from selenium.webdriver.common.by import By

from authweave import UserContext
from authweave.recipe import (
    accountlinking,
    emailpassword,
    multifactorauth,
    passwordless,
    session,
    totp,
    webauthn,
)
from authweave.recipe.accountlinking import AccountInfoWithRecipeIdAndUserId, ShouldAutomaticallyLink
from authweave.recipe.multifactorauth import MultiFactorAuthRecipe
from authweave.recipe.passwordless import ContactEmailOrPhoneConfig
from authweave.recipe.session import SessionContainer
from authweave.recipe.webauthn import WebauthnConfig
from authweave.types import User
from tests.e2e.chromium import keep_picture
from tests.e2e.factor_pages import Stage, add_authenticator, staged
from tests.e2e.prebuilt_pages import NO_SESSION, SIGN_OUT
from tests.integration.http.serving import PASSWORD, form
from tests.patience import PATIENCE_S

pytestmark = [pytest.mark.browser, pytest.mark.node, pytest.mark.usefixtures("driver")]

STEP_MS: Final = 30_000
ATTEMPTS: Final = 5
INVALID_CODE: Final = "Invalid TOTP"

SIGN_IN: Final = ("emailpassword POST /signin formFields not-linking front-token", "multifactorauth PUT /mfa/info {}")
"""Signing in, and what is asked then of a session that lacks a factor."""

ADD_APP: Final = "totp POST /totp/device {}"
REMOVE_APP: Final = "totp POST /totp/device/remove deviceName"
WRONG_FIRST_CODE: Final = "totp POST /totp/device/verify deviceName totp"
WRONG_CODE: Final = "totp POST /totp/verify totp"
ASK_FOR_MAIL: Final = "passwordless POST /signinup/code email linking"
ASK_FOR_TEXT: Final = "passwordless POST /signinup/code linking phoneNumber"
WRONG_OTP: Final = "passwordless POST /signinup/code/consume deviceId linking preAuthSessionId userInputCode"
OTP: Final = f"{WRONG_OTP} front-token"
MAKE_PASSKEY: Final = (
    "webauthn POST /webauthn/options/register email",
    "webauthn POST /webauthn/signup credential linking webauthnGeneratedOptionsId front-token",
)
USE_PASSKEY: Final = (
    "webauthn POST /webauthn/options/signin {}",
    "webauthn POST /webauthn/signin credential linking webauthnGeneratedOptionsId front-token",
)


async def link_all(
    _account: AccountInfoWithRecipeIdAndUserId,
    _user: User | None,
    _session: SessionContainer | None,
    _tenant_id: str,
    _user_context: UserContext,
) -> ShouldAutomaticallyLink:
    """Link whatever there is: second factors are login methods of the same user."""
    return ShouldAutomaticallyLink(should_require_verification=False)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, chromium: webdriver.Chrome) -> Iterator[Stage]:
    """Serve an application in which each factor may be required."""
    recipes = [
        emailpassword.init(),
        passwordless.init(ContactEmailOrPhoneConfig(), "USER_INPUT_CODE_AND_MAGIC_LINK"),
        webauthn.init(WebauthnConfig()),
        totp.init(),
        accountlinking.init(should_do_automatic_account_linking=link_all),
        multifactorauth.init(),
        session.init(),
    ]
    with staged(chromium, tmp_path_factory.mktemp("factors"), recipes) as stage:
        yield stage


@pytest.fixture
def stage(served: Stage) -> Stage:
    """Return it, with nothing asked of it yet."""
    served.visitor.api.forget()
    return served


def sign_up(stage: Stage, address: str, *factors: str) -> str:
    """Sign somebody up, of whom one of these factors is required; he goes to the page on which he signs in."""
    answer = httpx2.post(f"{stage.visitor.origin}/auth/signup", json=form(address), timeout=PATIENCE_S)
    user_id = cast("str", answer.json()["user"]["id"])  # the wire contract's
    required = stage.auth.recipe(MultiFactorAuthRecipe).functions.add_to_required_secondary_factors_for_user
    for each in factors:
        stage.auth.run_blocking(required(user_id, each, {}))
    stage.visitor.visit("/auth?mode=factors&show=signin")
    return user_id


def sign_in(stage: Stage, address: str) -> None:
    """Sign somebody in with the password."""
    stage.visitor.fill(email=address, password=PASSWORD)


@attrs.frozen
class CodeApp:
    """An app that makes codes of a secret, by the application's clock."""

    stage: Stage
    secret: str

    def next_code(self) -> str:
        """Let a step go by, and return its code: each step is good once."""
        self.stage.clock.now_ms += STEP_MS
        return TOTP(self.secret).at(self.stage.clock.now_ms // 1000)

    def wrong(self) -> str:
        """Return a code that is none of those that are near."""
        now = self.stage.clock.now_ms // STEP_MS
        near = {TOTP(self.secret).generate_otp(now + steps) for steps in range(-3, 4)}
        return next(each for each in map("{:06}".format, range(10)) if each not in near)


def set_up_app(stage: Stage) -> CodeApp:
    """Read the secret of the page that sets up an app, as people do who cannot scan; the QR code is beside it."""
    stage.visitor.sees("Add a TOTP device")
    assert stage.driver.find_elements(By.CSS_SELECTOR, "[data-supertokens~=totpDeviceQR]")
    stage.visitor.press("secret key")
    return CodeApp(stage, stage.visitor.shown("totpSecret"))


def test_an_app_that_makes_codes(stage: Stage) -> None:
    """It is set up where it is required, and asked for from then on, on every page; a code is good once."""
    ada = "totp@example.com"
    user = sign_up(stage, ada, "totp")
    sign_in(stage, ada)
    app = set_up_app(stage)
    keep_picture(stage.driver, "factors-totp-set-up")
    stage.visitor.asks(NO_SESSION, *SIGN_IN, ADD_APP)
    stage.visitor.fill(totp=app.wrong())
    stage.visitor.sees(INVALID_CODE)
    used = app.next_code()
    stage.visitor.fill(totp=used)
    assert stage.home() == user
    stage.visitor.asks(WRONG_FIRST_CODE, f"{WRONG_FIRST_CODE} front-token")
    stage.visitor.sign_out()

    sign_in(stage, ada)
    stage.visitor.sees("Enter TOTP")
    stage.visitor.visit("/home")
    stage.visitor.sees("Enter TOTP")
    stage.visitor.asks(SIGN_OUT, *SIGN_IN)
    stage.visitor.fill(totp=used)
    stage.visitor.sees(INVALID_CODE)
    stage.visitor.fill(totp=app.next_code())
    assert stage.home() == user
    stage.visitor.asks(WRONG_CODE, f"{WRONG_CODE} front-token")


def test_an_app_whose_codes_are_guessed(stage: Stage) -> None:
    """After five wrong codes the page says that the account is locked; the right one helps once time has gone by."""
    ada = "guessed-totp@example.com"
    user = sign_up(stage, ada, "totp")
    sign_in(stage, ada)
    app = set_up_app(stage)
    stage.visitor.fill(totp=app.next_code())
    stage.home()
    for number in range(1, ATTEMPTS + 1):
        refused = stage.run("return Totp.verifyCode({ totp: given[0] })", app.wrong())
        assert refused["status"] == "INVALID_TOTP_ERROR"
        assert (refused["currentNumberOfFailedAttempts"], refused["maxNumberOfFailedAttempts"]) == (number, ATTEMPTS)
    assert stage.run("return Totp.verifyCode({ totp: given[0] })", app.next_code())["status"] == "LIMIT_REACHED_ERROR"
    stage.run("return Session.signOut()")
    stage.visitor.visit("/auth?mode=factors")
    sign_in(stage, ada)
    stage.visitor.fill(totp=app.next_code())
    stage.visitor.sees("Account locked")
    keep_picture(stage.driver, "factors-totp-locked")
    stage.clock.now_ms += 900_000
    stage.visitor.visit("/home")
    stage.visitor.fill(totp=app.next_code())
    assert stage.home() == user


def code_of(text: str) -> str:
    """Return the code of a message, which has no link."""
    assert "http" not in text
    code = re.search(r"\b\d{6}\b", text)
    assert code is not None
    return code[0]


def test_a_code_by_mail(stage: Stage) -> None:
    """It is sent as the page opens, without a link; a wrong one is said to be wrong; the session goes on."""
    ada = "otp@example.com"
    user = sign_up(stage, ada, "otp-email")
    for left in (NO_SESSION, SIGN_OUT):
        sign_in(stage, ada)
        stage.visitor.sees("An OTP was sent to you at")
        code = code_of(stage.mail_to(ada))
        keep_picture(stage.driver, "factors-otp-email")
        stage.visitor.asks(left, *SIGN_IN, ASK_FOR_MAIL)
        stage.visitor.fill(userInputCode=f"{(int(code) + 1) % 1_000_000:06}")
        stage.visitor.sees("Invalid OTP")
        stage.visitor.fill(userInputCode=code)
        assert stage.home() == user
        stage.visitor.asks(WRONG_OTP, OTP)
        stage.visitor.sign_out()


def test_a_code_by_text_message(stage: Stage) -> None:
    """The page asks for the number once, which is the account's from then on, and has a code sent as it opens."""
    ada, number = "otp-phone@example.com", "+4915123456781"
    user = sign_up(stage, ada, "otp-phone")
    sign_in(stage, ada)
    stage.visitor.field("phoneNumber_text")
    stage.visitor.asks(NO_SESSION, *SIGN_IN)
    stage.visitor.fill(phoneNumber_text="+49 1512 3456781")
    stage.visitor.fill(userInputCode=code_of(stage.texts.next_to(number)))
    assert stage.home() == user
    stage.visitor.asks(ASK_FOR_TEXT, OTP)
    stage.visitor.sign_out()

    sign_in(stage, ada)
    code = code_of(stage.texts.next_to(number))
    stage.visitor.sees("An OTP was sent to you at")
    keep_picture(stage.driver, "factors-otp-phone")
    stage.visitor.fill(userInputCode=code)
    assert stage.home() == user
    stage.visitor.asks(SIGN_OUT, *SIGN_IN, ASK_FOR_TEXT, OTP)


def test_a_passkey(stage: Stage) -> None:
    """It is made where it is required, and used from then on; an authenticator without it does not do."""
    ada = "passkey-too@example.com"
    add_authenticator(stage.driver)
    user = sign_up(stage, ada, "webauthn")
    sign_in(stage, ada)
    stage.visitor.sees("Register a passkey")
    keep_picture(stage.driver, "factors-passkey-set-up")
    stage.visitor.asks(NO_SESSION, *SIGN_IN)
    stage.visitor.press("CONTINUE")
    assert stage.home() == user
    stage.visitor.asks(*MAKE_PASSKEY)
    stage.visitor.sign_out()
    sign_in(stage, ada)
    stage.visitor.sees("Use a Passkey")
    stage.visitor.asks(SIGN_OUT, *SIGN_IN)
    stage.visitor.press("CONTINUE")
    assert stage.home() == user
    stage.visitor.asks(*USE_PASSKEY)


def test_a_choice(stage: Stage) -> None:
    """Of several factors one is chosen; who turns back may choose another one, or sign out."""
    ada = "choice@example.com"
    user = sign_up(stage, ada, "totp", "otp-email")
    sign_in(stage, ada)
    stage.visitor.sees("Please select a factor")
    assert "Passkeys" not in stage.visitor.text()
    keep_picture(stage.driver, "factors-choice")
    stage.visitor.choose("TOTP")
    app = set_up_app(stage)
    stage.visitor.asks(NO_SESSION, *SIGN_IN, ADD_APP)
    stage.visitor.press("Logout")
    sign_in(stage, ada)
    stage.visitor.choose("TOTP")
    assert set_up_app(stage).secret != app.secret
    stage.visitor.asks(REMOVE_APP, SIGN_OUT, *SIGN_IN, ADD_APP)
    stage.driver.back()
    stage.visitor.choose("Email based OTP")
    stage.visitor.fill(userInputCode=code_of(stage.mail_to(ada)))
    assert stage.home() == user

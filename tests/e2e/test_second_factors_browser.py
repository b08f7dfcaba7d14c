"""Second factors in Chromium: on the pre-built pages of ``supertokens-auth-react``, and by ``supertokens-web-js``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import attrs
import pytest
from pyotp import TOTP
from selenium import webdriver
from selenium.webdriver.common.by import By

from tests.e2e.chromium import keep_picture
from tests.e2e.factor_pages import Stage, first_factors_and_second, staged

pytestmark = [pytest.mark.browser, pytest.mark.node, pytest.mark.usefixtures("driver")]

STEP_MS: Final = 30_000
LIMIT_MS: Final = 900_000
WRONG: Final = "000000"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, chromium: webdriver.Chrome) -> Iterator[Stage]:
    """Serve an application in which each factor may be required."""
    with staged(chromium, tmp_path_factory.mktemp("factors"), first_factors_and_second()) as stage:
        yield stage


@attrs.frozen
class CodeApp:
    """An app that makes codes of a secret, by the application's clock."""

    stage: Stage
    secret: str

    def next_code(self) -> str:
        """Let a step go by, and return its code: each step is good once."""
        self.stage.clock.now_ms += STEP_MS
        return TOTP(self.secret).at(self.stage.clock.now_ms // 1000)


def set_up_app(stage: Stage) -> CodeApp:
    """Read the secret of the page that sets up an app, as people do who cannot scan; the QR code is beside it."""
    stage.visitor.sees("Add a TOTP device")
    assert stage.driver.find_elements(By.CSS_SELECTOR, "[data-supertokens~=totpDeviceQR]")
    stage.visitor.press("secret key")
    return CodeApp(stage, stage.visitor.shown("totpSecret"))


def test_an_app_that_makes_codes(stage: Stage) -> None:
    """It is set up where it is required, and asked for from then on; a code is good once, and five wrong ones lock."""
    ada = "totp@example.com"
    user = stage.sign_up(ada, "totp")
    stage.sign_in(ada)
    app = set_up_app(stage)
    keep_picture(stage.driver, "factors-totp-set-up")
    stage.visitor.fill(totp=WRONG)
    stage.visitor.sees("Invalid TOTP")
    used = app.next_code()
    stage.visitor.fill(totp=used)
    assert stage.home() == user
    stage.visitor.press("SIGN OUT")

    stage.sign_in(ada)
    stage.visitor.sees("Enter TOTP")
    stage.visitor.visit("/home")
    stage.visitor.sees("Enter TOTP")
    stage.visitor.fill(totp=used)
    stage.visitor.sees("Invalid TOTP")
    stage.visitor.fill(totp=app.next_code())
    assert stage.home() == user
    stage.visitor.press("SIGN OUT")
    print(stage.visitor.text())

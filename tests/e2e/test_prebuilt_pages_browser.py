"""What people do on the pre-built pages of ``supertokens-auth-react``, in Chromium (accounts contract, section 16)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from authweave import App, InputAppInfo, init
from authweave.recipe import emailpassword, session
from authweave.security import PasswordHasher
from tests.e2e.demo_browser import browser
from tests.e2e.prebuilt_pages import Visitor, serving_pages
from tests.integration.http.serving import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.node]

ADDRESS = "ada@example.com"


@pytest.fixture
def visitor(tmp_path: Path) -> Iterator[Visitor]:
    """Open the pages in front of an application without verification."""

    def make_app(origin: str) -> App:
        return init(
            InputAppInfo(app_name="Pages", api_domain=origin, website_domain=origin),
            [emailpassword.init(), session.init()],
            storage=f"sqlite:///{tmp_path / 'auth.db'}",
            passwords=PasswordHasher(memory_kib=8, time_cost=1),
            default=False,
        )

    with serving_pages(make_app, tmp_path) as origin, browser(tmp_path / "profile") as driver:
        yield Visitor(driver, origin)


def test_signing_up_and_in(visitor: Visitor) -> None:
    """The pages sign up, out and in, and say when the password is wrong."""
    visitor.visit("/auth?mode=none&show=signup")
    visitor.fill(email=ADDRESS, password=PASSWORD)
    visitor.sees("You are ")
    visitor.press("SIGN OUT")
    visitor.fill(email=ADDRESS, password="another password 1")
    visitor.sees("Incorrect email and password combination")
    visitor.fill(email=ADDRESS, password=PASSWORD)
    visitor.sees("You are ")

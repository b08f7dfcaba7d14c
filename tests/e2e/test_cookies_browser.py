"""Cookies in Chromium: those that another host of the site has set, and those that a browser does not keep."""

from __future__ import annotations

from pathlib import Path

import pytest

from authweave.recipe import session
from tests.e2e.cookie_site import API, BESIDE, site

pytestmark = pytest.mark.browser


def test_cookies_that_a_page_beside_has_set(tmp_path: Path) -> None:
    """Whatever another host of the site sets beside our cookies, its visitors stay signed in, and sign in again."""
    with site(tmp_path, session.init()) as opened:
        opened.visit(API)
        assert opened.sign_up().status == 200
        opened.visit(BESIDE)
        for cookie in (
            "sAccessToken=x; path=/me",
            "sAccessToken=x; path=/",
            "sRefreshToken=x; path=/auth/session",
            "sRefreshToken=x; path=/auth/session/refresh",
            "sIdRefreshToken=x; path=/",
        ):
            opened.set_cookie(f"{cookie}; domain=site.test")
        opened.visit(API)
        refreshed = opened.fetch("/auth/session/refresh", {})
        assert (refreshed.status, refreshed.text) == (200, "{}")
        assert opened.fetch("/me").status == 200
        assert opened.fetch("/auth/signout", {}).status == 200
        assert opened.fetch("/me").status == 401
        assert opened.fetch("/auth/session/refresh", {}).status == 401
        assert (
            opened.fetch(
                "/auth/signin",
                {
                    "formFields": [
                        {"id": "email", "value": "ada@example.com"},
                        {"id": "password", "value": "correct horse 1"},
                    ]
                },
            ).status
            == 200
        )
        assert opened.fetch("/auth/session/refresh", {}).status == 200
        assert opened.fetch("/me").status == 200

"""Cookies in Chromium: those that another host of the site has set, and those that a browser does not keep."""

from __future__ import annotations

from pathlib import Path

import pytest

from authweave.recipe import session
from tests.certificates import loopback_certificate
from tests.e2e.cookie_site import API, BESIDE, ELSEWHERE, site

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


def test_what_a_browser_keeps(tmp_path: Path) -> None:
    """
    Chromium keeps the largest session that is created, and its front token as the frontends write it.

    It drops a cookie whose name and value have 4,097 bytes and keeps one of 4,096, so the limit is where it has to be:
    there the attributes are counted too, as RFC 6265 has it.
    """
    with site(tmp_path, session.init()) as opened:
        opened.visit(API)
        for length in (4_096, 4_097):
            name = f"kept-{length}"
            opened.set_cookie(f"{name}={'x' * (length - len(name))}; path=/")
        assert [name for name in opened.held() if name.startswith("kept")] == ["kept-4096"]

        assert opened.sign_up().status == 200
        low, high = 0, 4_000
        while high - low > 1:
            size = (low + high) // 2
            merged = opened.fetch(f"/merge/{size}", {})
            if merged.status == 200:
                assert opened.fetch("/me").status == 200
                low = size
                frontend = f"sFrontToken={merged.front_token};expires=Fri, 31 Dec 9999 23:59:59 GMT;path=/;samesite=lax"
                opened.set_cookie(frontend)
                assert opened.held()["sFrontToken"] == merged.front_token
            else:
                assert "ClaimsTooLargeError" in merged.text
                high = size
        kept = opened.held()["sAccessToken"]
        assert 3_900 < len(kept) <= 4_096 - len("sAccessToken")
        assert opened.fetch("/auth/session/refresh", {}).status == 200
        assert opened.fetch("/me").status == 200


@pytest.mark.parametrize("partitioned", [True, False])
def test_an_application_in_a_foreign_frame(tmp_path: Path, partitioned: bool) -> None:
    """
    In a frame of another site the browser keeps partitioned cookies, and no others.

    They stay apart from those that it keeps of the API on its own pages, and go when one signs out.
    """
    recipe = session.init(cookie_same_site="none", cookie_partitioned=partitioned)
    certificate = loopback_certificate(tmp_path)
    with site(tmp_path, recipe, "--test-third-party-cookie-phaseout", certificate=certificate) as opened:
        opened.visit_framed(ELSEWHERE, API)
        assert opened.sign_up().status == 200
        if not partitioned:
            assert opened.fetch("/me").status == 401
            return
        assert opened.fetch("/me").status == 200
        assert opened.fetch("/auth/session/refresh", {}).status == 200
        opened.visit(API)
        assert opened.fetch("/me").status == 401
        opened.visit_framed(ELSEWHERE, API)
        assert opened.fetch("/me").status == 200
        assert opened.fetch("/auth/signout", {}).status == 200
        assert opened.fetch("/me").status == 401
        assert "sAccessToken" not in opened.held()
        assert "sRefreshToken" not in opened.held()

"""Settings of sessions in the manner of SuperTokens, over real HTTP: in its order, and None for the default."""

from __future__ import annotations

import logging
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from authweave.app import init
from authweave.recipe import emailpassword, session
from authweave.security import PasswordHasher
from authweave.types import BaseRequest, BaseResponse, InputAppInfo
from tests.patience import PATIENCE_S

from .conftest import web_app
from .serving import COOKIES, bearer, jwt_part, serving, set_cookies, sign_up


@contextmanager
def served(folder: Path, recipe: session.SessionSetup) -> Generator[httpx2.Client]:
    """Serve an application for a block."""
    auth = init(
        InputAppInfo("Settings", api_domain="http://localhost:8000", website_domain="http://localhost:3000"),
        [emailpassword.init(), recipe],
        storage=f"sqlite:///{folder / 'auth.db'}",
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        default=False,
    )
    with serving(web_app(auth)) as address, httpx2.Client(base_url=address, verify=False, timeout=PATIENCE_S) as client:
        yield client
    auth.close()


def test_none_is_the_default_everywhere(tmp_path: Path) -> None:
    """With None for everything the key rotates, the status codes are the usual ones, and no cookie is exposed."""
    recipe = session.init(None, None, None, None, None, None, None, None, None, None, None, None, None)
    with served(tmp_path, recipe) as client:
        by_header = sign_up(client, "ada@example.com")
        assert str(jwt_part(by_header.headers["st-access-token"], 0)["kid"]).startswith("d-")
        by_cookie = sign_up(client, "bob@example.com", COOKIES)
        assert "st-access-token" not in by_cookie.headers
        assert "SameSite=Lax" in set_cookies(by_cookie)["sAccessToken"]
        client.cookies.clear()
        assert client.get("/me").status_code == 401


def in_capitals(_request: BaseRequest, message: str, response: BaseResponse) -> BaseResponse:
    """Answer in capitals."""
    response.set_json_content({"message": message.upper()})
    return response


def test_settings_by_position(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Each setting has its place; that which has no effect is named in the log, once, with where to read more."""
    handlers = session.InputErrorHandlers(on_unauthorised=in_capitals)
    with caplog.at_level(logging.INFO, "authweave.moved"):
        recipe = session.init(
            None, None, False, "strict", 440, "NONE", lambda _request, _new, _context: "cookie", handlers, None, 441,
            False, True, 3600,
        )  # fmt: skip
    (said,) = [each for each in caplog.records if each.name == "authweave.moved"]
    assert "jwks_refresh_interval_sec" in said.getMessage()
    assert "M15" in said.getMessage()
    with served(tmp_path, recipe) as client:
        signed_up = sign_up(client, "ada@example.com")
        assert "SameSite=Strict" in set_cookies(signed_up)["sAccessToken"]
        assert str(jwt_part(signed_up.headers["st-access-token"], 0)["kid"]).startswith("s-")
        assert client.get("/me").status_code == 200
        client.cookies.clear()
        refused = client.get("/me", headers=bearer(signed_up))
        assert refused.status_code == 440
        assert refused.json()["message"].startswith("THERE IS NO SESSION")

"""Pages of other origins in Chromium: they sign nobody in and nobody out (docs/reference/http.md, Bodies)."""

from __future__ import annotations

import json
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final, cast
from urllib.parse import urlsplit

import attrs
import httpx2
import pytest
from fastapi import FastAPI
from selenium import webdriver
from selenium.webdriver.common.by import By
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from authweave import InputAppInfo, UserContext, init
from authweave.framework.fastapi import get_middleware
from authweave.recipe import emailpassword, session
from authweave.recipe.session.types import AntiCsrfMode, AnyTransferMethod
from authweave.security import PasswordHasher
from authweave.types import BaseRequest
from tests.e2e.chromium import waiting
from tests.integration.http.conftest import add_routes
from tests.integration.http.serving import form, serving
from tests.patience import PATIENCE_S

pytestmark = pytest.mark.browser

MALLORY: Final = "mallory@example.com"
ADA: Final = "ada@example.com"


def by_cookie(request: BaseRequest, creating: bool, user_context: UserContext) -> AnyTransferMethod:
    """Have all tokens travel by cookie, as docs/how-to/header-or-cookie.md shows."""
    del request, creating, user_context
    return "cookie"


def form_page(action: str, enctype: str, name: str = "a", value: str = "b") -> str:
    """Return a page that sends a form as soon as it is opened."""
    quoted = (text.replace("&", "&amp;").replace('"', "&quot;") for text in (name, value))
    field = '<input name="{}" value="{}">'.format(*quoted)
    sent = f'<form method="post" action="{action}" enctype="{enctype}">{field}</form>'
    return f"{sent}<script>document.forms[0].submit()</script>"


def script_page(action: str, body: str) -> str:
    """Return a page whose script sends a body of no type, asks nobody and learns nothing; it says when it is done."""
    options = f'{{method: "POST", mode: "no-cors", credentials: "include", body: new Blob([{json.dumps(body)}])}}'
    return f'<script>fetch("{action}", {options}).finally(() => document.body.append("done"))</script><body></body>'


def bare_script_page(action: str) -> str:
    """Return a page whose script sends no body, and so asks nobody either; it says when it is done."""
    options = '{method: "POST", credentials: "include"}'
    done = '() => document.body.append("done")'
    return f'<script>fetch("{action}", {options}).then({done}, {done})</script><body></body>'


def json_in_a_form(action: str, address: str) -> str:
    """Return a page whose form, as plain text, reads as JSON."""
    start, end = json.dumps({**form(address), "rest": "="}).split("=")
    return form_page(action, "text/plain", start, end)


@attrs.frozen
class World:
    """
    An API, a visitor's browser, and the pages of somebody else.

    Attributes:
        api: the API's address, at localhost.
        elsewhere: that of a server of another site; it serves ``pages``.
        sibling: that of the same pages at another origin of the API's site.
    """

    driver: webdriver.Chrome
    api: str
    elsewhere: str
    sibling: str
    pages: dict[str, str]

    def open(self, url: str) -> str:
        """Open a page and return what it shows."""
        self.driver.get(url)
        return self.driver.find_element(By.TAG_NAME, "body").text

    def visit(self, host: str, page: str) -> None:
        """Have the visitor open a page of somebody else, and wait until it has done what it does."""
        self.pages["/attack"] = page
        self.driver.get(f"{host}/attack")
        waiting(self.driver).until(
            lambda driver: (
                driver.current_url.startswith(self.api) or driver.find_element(By.TAG_NAME, "body").text == "done"
            )
        )

    def sign_in(self, address: str) -> None:
        """Sign the visitor in at a page of the API's own, by a script as every frontend has one."""
        self.driver.get(f"{self.api}/auth/health/live")
        headers = {"content-type": "application/json", "rid": "anti-csrf", "st-auth-mode": "cookie"}
        status = self.driver.execute_async_script(  # pyright: ignore[reportUnknownMemberType]  selenium's *args
            "const [body, headers, done] = arguments;"
            "fetch('/auth/signin', {method: 'POST', body, headers}).then(each => done(each.status))",
            json.dumps(form(address)),
            headers,
        )
        assert status == 200
        assert self.user() != ""

    def user(self) -> str:
        """Return whom the API takes the visitor for; nothing for nobody."""
        shown = cast("dict[str, str | None]", json.loads(self.open(f"{self.api}/maybe")))  # the route's JSON
        return shown.get("user") or ""

    def cookies(self) -> set[str]:
        """Return the cookies that the visitor's browser has of the API, those for refreshing among them."""
        self.open(f"{self.api}/auth/session/refresh")  # 404 for a GET, at the path of the refresh cookie
        held = cast("list[dict[str, object]]", self.driver.get_cookies())  # pyright: ignore[reportUnknownMemberType]  selenium's dict
        return {str(cookie["name"]) for cookie in held}


@contextmanager
def world(profile: Path, driver: webdriver.Chrome, recipe: session.SessionSetup) -> Generator[World]:
    """Serve an API and the pages of somebody else, for a block; Mallory and Ada have accounts."""
    pages: dict[str, str] = {}

    async def page(request: Request) -> HTMLResponse:
        return HTMLResponse(pages[request.url.path])

    auth = init(
        InputAppInfo("Victim", "http://localhost:8000", website_domain="http://localhost:3000"),
        [emailpassword.init(), recipe],
        storage=f"sqlite:///{profile / 'auth.db'}",
        passwords=PasswordHasher(memory_kib=8, time_cost=1),
        default=False,
    )
    app = FastAPI()
    app.add_middleware(get_middleware(), app=auth)
    add_routes(app)
    theirs = Starlette(routes=[Route("/attack", page)])
    with ExitStack() as stack:
        stack.callback(auth.close)
        api, elsewhere = (stack.enter_context(serving(each)) for each in (app, theirs))
        for address in (MALLORY, ADA):
            httpx2.post(f"{api}/auth/signup", json=form(address), timeout=PATIENCE_S).raise_for_status()
        driver.get(f"http://localhost:{urlsplit(api).port}/auth/session/refresh")
        driver.delete_all_cookies()
        at_localhost = [f"http://localhost:{urlsplit(each).port}" for each in (api, elsewhere)]
        yield World(driver, at_localhost[0], elsewhere, at_localhost[1], pages)


ANTI_CSRF = pytest.mark.parametrize("anti_csrf", ["NONE", "VIA_CUSTOM_HEADER", "VIA_TOKEN"])


@ANTI_CSRF
def test_nobody_is_signed_in_as_somebody_else(
    tmp_path: Path, driver: webdriver.Chrome, anti_csrf: AntiCsrfMode
) -> None:
    """A form that reads as JSON, of another site or of a sibling, a urlencoded one, and a script without a type."""
    recipe = session.init(get_token_transfer_method=by_cookie, anti_csrf=anti_csrf)
    with world(tmp_path, driver, recipe) as here:
        attacks = {
            "sign-in": json_in_a_form(f"{here.api}/auth/signin", MALLORY),
            "sign-in for a tenant": json_in_a_form(f"{here.api}/auth/public/signin", MALLORY),
            "sign-up": json_in_a_form(f"{here.api}/auth/signup", "new@example.com"),
            "urlencoded": form_page(
                f"{here.api}/auth/signin", "application/x-www-form-urlencoded", json.dumps(form(MALLORY)), ""
            ),
            "script": script_page(f"{here.api}/auth/signin", json.dumps(form(MALLORY))),
        }
        for name, page in attacks.items():
            here.visit(here.elsewhere, page)
            assert here.user() == "", name
        here.visit(here.sibling, attacks["sign-in"])
        assert here.user() == ""
        here.sign_in(ADA)
        ada = here.user()
        here.visit(here.elsewhere, attacks["sign-in"])
        assert here.user() == ada


@pytest.mark.parametrize(
    "recipe",
    [
        session.init(),
        session.init(anti_csrf="VIA_TOKEN"),
        session.init(cookie_same_site="none", cookie_secure=True),  # and VIA_CUSTOM_HEADER
    ],
    ids=["Lax", "Lax, VIA_TOKEN", "None"],
)
def test_nobody_is_signed_out(tmp_path: Path, driver: webdriver.Chrome, recipe: session.SessionSetup) -> None:
    """Forms and scripts that refresh or sign out, of another site and of a sibling, leave the visitor as he was."""
    with world(tmp_path, driver, recipe) as here:
        here.sign_in(ADA)
        ada = here.user()
        assert here.cookies() == {"sAccessToken", "sRefreshToken"}
        for path in ("/auth/session/refresh", "/auth/signout"):
            for page in (
                form_page(here.api + path, "application/x-www-form-urlencoded"),
                script_page(here.api + path, ""),
                bare_script_page(here.api + path),
            ):
                for host in (here.elsewhere, here.sibling):
                    here.visit(host, page)
                    assert here.user() == ada, (path, page, host)
        assert here.cookies() == {"sAccessToken", "sRefreshToken"}
